"""Whether what OX holds and what a client wants mean the same, field by field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mappings.calendar.alarms import same_alarms
from mappings.calendar.attachments import attachments_field, same_attachments
from mappings.calendar.attendance import attendee_change
from mappings.calendar.extended import same_extended, with_hidden
from mappings.calendar.moments import from_ox, from_recurrence_id, like, moment_key, zone_name
from mappings.calendar.user import CalendarUser
from mappings.calendar.vtimezone import same_zone
from mappings.contentline import same_text

Event = Mapping[str, Any]

_TEXTS = ("summary", "location", "description", "color", "url", "status")


def changes(current: Event, wanted: Event, user: CalendarUser) -> dict[str, Any]:
    """The fields of an update that makes `current` mean `wanted`, apart from recurrence; None clears.

    The organizer is never among them: OX would hand the meeting over. `geo` cannot be cleared in OX and is left
    alone then.
    """
    fields: dict[str, Any] = {}
    for field in ("startDate", "endDate"):
        if not same_time(current.get(field), wanted[field]):
            fields[field] = wanted[field]
    for field in _TEXTS:
        if same_text(current.get(field)) != same_text(wanted.get(field)):
            fields[field] = wanted.get(field) or None
    if (current.get("class") or "PUBLIC").upper() != wanted.get("class", "PUBLIC"):
        fields["class"] = wanted.get("class", "PUBLIC")
    if is_transparent(current) != is_transparent(wanted):
        fields["transp"] = "TRANSPARENT" if is_transparent(wanted) else "OPAQUE"
    for field, same in _STRUCTURED.items():
        if not same(current.get(field) or (), wanted.get(field) or ()):
            fields[field] = wanted.get(field)
    _settle_special(current, wanted, fields)
    attendees = attendee_change(current, wanted, user)
    if attendees is not None:
        fields["attendees"] = attendees
    return fields


def _settle_special(current: Event, wanted: Event, fields: dict[str, Any]) -> None:
    """What OX wants said in its own way."""
    if "geo" in fields and fields["geo"] is None:
        del fields["geo"]
    if not same_extended(current.get("extendedProperties"), wanted.get("extendedProperties")):
        fields["extendedProperties"] = with_hidden(
            wanted.get("extendedProperties") or {}, current.get("extendedProperties")
        )
    if "attachments" in fields:
        fields["attachments"] = attachments_field(current.get("attachments") or (), fields["attachments"] or ())
    if fields.get("conferences"):
        ids = {conference.get("uri"): conference.get("id") for conference in current.get("conferences") or ()}
        fields["conferences"] = [
            conference | ({"id": ids[conference["uri"]]} if ids.get(conference["uri"]) else {})
            for conference in fields["conferences"]
        ]


def is_transparent(event: Event) -> bool:
    return event.get("transp") == "TRANSPARENT" or "transparent" in (event.get("flags") or ())


def same_time(current: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    """Same moment, of the same kind, in zones with the same rules."""
    if not current:
        return False
    one, other = from_ox(current), from_ox(wanted)
    if moment_key(one) != moment_key(other):
        return False
    return same_zone(zone_name(one), zone_name(other), one.year)


def same_dates(current: Iterable[str] | None, wanted: Iterable[str] | None, start: Mapping[str, Any]) -> bool:
    """Whether two lists of recurrence ids of a series name the same occurrences."""
    first = from_ox(start)
    return {moment_key(like(from_recurrence_id(text), first)) for text in current or ()} == {
        moment_key(like(from_recurrence_id(text), first)) for text in wanted or ()
    }


def _same_categories(current: Sequence[str], wanted: Sequence[str]) -> bool:
    """OX cuts categories at commas."""
    parts = {part.strip() for category in current for part in (same_text(category) or "").split(",")}
    return parts - {""} == set(wanted)


def _same_geo(current: Any, wanted: Any) -> bool:
    if not current or not wanted:
        return not current and not wanted
    return all(abs(float(current[axis]) - float(wanted[axis])) < 1e-6 for axis in ("lat", "long"))


def _same_conferences(current: Sequence[Event], wanted: Sequence[Event]) -> bool:
    def meaning(conference: Event) -> tuple[Any, ...]:
        return (
            conference.get("uri"),
            same_text(conference.get("label")),
            sorted(conference.get("features") or ()),
            sorted((conference.get("extendedParameters") or {}).items()),
        )

    return sorted(map(repr, map(meaning, current))) == sorted(map(repr, map(meaning, wanted)))


_STRUCTURED: dict[str, Callable[[Any, Any], bool]] = {
    "categories": _same_categories,
    "geo": _same_geo,
    "conferences": _same_conferences,
    "attachments": same_attachments,
    "alarms": same_alarms,
}
