"""The module `group`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from middleware.call import Call
from middleware.context import Context
from middleware.directory.deleted import deleted_since, forget_old
from middleware.directory.matching import matches
from middleware.directory.model import EVERYONE, FIRST_PRINCIPAL, STANDARD_GROUP, Group
from middleware.directory.users import user_not_found
from middleware.envelope import Result
from middleware.errors import OXError, illegal_body
from middleware.registry import Module

module = Module("group")
module.on_clean_up(forget_old)


def name_taken(name: str) -> OXError:
    """Another group has that name."""
    text = f'The group name "{name}" is already in use.'
    return OXError("GRP-0012", "USER_INPUT", text, params=[name])


def fixed_group(group_id: int) -> OXError:
    """The groups of all users cannot be changed."""
    text = "This group cannot be changed."
    return OXError("GRP-0015", "PERMISSION_DENIED", text, f"Group {group_id} cannot be changed.", [group_id])


def changed_meanwhile() -> OXError:
    """The group was changed after the stamp of the request."""
    return OXError("SVL-0017", "CONFLICT", "The object has been changed in the meantime.")


def group_object(group: Group) -> dict[str, Any]:
    """The members of a group; the group of all users has no internal name."""
    members: dict[str, Any] = {"id": group.id, "display_name": group.display_name}
    if group.name:
        members["name"] = group.name
    return {**members, "last_modified_utc": group.modified, "members": list(group.members)}


@module.action("all")
def all_groups(call: Call, ox: Context) -> Result:
    """The groups as rows: those of the context, then all users. The standard group is not listed."""
    groups = _listed(ox)
    return Result([_row(group, call.columns()) for group in groups], _greatest_stamp(groups))


def _row(group: Group, columns: Iterable[int]) -> list[Any]:
    changed = datetime.fromtimestamp(group.modified / 1000, UTC)
    values = {
        1: group.id,
        5: changed.strftime("%a %b %d %H:%M:%S UTC %Y"),
        6: group.modified,
        700: group.name or None,
        701: group.display_name,
        702: ",".join(str(member) for member in group.members),
    }
    return [values.get(column) for column in columns]


@module.action("get")
def get(call: Call, ox: Context) -> Result:
    """One group."""
    group = ox.groups.get(call.integer("id"))
    return Result(group_object(group), group.modified)


@module.action("list", "PUT")
def list_groups(call: Call, ox: Context) -> Result:
    """The groups with the ids in the body."""
    groups = [ox.groups.get(_id_in(item)) for item in call.array()]
    return Result([group_object(group) for group in groups], _greatest_stamp(groups))


@module.action("search", "PUT")
def search(call: Call, ox: Context) -> Result:
    """Groups by `pattern` on their names."""
    pattern = str(call.object().get("pattern", "*"))
    groups = [group for group in _listed(ox) if matches(pattern, group.display_name, group.name)]
    return Result([group_object(group) for group in groups], _greatest_stamp(groups))


@module.action("updates")
def updates(call: Call, ox: Context) -> Result:
    """What changed since `timestamp`.

    As on the real server `new` and `modified` hold the same, and the group of all users is in everything, twice.
    """
    since = call.integer("timestamp")
    everyone = group_object(ox.groups.get(EVERYONE))
    changed = [group for group in ox.groups.all() if group.modified > since]
    current = [everyone, *(group_object(group) for group in changed)]
    deleted = deleted_since(ox.store, "group", since)
    gone = [everyone, everyone, *(document for document, _ in deleted)]
    stamp = max([since, everyone["last_modified_utc"], *(stamp for _, stamp in deleted)])
    return Result({"new": current, "modified": current, "deleted": gone}, stamp)


@module.action("new", "PUT")
def new(call: Call, ox: Context) -> Result:
    """Create a group."""
    body = call.object()
    name = str(body.get("name", ""))
    _check_name(ox, name, None)
    with ox.store.writing() as connection:
        group = Group(
            id=ox.store.next_id(connection, "principals", FIRST_PRINCIPAL),
            name=name,
            display_name=str(body.get("display_name", name)),
            members=_members(ox, body.get("members", [])),
            modified=ox.clock.stamp(),
        )
        ox.groups.put(connection, group)
    return Result({"id": group.id}, group.modified)


@module.action("update", "PUT")
def update(call: Call, ox: Context) -> Result:
    """Change name or members of a group."""
    old = _changeable(call, ox, call.integer("id"))
    body = call.object()
    name = str(body.get("name", old.name))
    _check_name(ox, name, old.id)
    members = _members(ox, body["members"]) if "members" in body else old.members
    with ox.store.writing() as connection:
        display_name = str(body.get("display_name", old.display_name))
        group = Group(old.id, name, display_name, members, ox.clock.stamp())
        ox.groups.put(connection, group)
    return Result({}, group.modified)


@module.action("delete", "PUT")
def delete(call: Call, ox: Context) -> Result:
    """Delete the group with the id in the body; the stamp of the request comes back."""
    group = _changeable(call, ox, _id_in(call.body))
    with ox.store.writing() as connection:
        ox.groups.remove(connection, group.id)
    return Result([], call.integer("timestamp"))


def _listed(ox: Context) -> list[Group]:
    everyone, _standard, *others = ox.groups.all()
    return [*others, everyone]


def _greatest_stamp(groups: Iterable[Group]) -> int:
    return max((group.modified for group in groups), default=0)


def _changeable(call: Call, ox: Context, group_id: int) -> Group:
    if group_id in (EVERYONE, STANDARD_GROUP):
        raise fixed_group(group_id)
    group = ox.groups.get(group_id)
    if group.modified > call.integer("timestamp"):
        raise changed_meanwhile()
    return group


def _check_name(ox: Context, name: str, own_id: int | None) -> None:
    if not name:
        raise illegal_body()
    if any(group.name == name and group.id != own_id for group in ox.groups.all()):
        raise name_taken(name)


def _members(ox: Context, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise illegal_body()
    for member in value:
        if not isinstance(member, int) or ox.users.find(member) is None:
            raise user_not_found(member, ox.id)
    return tuple(sorted(set(value)))


def _id_in(item: Any) -> int:
    if not isinstance(item, dict) or not isinstance(item.get("id"), int):
        raise illegal_body()
    number: int = item["id"]
    return number
