"""ORGANIZER and ATTENDEE, and the participants of OX tasks.

OX names users and groups by numbers; where the caller does not add `mail` and `display_name` to a participant, clients
see the address of the principal. The creator is the organizer; the caller may add ``creator`` with `mail` and
`display_name`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.calendar.people import address, people_lines, person_keys
from mappings.calendar.user import CalendarUser
from mappings.contentline import Component, Property
from mappings.legacy.values import number

Participant = Mapping[str, Any]

_USER, _GROUP, _RESOURCE, _EXTERNAL = 1, 2, 3, 5
_KINDS = {_USER: ("users", "INDIVIDUAL"), _GROUP: ("groups", "GROUP"), _RESOURCE: ("resources", "RESOURCE")}
_ANSWERS = {0: "NEEDS-ACTION", 1: "ACCEPTED", 2: "DECLINED", 3: "TENTATIVE"}
_CONFIRMATIONS = {answer: confirmation for confirmation, answer in _ANSWERS.items()} | {"COMPLETED": 1, "IN-PROCESS": 1}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The body of `tasks?action=confirm`: 0 none, 1 accepted, 2 declined, 3 tentative; the message None to keep it."""

    confirmation: int
    message: str | None = None


def task_people_lines(task: Mapping[str, Any], user: CalendarUser) -> Iterator[str]:
    """The unfolded lines of a task; none unless it has participants."""
    attendees = [_attendee(participant, task, user) for participant in _everybody(task)]
    if not attendees:
        return
    yield from people_lines({"organizer": _organizer(task, user), "attendees": attendees, "flags": ["scheduled"]}, user)


def _organizer(task: Mapping[str, Any], user: CalendarUser) -> dict[str, Any] | None:
    creator, known = number(task.get("created_by")), task.get("creator")
    if creator is None:
        return None
    if creator == user.user_id or not isinstance(known, Mapping) or not known.get("mail"):
        return {"uri": _uri(_USER, creator, user)}
    return {"uri": f"mailto:{known['mail']}", "cn": str(known.get("display_name") or known["mail"])}


def _everybody(task: Mapping[str, Any]) -> list[Participant]:
    """The participants, and the users that only groups among them bring in."""
    participants = _entries(task, "participants")
    named = {number(each.get("id")) for each in participants if number(each.get("type")) == _USER}
    members = [dict(each) | {"type": _USER} for each in _entries(task, "users") if number(each.get("id")) not in named]
    return [*participants, *members]


def _entries(task: Mapping[str, Any], name: str) -> list[Participant]:
    return [each for each in task.get(name) or () if isinstance(each, Mapping)]


def _uri(kind: int, entity: int, user: CalendarUser) -> str:
    if kind == _USER and entity == user.user_id and user.addresses:
        return f"mailto:{min(user.addresses)}"
    return f"/principals/{_KINDS[kind][0]}/{entity}/"


def _attendee(participant: Participant, task: Mapping[str, Any], user: CalendarUser) -> dict[str, Any]:
    kind, entity = number(participant.get("type")), number(participant.get("id"))
    mail, name = str(participant.get("mail") or ""), participant.get("display_name")
    attendee: dict[str, Any] = {"uri": f"mailto:{mail}", "cuType": "INDIVIDUAL"}
    if kind in _KINDS and entity is not None:
        attendee = {"uri": f"mailto:{mail}" if mail else _uri(kind, entity, user), "cuType": _KINDS[kind][1]}
    if name:
        attendee["cn"] = str(name)
    answer = _answer(participant, task)
    attendee["partStat"] = _ANSWERS.get(number(answer.get("confirmation")) or 0, "NEEDS-ACTION")
    if answer.get("confirmmessage"):
        attendee["comment"] = str(answer["confirmmessage"])
    return attendee


def _answer(participant: Participant, task: Mapping[str, Any]) -> Participant:
    if number(participant.get("type")) == _USER:
        return _of_user(task, number(participant.get("id"))) or participant
    for each in _entries(task, "confirmations"):
        if participant.get("mail") and each.get("mail") == participant["mail"]:
            return {"confirmation": each.get("status"), "confirmmessage": each.get("message")}
    return participant


def _of_user(task: Mapping[str, Any], entity: int | None) -> Participant | None:
    return next((each for each in _entries(task, "users") if number(each.get("id")) == entity), None)


# -- what a client says ----------------------------------------------------------------------------------------------


def wanted_participants(
    component: Component, current: Mapping[str, Any], user: CalendarUser
) -> list[dict[str, Any]] | None:
    """The participants a client asks for, as OX takes them; None when OX is to keep what it has.

    That is so for somebody else's invitation, which OX would take for the user's own: all people are residue then.
    Nobody can be added by an address OX does not take; members of groups that take part are no participants of their
    own; the user stays in a task that somebody else gave him.
    """
    if not _is_organized_here(component, current, user):
        return None
    held = [_sent(each) for each in _entries(current, "participants")]
    known = {key: each for each in _entries(current, "participants") for key in _keys(each, user)}
    members = {key for each in _everybody(current) for key in _keys(each, user)}
    wanted: list[dict[str, Any]] = []
    for prop in component.all("ATTENDEE"):
        found = _participant(prop, user)
        if found is None:
            continue
        match = next((known[key] for key in _keys(found, user) if key in known), None)
        if match is None and _keys(found, user) & members:
            continue
        participant = _sent(found if match is None else match)
        if participant not in wanted:
            wanted.append(participant)
    own = {"type": _USER, "id": user.user_id}
    if own in held and own not in wanted and number(current.get("created_by")) != user.user_id:
        wanted.append(own)
    if not held and all(each == own for each in wanted):
        return None
    same = len(held) == len(wanted) and all(each in wanted for each in held)
    return None if same else wanted


def _is_organized_here(component: Component, current: Mapping[str, Any], user: CalendarUser) -> bool:
    organizer = component.first("ORGANIZER")
    found = None if organizer is None else address(organizer)
    if found is None:
        return organizer is None
    creator, known = number(current.get("created_by")), current.get("creator")
    theirs = {f"entity:{creator}"} if creator is not None else set()
    if isinstance(known, Mapping) and known.get("mail"):
        theirs.add(f"mailto:{str(known['mail']).lower()}")
    ours = {f"entity:{user.user_id}", *(f"mailto:{mail}" for mail in user.addresses)}
    return bool(person_keys(found) & (ours | theirs))


def _participant(prop: Property, user: CalendarUser) -> dict[str, Any] | None:
    found = address(prop)
    if found is None or found.get("cuType") == "RESOURCE":
        return None
    if found.get("entity") is not None:
        return {"type": _GROUP if found["cuType"] == "GROUP" else _USER, "id": found["entity"]}
    uri = str(found.get("uri") or "")
    if user.owns(uri):
        return {"type": _USER, "id": user.user_id}
    if not uri.lower().startswith("mailto:"):
        return None
    return {"type": _EXTERNAL, "mail": uri[7:], "display_name": prop.param("CN") or uri[7:]}


def _sent(participant: Participant) -> dict[str, Any]:
    kind = number(participant.get("type"))
    if kind in _KINDS:
        return {"type": kind, "id": number(participant.get("id"))}
    return {name: participant[name] for name in ("type", "mail", "display_name") if participant.get(name)}


def _keys(participant: Participant, user: CalendarUser) -> set[str]:
    """All names a participant is known by."""
    keys = {f"mailto:{str(participant['mail']).lower()}"} if participant.get("mail") else set()
    kind, entity = number(participant.get("type")), number(participant.get("id"))
    if kind in _KINDS and entity is not None:
        keys.add(f"{_KINDS[kind][0]}:{entity}")
    return keys


def changed_answer(component: Component, current: Mapping[str, Any], user: CalendarUser) -> Confirmation | None:
    """The user's own answer, if he takes part and it is another one than OX has."""
    mine = _of_user(current, user.user_id)
    if mine is None:
        return None
    line = next((prop for prop in component.all("ATTENDEE") if _is_user(prop, user)), None)
    if line is None:
        return None
    given = _CONFIRMATIONS.get((line.param("PARTSTAT") or "").upper())
    held, message = number(mine.get("confirmation")) or 0, line.param("X-RESPONSE-COMMENT")
    if given is None or (given == held and (not message or message == mine.get("confirmmessage"))):
        return None
    return Confirmation(given, message)


def _is_user(prop: Property, user: CalendarUser) -> bool:
    return _participant(prop, user) == {"type": _USER, "id": user.user_id}
