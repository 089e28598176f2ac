"""Participants of appointments and attendees of events, both ways.

OX 7.8 tells internal users, groups and resources by id alone; who they are is told by `People`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mappings.calendar.people import is_user, person_keys
from mappings.calendar.user import CalendarUser
from mappings.legacy.values import number

People = Mapping[tuple[str, int], Mapping[str, Any]]
"""By kind (INDIVIDUAL, GROUP, RESOURCE) and id: what is known of users, groups and resources ("uri", "cn",
"email")."""

_USER, _GROUP, _RESOURCE, _EXTERNAL = 1, 2, 3, 5
_KINDS = {_USER: "INDIVIDUAL", _GROUP: "GROUP", _RESOURCE: "RESOURCE"}
_TYPES = {"INDIVIDUAL": _USER, "GROUP": _GROUP, "RESOURCE": _RESOURCE, "ROOM": _RESOURCE}
_PRINCIPALS = {"INDIVIDUAL": "users", "GROUP": "groups", "RESOURCE": "resources"}
ANSWERS = ("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE")


def attendees(appointment: Mapping[str, Any], known: People) -> list[dict[str, Any]]:
    """The attendees of an event for the participants of an appointment, each once: as they were invited, then users
    who are there as members of a group."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    users = {number(user.get("id")): user for user in _objects(appointment, "users")}
    externals = {_mail(entry): entry for entry in _objects(appointment, "confirmations") if _mail(entry)}
    for participant in _objects(appointment, "participants"):
        kind, entity, mail = number(participant.get("type")), number(participant.get("id")), _mail(participant)
        if kind in _KINDS and entity is not None and entity > 0:
            attendee = person(_KINDS[kind], entity, known)
            answer = users.get(entity, participant) if kind == _USER else {"confirmation": 1}
            found.setdefault((_KINDS[kind], str(entity)), attendee | _answer(answer))
        elif kind == _EXTERNAL and mail:
            attendee = {"uri": f"mailto:{mail}", "email": mail, "cuType": "INDIVIDUAL"}
            if name := participant.get("display_name") or externals.get(mail, {}).get("display_name"):
                attendee["cn"] = str(name)
            found.setdefault(("mail", mail), attendee | _answer(externals.get(mail, participant)))
    groups = [str(each["uri"]) for each in found.values() if each["cuType"] == "GROUP"]
    for entity, user in users.items():
        if entity is not None and entity > 0 and ("INDIVIDUAL", str(entity)) not in found:
            member = {"member": groups} if groups else {}
            attendee = person("INDIVIDUAL", entity, known) | member | _answer(user)
            found["INDIVIDUAL", str(entity)] = attendee
    return list(found.values())


def person(kind: str, entity: int, known: People) -> dict[str, Any]:
    """An internal user, group or resource; one nobody knows has the address of its principal."""
    address = f"/principals/{_PRINCIPALS[kind]}/{entity}/"
    return {"uri": address, **known.get((kind, entity), {}), "entity": entity, "cuType": kind}


def organizer(appointment: Mapping[str, Any], known: People) -> dict[str, Any] | None:
    """The organizer of an event: who is answered to, with the person who acts for them (`principal` in OX 7.8 is whom
    the organizer acts for)."""
    acting = _calendar_user(appointment.get("organizer"), appointment.get("organizerId"), known)
    principal = _calendar_user(appointment.get("principal"), appointment.get("principalId"), known)
    if principal is None or acting is None:
        return principal or acting
    return principal | {"sentBy": acting}


def _calendar_user(mail: Any, entity: Any, known: People) -> dict[str, Any] | None:
    address, number_ = str(mail or "").strip().removeprefix("mailto:"), number(entity) or 0
    if number_ > 0:
        found = person("INDIVIDUAL", number_, known)
        del found["cuType"]
        return found | ({"uri": f"mailto:{address}", "email": address} if address else {})
    return {"uri": f"mailto:{address}", "email": address} if address else None


def participants(wanted: Iterable[Mapping[str, Any]] | None, user: CalendarUser) -> list[dict[str, Any]]:
    """The participants OX 7.8 is sent for the attendees of an event: the whole list, without those who are there as
    members of a group. Whom it could not hold is left out; the user alone stands for none."""
    found: dict[str, dict[str, Any]] = {}
    for attendee in wanted or ():
        participant = None if _is_member(attendee) else _participant(attendee, user)
        if participant is not None:
            found.setdefault(f"{participant['type']}:{participant.get('id', participant.get('mail', ''))}", participant)
    return list(found.values()) or [{"type": _USER, "id": user.user_id}]


def _participant(attendee: Mapping[str, Any], user: CalendarUser) -> dict[str, Any] | None:
    kind, entity = _TYPES.get(attendee.get("cuType") or "INDIVIDUAL", _USER), attendee.get("entity")
    if is_user(attendee, user):
        return {"type": _USER, "id": user.user_id}
    if isinstance(entity, int) and entity > 0:
        return {"type": kind, "id": entity}
    mail = mail_of(attendee)
    if mail is None:
        return None
    return {"type": _EXTERNAL, "mail": mail, "display_name": str(attendee.get("cn") or mail)}


def organizer_fields(wanted: Mapping[str, Any] | None, user: CalendarUser) -> dict[str, Any]:
    """`organizer` and `principal` of a new appointment; none for the user's own, whom OX puts there itself."""
    if wanted is None or is_user(wanted, user) or (mail := mail_of(wanted)) is None:
        return {}
    acting = mail_of(wanted.get("sentBy") or {})
    return {"organizer": acting, "principal": mail} if acting else {"organizer": mail}


def held_attendees(wanted: Iterable[Mapping[str, Any]] | None, user: CalendarUser) -> Iterator[dict[str, Any]]:
    """Attendees as an appointment holds them: who, and the answers; of those OX could not hold nothing. Answers
    other than OX's four, and those of internal users, which only they give, are left open."""
    seen: set[str] = set()
    for attendee in wanted or ():
        if person_keys(attendee) & seen or (_participant(attendee, user) is None and not _is_member(attendee)):
            continue
        seen |= person_keys(attendee)
        kept = ("uri", "email", "cn", "entity", "cuType", "member", "folder", "comment")
        found = {name: attendee[name] for name in kept if attendee.get(name)}
        if attendee.get("partStat") in ANSWERS and (is_user(attendee, user) or not attendee.get("entity")):
            found["partStat"] = attendee["partStat"]
        yield found


def answer_fields(wanted: Iterable[Mapping[str, Any]] | None, user: CalendarUser) -> dict[str, Any]:
    """The user's own answer in a new appointment, which OX takes for accepted when nothing is said."""
    mine = next((attendee for attendee in wanted or () if is_user(attendee, user)), None)
    body = None if mine is None else confirmation(mine, None, user)
    if body is None or body == {"confirmation": 1}:
        return {}
    return {name: body[name] for name in ("confirmation", "confirmmessage") if name in body}


def confirmation(
    answer: Mapping[str, Any], attendee: Mapping[str, Any] | None, user: CalendarUser
) -> dict[str, Any] | None:
    """The body of `confirm`: `answer` holds "partStat" and "comment" as far as they change, and whose they are ("uri"
    or "entity"); `attendee` is that person in the event as OX has it. None when there is nothing to say, or nothing
    OX 7.8 could hold (DELEGATED)."""
    held = attendee or {}
    status = answer.get("partStat") or held.get("partStat") or "NEEDS-ACTION"
    if not (answer.get("partStat") or "comment" in answer) or status not in ANSWERS:
        return None
    body: dict[str, Any] = {"confirmation": ANSWERS.index(status)}
    comment = answer["comment"] if "comment" in answer else held.get("comment")
    if comment is not None:
        body["confirmmessage"] = str(comment)
    whose = {**held, **answer}
    if is_user(whose, user):
        return body
    if whose.get("entity"):
        return body | {"id": whose["entity"]}
    mail = mail_of(whose)
    return None if mail is None else body | {"mail": mail, "type": _EXTERNAL}


def answers_of_externals(
    wanted: Iterable[Mapping[str, Any]] | None, held: Iterable[Mapping[str, Any]] | None, user: CalendarUser
) -> list[dict[str, Any]]:
    """The bodies of `confirm` that record what external attendees answered the organizer: where `wanted` tells
    otherwise than `held`, the attendees as OX has them."""
    known = list(held or ())
    bodies = []
    for attendee in wanted or ():
        if attendee.get("entity") or is_user(attendee, user) or not attendee.get("partStat"):
            continue
        match = next((other for other in known if person_keys(other) & person_keys(attendee)), {})
        if match.get("entity") or attendee["partStat"] == (match.get("partStat") or ANSWERS[0]):
            continue
        body = confirmation({**attendee, "comment": attendee.get("comment", "")}, match, user)
        bodies += [] if body is None else [body]
    return bodies


def _is_member(attendee: Mapping[str, Any]) -> bool:
    """Whether a user is there as a member of a group, which brings him along."""
    return bool(attendee.get("member")) and bool(attendee.get("entity"))


def mail_of(someone: Mapping[str, Any]) -> str | None:
    """The mail address of a calendar user, None without one."""
    uri = str(someone.get("uri") or "")
    if uri.lower().startswith("mailto:") and "@" in uri:
        return uri[7:]
    return str(someone["email"]) if someone.get("email") else None


def _answer(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Answers stand under several names: `confirmation` of users, `status` of externals, `confirm` in old texts."""
    status = next((number(entry[name]) for name in ("confirmation", "status", "confirm") if name in entry), 0)
    found = {"partStat": ANSWERS[status] if status is not None and 0 <= status < len(ANSWERS) else ANSWERS[0]}
    message = entry.get("confirmmessage") or entry.get("message")
    return found | ({"comment": str(message)} if message else {})


def _objects(appointment: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = appointment.get(name)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _mail(entry: Mapping[str, Any]) -> str:
    return str(entry.get("mail") or "").strip()
