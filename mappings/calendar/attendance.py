"""Who takes part: what an organizer changes in the list of attendees, and what an attendee may change."""

from collections.abc import Mapping
from typing import Any

from mappings.calendar.people import is_scheduled, is_user, person_keys
from mappings.calendar.user import CalendarUser

Event = Mapping[str, Any]
Attendee = Mapping[str, Any]

_NOT_SENT = frozenset(["folder", "contact", "resource", "group"])
_ANSWERED = frozenset(["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"])


def may_edit(current: Event, user: CalendarUser) -> bool:
    """Whether the user may change the whole event: it is no meeting, the user organizes it, or the organizer lets
    attendees modify it."""
    if not is_scheduled(current, user) or current.get("attendeePrivileges") == "MODIFY":
        return True
    flags = current.get("flags") or ()
    if "organizer" in flags or "organizer_on_behalf" in flags:
        return True
    organizer = current.get("organizer")
    return organizer is None or is_user(organizer, user)


def organizer_revision(current: Event, wanted: Event, user: CalendarUser) -> dict[str, Any] | None:
    """What has to be repeated to apply a new version that an external organizer sent (RFC 5546 REQUEST), None when
    `wanted` is no such thing: OX accepts it with its own organizer, the uid and a sequence that is not lower."""
    organizer = current.get("organizer") or {}
    named = wanted.get("organizer")
    if organizer.get("entity") or named is None or not person_keys(organizer) & person_keys(named):
        return None
    if wanted.get("sequence", 0) <= int(current.get("sequence") or 0):
        return None
    known = {name: organizer[name] for name in ("uri", "cn", "email") if organizer.get(name)}
    return {"organizer": known, "uid": current["uid"], "sequence": wanted["sequence"]}


def own_attendee(event: Event, user: CalendarUser) -> Attendee | None:
    return next((attendee for attendee in event.get("attendees") or () if is_user(attendee, user)), None)


def answer(current: Event, wanted: Event, user: CalendarUser) -> dict[str, Any] | None:
    """The user's own participation as far as it changes, for `updateAttendee`; None when it does not."""
    mine = own_attendee(current, user)
    if mine is None:
        return None
    given = own_attendee(wanted, user) or {}
    changed = {}
    if given.get("partStat") and given["partStat"] != (mine.get("partStat") or "NEEDS-ACTION"):
        changed["partStat"] = given["partStat"]
    if given.get("comment") and given["comment"] != mine.get("comment"):
        changed["comment"] = given["comment"]
    shown = "TRANSPARENT" if _is_transparent(current, mine) else "OPAQUE"
    if wanted.get("transp") in ("TRANSPARENT", "OPAQUE") and wanted["transp"] != shown:
        changed["transp"] = wanted["transp"]
    if not changed:
        return None
    return ({"entity": mine["entity"]} if mine.get("entity") else {"uri": mine.get("uri")}) | changed


def _is_transparent(event: Event, mine: Attendee) -> bool:
    return "TRANSPARENT" in (event.get("transp"), mine.get("transp")) or "transparent" in (event.get("flags") or ())


def attendee_change(current: Event, wanted: Event, user: CalendarUser) -> list[dict[str, Any]] | None:
    """The list of attendees an organizer wants, None when it means the same as the current one.

    Kept whatever the client says: the calendar user and the organizer, members of an invited group, and the answers
    of internal users, which only they give. Answers of externals are the organizer's to record (he got their mail).
    """
    held = [dict(attendee) for attendee in current.get("attendees") or ()]
    asked = list(wanted.get("attendees") or ())
    if not is_scheduled(current, user) and all(is_user(attendee, user) for attendee in asked):
        return None
    result, changed = [], False
    for attendee in asked:
        keys = person_keys(attendee)
        match = next((other for other in held if person_keys(other) & keys), None)
        if match is None and is_user(attendee, user):
            match = next((other for other in held if is_user(other, user)), None)
        if match is None:
            result.append(dict(attendee))
            changed = True
            continue
        held.remove(match)
        revision = _revision(match, attendee, user)
        changed = changed or bool(revision)
        result.append(match | revision)
    groups = {str(attendee.get("uri")) for attendee in result}
    kept = [attendee for attendee in held if _stays(attendee, current, groups, user)]
    if not changed and len(kept) == len(held):
        return None
    return [{name: value for name, value in attendee.items() if name not in _NOT_SENT} for attendee in [*result, *kept]]


def _stays(attendee: Attendee, current: Event, groups: set[str], user: CalendarUser) -> bool:
    if is_user(attendee, user) or person_keys(attendee) & person_keys(current.get("organizer") or {}):
        return True
    return any(group in groups for group in attendee.get("member") or ())


def _revision(held: Attendee, asked: Attendee, user: CalendarUser) -> dict[str, Any]:
    """What an organizer changes in one entry."""
    internal = bool(held.get("entity"))
    revision: dict[str, Any] = {}
    if asked.get("role", "REQ-PARTICIPANT") != (held.get("role") or "REQ-PARTICIPANT"):
        revision["role"] = asked.get("role", "REQ-PARTICIPANT")
    given = asked.get("partStat")
    if given and given != (held.get("partStat") or "NEEDS-ACTION") and (not internal or is_user(held, user)):
        revision["partStat"] = given
    if asked.get("rsvp") and not held.get("rsvp") and held.get("partStat") not in _ANSWERED:
        revision["rsvp"] = True
    if not internal:
        for name in ("cn", "cuType"):
            if asked.get(name) and held.get(name) and asked[name] != held[name]:
                revision[name] = asked[name]
    if asked.get("extendedParameters", {}) != (held.get("extendedParameters") or {}):
        revision["extendedParameters"] = asked.get("extendedParameters", {})
    return revision
