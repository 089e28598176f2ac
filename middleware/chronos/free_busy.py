"""Busy times of users and resources: the action freeBusy."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos import errors
from middleware.chronos.access import classified_for, is_private
from middleware.chronos.conflicts import is_resource
from middleware.chronos.disclosure import Disclosure
from middleware.chronos.event import JSON, Event
from middleware.chronos.listing import exceptions, overlaps, taking_part
from middleware.chronos.parameters import Range, instant_parameter
from middleware.chronos.people import mail_of, resolve
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.registration import module
from middleware.directory.model import Group
from middleware.envelope import Result, error_members
from middleware.errors import OXError, illegal_body, unparsable_body

if TYPE_CHECKING:
    from middleware.context import Context

_STRENGTH: Final = ("FREE", "BUSY-TENTATIVE", "BUSY", "BUSY-UNAVAILABLE")
_DATES: Final = ("startDate", "endDate", "recurrenceId")
_SHOWN: Final = ("class", "createdBy", "uid", "transp", "status", "rrule")


@dataclass(frozen=True, slots=True)
class Interval:
    """A time that is taken, in ms; `event` is what takes it, None when several do."""

    begin: int
    end: int
    kind: str
    event: JSON | None

    def to_json(self) -> JSON:
        """The object of the answer."""
        shown: JSON = {"startTime": self.begin, "endTime": self.end, "fbType": self.kind}
        return shown if self.event is None else {**shown, "event": self.event}


@module.action("freeBusy", "PUT")
def free_busy(call: Call, ox: Context) -> Result:
    """Busy times of attendees; one that cannot be resolved leaves everybody without, as on the real server."""
    begin, end = (instant_parameter(name, call.params.get(name)) for name in ("from", "until"))
    span = Range(begin, end, call.timezone())
    attendees = call.object().get("attendees")
    if attendees is None:
        raise unparsable_body('JSONObject["attendees"] not found.')
    if not isinstance(attendees, list) or not all(isinstance(one, dict) for one in attendees):
        raise illegal_body()
    try:
        resolved = [resolve(ox, one) for one in attendees]
    except OXError as error:
        warnings = [error_members(error)]
        return Result([{"attendee": one, "freeBusyTime": [], "warnings": warnings} for one in attendees])
    with ox.store.reading() as connection:
        return Result([_answer(call, ox, connection, span, *pair) for pair in zip(attendees, resolved, strict=True)])


def _answer(call: Call, ox: Context, connection: Connection, span: Range, sent: JSON, found: Any) -> JSON:
    if found is None:
        mail = mail_of(sent.get("uri")) or str(sent.get("email") or sent.get("uri"))
        return {"attendee": sent, "warnings": [error_members(errors.no_free_busy(mail))]}
    if isinstance(found, Group):
        return {"attendee": sent, "freeBusyTime": []}
    intervals = _busy(call, ox, connection, span, found.id)
    if call.flag("merge"):
        intervals = merged(intervals)
    return {"attendee": sent, "freeBusyTime": [one.to_json() for one in intervals]}


def _busy(call: Call, ox: Context, connection: Connection, span: Range, entity: int) -> list[Interval]:
    masked = {call.text("maskUid"), call.text("maskId")} - {""}
    held = taking_part(connection, entity, span)
    disclosure = Disclosure(ox, connection, call.user, held)
    found: list[Interval] = []
    for event in held:
        kind = _kind(event, entity)
        hidden = is_private(event) and classified_for(event, call.user)
        if kind is None or hidden or {event.data["uid"], event.text_id} & masked:
            continue
        found.extend(_intervals(event, kind, span, _event_json(disclosure, event)))
    return found


def _kind(event: Event, entity: int) -> str | None:
    """How an event blocks the time of an attendee; None when it does not concern him."""
    attendee = event.attendee(entity)
    if attendee is None or attendee.get("hidden") or attendee.get("partStat") == "DECLINED":
        return None
    transparent = attendee.get("transp") or event.data.get("transp")
    if transparent == "TRANSPARENT" or event.data.get("status") == "CANCELLED":
        return "FREE"
    if event.data.get("status") == "TENTATIVE" and not is_resource(attendee):
        return "BUSY-TENTATIVE"
    return "BUSY-TENTATIVE" if attendee.get("partStat") in ("TENTATIVE", "NEEDS-ACTION") else "BUSY"


def _event_json(disclosure: Disclosure, event: Event) -> JSON:
    shown: JSON = {name: event.data[name] for name in _SHOWN if name in event.data}
    shown.update(id=event.text_id, **disclosure.of(event))
    if event.series is not None:
        shown["seriesId"] = str(event.series)
    return shown


def _intervals(event: Event, kind: str, span: Range, shown: JSON) -> Iterable[Interval]:
    if not event.is_master:
        starts, ends = event.start.epoch_ms(span.zone), event.end.epoch_ms(span.zone)
        dates: JSON = {
            name: event.data[name] for name in ("startDate", "endDate", "recurrenceId") if name in event.data
        }
        if overlaps(starts, ends, span):
            yield _clipped(starts, ends, kind, span, {**shown, **dates})
        return
    for occurrence in Recurrence.of(event.data, exceptions(event)).occurrences(span.begin, span.end, span.zone):
        dates = {
            "recurrenceId": occurrence.start.recurrence_id(),
            "startDate": occurrence.start.to_json(),
            "endDate": occurrence.end.to_json(),
        }
        starts, ends = occurrence.start.epoch_ms(span.zone), occurrence.end.epoch_ms(span.zone)
        yield _clipped(starts, ends, kind, span, {**shown, **dates})


def _clipped(starts: int, ends: int, kind: str, span: Range, shown: JSON) -> Interval:
    return Interval(max(starts, span.begin), min(ends, span.end), kind, shown)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Intervals that do not overlap: where several do, the strongest kind counts; touching equals become one."""
    ordered = sorted((one for one in intervals if one.begin < one.end), key=lambda one: (one.begin, one.end))
    edges = sorted({edge for one in ordered for edge in (one.begin, one.end)})
    found: list[Interval] = []
    waiting, active = iter(ordered), []
    upcoming = next(waiting, None)
    for begin, end in itertools.pairwise(edges):
        while upcoming is not None and upcoming.begin <= begin:
            active.append(upcoming)
            upcoming = next(waiting, None)
        active = [one for one in active if one.end > begin]
        if active:
            _append(found, begin, end, active)
    return found


def _append(found: list[Interval], begin: int, end: int, active: list[Interval]) -> None:
    strongest = max(active, key=lambda one: _STRENGTH.index(one.kind))
    event = strongest.event if len(active) == 1 else None
    if found and found[-1].end == begin and found[-1].kind == strongest.kind:
        same = found[-1].event is event
        found[-1] = Interval(found[-1].begin, end, strongest.kind, event if same else None)
    else:
        found.append(Interval(begin, end, strongest.kind, event))
