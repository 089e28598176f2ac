"""Ending a series before one of its occurrences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from middleware.chronos.dates import utc_text, zone_info
from middleware.chronos.event import Event
from middleware.chronos.exception_dates import store_list
from middleware.chronos.finding import Occurrence
from middleware.chronos.recurrence import instant_of


def end_before(master: Event, occurrence: Occurrence) -> None:
    """Give the rule an UNTIL just before the occurrence, and drop exceptions and dates from there on."""
    start = occurrence.recurrence.start
    if start.all_day:
        until = start.at(occurrence.local - timedelta(days=1)).value()
    elif start.floating:
        until = start.at(occurrence.local - timedelta(seconds=1)).value()
    else:
        until = utc_text(start.at(occurrence.local).epoch_ms(zone_info("UTC")) - 1000)
    parts = [part for part in master.data["rrule"].split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    master.data["rrule"] = ";".join([*parts, f"UNTIL={until}"])
    limit = instant_of(occurrence.recurrence_id)
    for name in ("changeExceptionDates", "deleteExceptionDates", "recurrenceDates"):
        store_list(master.data, name, before(master.data.get(name, ()), limit))


def before(recurrence_ids: Iterable[str], limit: int) -> list[str]:
    """The recurrence ids before an instant."""
    return [text for text in recurrence_ids if instant_of(text) < limit]
