"""Who takes part in an event: default attendee, groups and their members, folders, merging lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from middleware.chronos.access import Calendar
from middleware.chronos.event import JSON, Event, individual
from middleware.chronos.people import attendee, attendee_members, mail_of, resolve, user_json
from middleware.directory.model import Group, User

if TYPE_CHECKING:
    from middleware.context import Context

_ORGANIZER_MAY_SET = ("cn", "role", "rsvp", "extendedParameters")


def identity(person: JSON) -> Any:
    """What tells attendees apart: the entity, else the uri in lower case."""
    return person.get("entity") or str(person.get("uri", "")).lower()


def attendees_for(
    ox: Context,
    calendar: Calendar,
    organizer: JSON,
    sent: list[JSON] | None,
    known_groups: frozenset[int] = frozenset(),
) -> list[JSON]:
    """The complete attendees of an event.

    The calendar user always takes part. Others of the context do too, groups with their members (but `known_groups`
    were taken apart before), unless the organizer is external: then the event is the calendar user's own copy and
    everybody else in it external.
    """
    owner = calendar.calendar_user
    copied = "entity" not in organizer
    found: dict[Any, JSON] = {}
    for one in sent or ():
        person = attendee(ox, one, only_internal=owner if copied else None)
        found.setdefault(identity(person), person)
        if person.get("cuType") == "GROUP" and not copied and person.get("entity", 0) not in {0, *known_groups}:
            for member in _members(ox, person, owner):
                found.setdefault(identity(member), member)
    own = found.setdefault(owner, {**(user_json(ox, owner) or {}), "cuType": "INDIVIDUAL"})
    own.setdefault("partStat", "ACCEPTED")
    for person in found.values():
        _settle(ox, calendar, person)
    return in_order(list(found.values()))


def _members(ox: Context, group: JSON, owner: int) -> list[JSON]:
    found = ox.groups.find(group["entity"])
    members = found.members if isinstance(found, Group) else ()
    people = [user_json(ox, member) for member in members if member != owner]
    return [{**person, "cuType": "INDIVIDUAL", "member": [group["uri"]]} for person in people if person]


def _settle(ox: Context, calendar: Calendar, person: JSON) -> None:
    """Give an internal user his folder and a participation status."""
    entity = person.get("entity")
    if entity is None or person.get("cuType", "INDIVIDUAL") != "INDIVIDUAL":
        return
    person.setdefault("partStat", "NEEDS-ACTION")
    if calendar.public:
        return
    own = entity == calendar.calendar_user
    folder = calendar.id if own else default_calendar(ox, entity)
    if folder is not None:
        person["folder"] = str(folder)


def default_calendar(ox: Context, user: int) -> int | None:
    """The default calendar of a user; None for those who have none, as the administrator of the context."""
    try:
        return ox.folders.default(user, "calendar").id
    except LookupError:
        return None


def in_order(attendees: list[JSON]) -> list[JSON]:
    """Attendees as the server lists them: external ones first, then the others by entity."""
    return sorted(attendees, key=lambda one: one.get("entity", 0))


def matching(ox: Context, event: Event, sent: JSON) -> JSON | None:
    """The attendee of an event that a client means by entity or uri."""
    entity = sent.get("entity")
    if isinstance(entity, int) and entity > 0:
        return event.attendee(entity)
    uri = str(sent.get("uri") or "").lower()
    direct = next((one for one in event.attendees if str(one.get("uri", "")).lower() == uri), None)
    if direct is not None or mail_of(uri) is None:
        return direct
    found = resolve(ox, sent)
    return event.attendee(found.id) if isinstance(found, User) else None


def merged_attendees(ox: Context, calendar: Calendar, event: Event, sent: list[JSON] | None) -> list[JSON]:
    """The attendees after the organizer sent a complete list.

    Those who stay keep what is theirs (answer, folder, comment); the list decides about names and roles, and
    about the answers of externals. The calendar user cannot be left out.
    """
    owner = event.owner if event.owner is not None else calendar.calendar_user
    home = calendar if calendar.calendar_user == owner else _home(ox, calendar, event, owner)
    groups = frozenset(one["entity"] for one in event.attendees if one.get("cuType") == "GROUP" and "entity" in one)
    wanted = attendees_for(ox, home, event.organizer, sent, groups)
    kept = {identity(one): one for one in event.attendees}
    mentioned = {identity(one): one for one in _mentioned(ox, event, sent)}
    merged = []
    for person in wanted:
        old = kept.get(identity(person))
        if old is None:
            merged.append(person)
            continue
        merged.append(_updated(old, mentioned.get(identity(person), {}), calendar.calendar_user))
    return in_order(merged)


def _home(ox: Context, calendar: Calendar, event: Event, owner: int) -> Calendar:
    attendee_entry = event.attendee(owner) or {}
    folder = attendee_entry.get("folder")
    if calendar.public or folder is None:
        return calendar
    home = ox.folders.get(int(folder))
    return Calendar(home, owner, ox.folders.rights(owner, home))


def _mentioned(ox: Context, event: Event, sent: list[JSON] | None) -> list[JSON]:
    found = []
    for one in sent or ():
        old = matching(ox, event, one)
        if old is not None:
            found.append({**one, "entity": old.get("entity"), "uri": old.get("uri")})
    return found


def _updated(old: JSON, sent: JSON, calendar_user: int) -> JSON:
    person = dict(old)
    members = {**attendee_members(sent), **({"cn": sent["cn"]} if sent.get("cn") else {})}
    may_answer = "entity" not in old or old["entity"] == calendar_user
    names = (*_ORGANIZER_MAY_SET, "partStat", "comment") if may_answer else _ORGANIZER_MAY_SET
    person.update({name: members[name] for name in names if name in members})
    return person


def expect_answers(event: Event) -> None:
    """After another time was set nobody but the organizer has answered."""
    for one in event.attendees:
        if individual(one) and identity(one) != identity(event.organizer):
            one["partStat"] = "NEEDS-ACTION"
