"""Participants of tasks: OX names people by id, iCalendar by address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gateway.account.directory import People
from gateway.ox.tasks import Task

if TYPE_CHECKING:
    from gateway.account.account import Account

_USER, _GROUP, _RESOURCE, _EXTERNAL = 1, 2, 3, 5

Participant = Mapping[str, Any]


async def with_people(account: Account, found: Sequence[Task]) -> list[Task]:
    """The tasks with ``mail`` and ``display_name`` of their participants and, as ``creator``, of who made them. No
    upstream call when nobody takes part, else one in some minutes. Raises OXError."""
    if not any(task.get("participants") or task.get("users") for task in found):
        return list(found)
    people = await account.directory.people()
    return [
        task
        | {
            "participants": [_named(each, each.get("type"), people) for each in task.get("participants") or ()],
            "users": [_named(each, _USER, people) for each in task.get("users") or ()],
            "creator": _named({"id": task.get("created_by")}, _USER, people),
        }
        for task in found
    ]


async def recognised(account: Account, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields to write, with users and resources of this OX instead of strangers with their addresses. Upstream calls
    as ``with_people``."""
    participants = fields.get("participants")
    if not participants or all(each.get("type") != _EXTERNAL for each in participants):
        return fields
    people = await account.directory.people()
    known = {
        mail.lower(): {"type": _USER, "id": int(user.id)}
        for user in people.users.values()
        for mail in user.mail_addresses
    }
    known |= {
        resource.mail_address.lower(): {"type": _RESOURCE, "id": int(resource.id)}
        for resource in people.resources.values()
        if resource.mail_address
    }
    found = [
        known.get(str(each.get("mail")).lower(), each) if each.get("type") == _EXTERNAL else each
        for each in participants
    ]
    return fields | {"participants": [each for at, each in enumerate(found) if each not in found[:at]]}


def _named(participant: Participant, kind: object, people: People) -> dict[str, Any]:
    """A participant with address and name, as far as OX has them."""
    key = str(participant.get("id"))
    more: dict[str, str | None] = {}
    if kind == _USER and (user := people.users.get(key)) is not None:
        more = {"mail": next(iter(user.mail_addresses), None), "display_name": user.display_name}
    elif kind == _GROUP and (group := people.groups.get(key)) is not None:
        more = {"display_name": group.display_name or group.name}
    elif kind == _RESOURCE and (resource := people.resources.get(key)) is not None:
        more = {"mail": resource.mail_address, "display_name": resource.display_name or resource.name}
    return {**participant, **{name: value for name, value in more.items() if value}}
