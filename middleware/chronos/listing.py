"""Which events lie in a range of time, and series taken apart into occurrences."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from middleware.chronos.access import Calendar, classified_for, is_private
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import NO_FOLDER, shared_event_of
from middleware.chronos.parameters import Range
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.tables import events, placements
from middleware.chronos.view import View
from middleware.statement import Statement, looked_at

# How many occurrences of one series an answer lists.
MAX_LISTED: Final = 1_000

_PLACED: Final = (
    select(events, placements.c.exact.label("is_exact"))
    .join(placements, placements.c.event_id == events.c.id)
    .where((placements.c.starts < bindparam("end")) & (placements.c.ends > bindparam("begin")))
    .order_by(events.c.id)
)
_IN_FOLDER: Final = Statement(_PLACED.where(placements.c.folder == bindparam("calendar")))
_IN_FOLDER_BY_UID: Final = Statement(
    _PLACED.where(
        (looked_at(placements.c.folder) == bindparam("calendar")) & (func.lower(events.c.uid) == bindparam("uid"))
    )
)
_OF_USER: Final = Statement(
    _PLACED.where((placements.c.entity == bindparam("user")) & (placements.c.folder != NO_FOLDER))
)

_TAKING_PART: Final = Statement(_PLACED.where(placements.c.entity == bindparam("entity")))


def in_folder(connection: Connection, calendar: Calendar, span: Range, uid: str | None = None) -> list[Event]:
    """The events of a folder in a range by id; a series counts when one of its occurrences lies in the range.

    With `uid` only those that have it, in any case of letters.
    """
    if uid is not None:
        return _taking_place(
            _IN_FOLDER_BY_UID.all(connection, calendar=calendar.id, uid=uid.lower(), **_within(span)), span
        )
    return _taking_place(_IN_FOLDER.all(connection, calendar=calendar.id, **_within(span)), span)


def of_user(connection: Connection, user: int, span: Range) -> list[Event]:
    """The events in the calendars of a user in a range, by id."""
    return _taking_place(_OF_USER.all(connection, user=user, **_within(span)), span)


def taking_part(connection: Connection, entity: int, span: Range) -> list[Event]:
    """What a user or resource takes part in, wherever it lies, and may overlap the range, by id."""
    return [shared_event_of(row) for row in _TAKING_PART.all(connection, entity=entity, **_within(span))]


def _within(span: Range) -> dict[str, int]:
    return {"begin": span.begin, "end": span.end}


def _taking_place(rows: Iterable[Any], span: Range) -> list[Event]:
    found = []
    for row in rows:
        event = shared_event_of(row)
        if row.is_exact or takes_place(event, span):
            found.append(event)
    return found


def takes_place(event: Event, span: Range) -> bool:
    """Whether a single event overlaps the range, or a series has an occurrence there."""
    if not event.is_master:
        return overlaps(event.start.epoch_ms(span.zone), event.end.epoch_ms(span.zone), span)
    excluded = exceptions(event)
    if not excluded and span.begin <= event.start.epoch_ms(span.zone) < span.end:
        return True
    found = Recurrence.of(event.data, excluded).occurrences(span.begin, span.end, span.zone)
    return next(found, None) is not None


def overlaps(starts: int, ends: int, span: Range) -> bool:
    """Whether something lies in the range; what has no length counts at its start."""
    return starts < span.end and max(ends, starts + 1) > span.begin


def exceptions(master: Event) -> list[str]:
    """All recurrence ids at which the rule of a master does not hold."""
    return [*master.data.get("changeExceptionDates", ()), *master.data.get("deleteExceptionDates", ())]


def readable(calendar: Calendar, found: Iterable[Event]) -> list[Event]:
    """Those events whose existence the user may know."""
    user = calendar.user
    return [
        event for event in found if calendar.can_read(event) and not (is_private(event) and classified_for(event, user))
    ]


def expanded(view: View, found: Collection[Event], span: Range) -> Iterator[JSON]:
    """The JSON of events with every series replaced by its occurrences in the range."""
    view.prepare(found)
    for event in found:
        if event.is_master and "rrule" in event.data:
            yield from _occurrences(view, event, span)
        else:
            yield view.event(event)


def _occurrences(view: View, master: Event, span: Range) -> Iterator[JSON]:
    recurrence = Recurrence.of(master.data, exceptions(master))
    found = recurrence.occurrences(span.begin, span.end, span.zone)
    for occurrence in itertools.islice(found, MAX_LISTED):
        place = series_place(recurrence, occurrence.start.local) if view.shows("flags") else ()
        dates = {
            "recurrenceId": occurrence.start.recurrence_id(),
            "startDate": occurrence.start.to_json(),
            "endDate": occurrence.end.to_json(),
        }
        yield view.occurrence(master, dates, place)


def series_place(recurrence: Recurrence, local: datetime) -> tuple[str, ...]:
    """The flags about the position of a regular occurrence in its series."""
    ends = (("first_occurrence", recurrence.is_first(local)), ("last_occurrence", recurrence.is_last(local)))
    return ("series", *(name for name, holds in ends if holds))
