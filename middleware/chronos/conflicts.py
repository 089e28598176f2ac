"""Conflicts: what attendees of an event have at the same time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import bindparam, select

from middleware.chronos.access import is_private
from middleware.chronos.disclosure import Disclosure
from middleware.chronos.event import JSON, Event, individual
from middleware.chronos.events import extent_of, shared_event_of
from middleware.chronos.listing import exceptions
from middleware.chronos.parameters import Range
from middleware.chronos.recurrence import Occurrence, Recurrence
from middleware.chronos.tables import events, placements
from middleware.chronos.writer import Writer
from middleware.statement import Statement, one_of

# How many occurrences of a series are looked at, and how many conflicts are told.
_OCCURRENCES: Final = 100
_CONFLICTS: Final = 50
_PERSON: Final = ("uri", "cn", "email", "entity")

_HELD: Final = Statement(
    select(events)
    .where(
        events.c.id.in_(
            select(placements.c.event_id).where(
                one_of(placements.c.entity, "entities")
                & (placements.c.starts < bindparam("end"))
                & (placements.c.ends > bindparam("begin"))
                & (placements.c.event_id != bindparam("itself"))
            )
        )
    )
    .order_by(events.c.id)
)


@dataclass(slots=True)
class Conflict:
    """Something that takes place at the same time, and the attendees who have both."""

    event: Event
    starts: int
    recurrence_id: str | None
    when: JSON
    hard: bool
    attendees: list[JSON] = field(default_factory=list)


class Busy(Exception):
    """A write did not happen because of conflicts; not an error for the client but another kind of answer."""

    def __init__(self, conflicts: list[JSON]) -> None:
        super().__init__("conflicts")
        self.conflicts = conflicts


def require_free(writer: Writer, event: Event, attendees: Iterable[JSON], *, people: bool) -> None:
    """Raise `Busy` when a resource, or with `people` a user, among these attendees has something else then.

    Past, transparent and cancelled events conflict with nothing, nor do private and declined ones.
    """
    wanted = {
        one["entity"]: one
        for one in attendees
        if "entity" in one and (is_resource(one) or (people and individual(one) and not one.get("hidden")))
    }
    if not wanted or not _takes_time(event):
        return
    found = _conflicts(writer, event, wanted)
    if found:
        ordered = sorted(found, key=lambda one: (not one.hard, one.starts))
        told = ordered[:_CONFLICTS]
        disclosure = Disclosure(writer.ox, writer.connection, writer.calendar.user, [one.event for one in told])
        raise Busy([_json(writer, disclosure, one) for one in told])


def is_resource(attendee: JSON) -> bool:
    """Whether an attendee is something that can be booked once only."""
    return attendee.get("cuType") in ("RESOURCE", "ROOM")


def _takes_time(event: Event) -> bool:
    return event.data.get("transp") != "TRANSPARENT" and event.data.get("status") != "CANCELLED"


def _conflicts(writer: Writer, event: Event, wanted: dict[int, JSON]) -> list[Conflict]:
    own = _spans(writer, event)
    if not own:
        return []
    zone = writer.call.timezone()
    span = Range(min(begin for begin, _ in own), max(end for _, end in own), zone)
    found: list[Conflict] = []
    for other in _candidates(writer, event, span, list(wanted)):
        taking_part = [
            one
            for entity, one in wanted.items()
            if _blocks(other, entity) and (is_resource(one) or not is_private(other))
        ]
        if not taking_part:
            continue
        for starts, ends, occurrence in _times(other, span):
            if any(begin < ends and starts < end for begin, end in own):
                found.append(_conflict(other, starts, occurrence, taking_part))
                break
    return found


def _candidates(writer: Writer, event: Event, span: Range, entities: list[int]) -> Iterator[Event]:
    for row in _HELD.all(writer.connection, entities=entities, begin=span.begin, end=span.end, itself=event.id):
        other = shared_event_of(row)
        if _takes_time(other) and (event.series is None or other.series != event.series):
            yield other


def _blocks(other: Event, entity: int) -> bool:
    attendee = other.attendee(entity)
    return attendee is not None and not attendee.get("hidden") and attendee.get("partStat") != "DECLINED"


def _spans(writer: Writer, event: Event) -> list[tuple[int, int]]:
    """When the event takes place from now on, (begin, end) in ms."""
    extent = extent_of(event)
    if extent.starts is None or extent.ends is None:
        return []
    now = writer.ox.clock.now()
    span = Range(max(now, extent.starts), extent.ends, writer.call.timezone())
    times = itertools.islice(_times(event, span), _OCCURRENCES)
    return [(starts, ends) for starts, ends, _ in times if ends > now]


def _times(event: Event, span: Range) -> Iterator[tuple[int, int, Occurrence | None]]:
    if not event.is_master:
        yield event.start.epoch_ms(span.zone), event.end.epoch_ms(span.zone), None
        return
    found = Recurrence.of(event.data, exceptions(event)).occurrences(span.begin, span.end, span.zone)
    for occurrence in found:
        yield occurrence.start.epoch_ms(span.zone), occurrence.end.epoch_ms(span.zone), occurrence


def _conflict(other: Event, starts: int, occurrence: Occurrence | None, attendees: list[JSON]) -> Conflict:
    attendees = sorted(attendees, key=lambda one: (not is_resource(one), one["entity"]))
    hard = any(map(is_resource, attendees))
    if occurrence is None:
        recurrence_id = other.data.get("recurrenceId")
        when = {"startDate": other.data["startDate"], "endDate": other.data["endDate"]}
    else:
        recurrence_id = occurrence.start.recurrence_id()
        when = {"startDate": occurrence.start.to_json(), "endDate": occurrence.end.to_json()}
    return Conflict(other, starts, recurrence_id, when, hard, attendees)


def _json(writer: Writer, disclosure: Disclosure, conflict: Conflict) -> JSON:
    event = conflict.event
    shown: JSON = {
        **conflict.when,
        "id": event.text_id,
        "createdBy": event.data.get("createdBy"),
        "transp": event.data.get("transp", "OPAQUE"),
        **_disclosed(writer, disclosure, conflict),
    }
    if conflict.recurrence_id is not None:
        shown["recurrenceId"] = conflict.recurrence_id
    attendees = [{name: one[name] for name in _PERSON if name in one} for one in conflict.attendees]
    return {"hard_conflict": conflict.hard, "conflicting_attendees": attendees, "event": shown}


def _disclosed(writer: Writer, disclosure: Disclosure, conflict: Conflict) -> JSON:
    """What the user learns: nothing of his own meetings in which only others conflict, as on the real server."""
    event, user = conflict.event, writer.calendar.user
    concerned = any(one["entity"] == user for one in conflict.attendees)
    own = event.owner == user or writer.calendar.own(event)
    if event.attends(user) and not concerned and not own:
        return {"folder": None}
    return disclosure.of(event)
