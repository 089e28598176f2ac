"""Dates of iCalendar properties in the JSON forms of chronos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from middleware.chronos.alarm_data import duration
from middleware.chronos.dates import When, known_zones, parse_value
from middleware.content_lines import Component, Property

_DAY = timedelta(days=1)


class Zones:
    """What the TZIDs of a text mean; `default` is the zone for those that cannot be known."""

    def __init__(self, calendar: Component, default: str) -> None:
        self._default = default
        self._locations: Mapping[str, str] = {
            zone.text("TZID"): zone.text("X-LIC-LOCATION") for zone in calendar.within("VTIMEZONE")
        }

    def name(self, tzid: str) -> str:
        """The Olson id for a TZID."""
        parts = re.split(r"/", tzid)
        tails = ["/".join(parts[at:]) for at in range(len(parts))]
        candidates = (*tails, self._locations.get(tzid, ""), WINDOWS_TO_OLSON.get(tzid, ""), self._default)
        return next((one for one in candidates if one in known_zones()), "UTC")

    def when(self, found: Property | None) -> When | None:
        """The date or date-time of a property; None when it has none."""
        return None if found is None else self.parse(found.value.strip(), found)

    def parse(self, text: str, found: Property) -> When | None:
        """One of the values of a property, as EXDATE may have several."""
        tzid = found.param("TZID")
        return parse_value(text, self.name(tzid) if tzid else None)

    def recurrence_ids(self, properties: Iterable[Property]) -> list[str]:
        """All values of EXDATE or RDATE properties; of periods their starts."""
        values = ((text.strip().partition("/")[0], one) for one in properties for text in one.value.split(","))
        found = (self.parse(text, one) for text, one in values)
        return [when.recurrence_id() for when in found if when is not None]


def end_of(event: Component, start: When, zones: Zones) -> When:
    """The end of an event: DTEND, or DURATION after the start, else the day of the start or its moment."""
    end = zones.when(event.first("DTEND"))
    if end is not None and end.all_day == start.all_day:
        return end
    length = duration(event.text("DURATION").strip()) or (_DAY if start.all_day else timedelta())
    try:
        return start.at(start.local + length)
    except OverflowError:
        return start
