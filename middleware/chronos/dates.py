"""Dates of events: the JSON form of OX, recurrence ids, and the instants behind them.

Four kinds of date-times exist: a date (all-day), a floating local time, a local time in a zone, and UTC.
Instants are milliseconds since 1970; floating and all-day values become instants in the zone of the viewer.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from middleware.chronos.data_errors import invalid_timezone
from middleware.errors import unparsable_body

_EPOCH = datetime(1970, 1, 1)
_VALUE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
_DATE_FORMAT = "%Y%m%d"
_TIME_FORMAT = "%Y%m%dT%H%M%S"
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class When:
    """A point of a calendar: `local` is naive wall-clock time; `zone` is "UTC", an Olson id, or None.

    `all_day` values have midnight as `local` and no zone; a value without zone that is not all-day floats.
    """

    local: datetime
    zone: str | None = None
    all_day: bool = False

    @property
    def floating(self) -> bool:
        """Whether the instant depends on where the viewer is."""
        return self.zone is None

    def epoch_ms(self, viewer: tzinfo) -> int:
        """The instant in ms; `viewer` is the zone of floating and all-day values."""
        if self.zone == "UTC":
            return naive_ms(self.local)
        return local_ms(self.local, viewer if self.zone is None else zone_info(self.zone))

    def value(self) -> str:
        """The text that stands in the member `value`."""
        if self.all_day:
            return _strftime(self.local, _DATE_FORMAT)
        return _strftime(self.local, _TIME_FORMAT) + ("Z" if self.zone == "UTC" else "")

    def to_json(self) -> dict[str, str]:
        """The DateTime object of the API."""
        if self.zone is None or self.zone == "UTC":
            return {"value": self.value()}
        return {"value": self.value(), "tzid": self.zone}

    def recurrence_id(self) -> str:
        """The spelling that the server itself gives to a recurrence id: `Europe/Berlin:20270412T090000`."""
        if self.zone is None or self.zone == "UTC":
            return self.value()
        return f"{self.zone}:{self.value()}"

    def at(self, local: datetime) -> When:
        """The same kind of value at another wall-clock time."""
        return When(local, self.zone, self.all_day)

    def same_kind(self, other: When) -> bool:
        """Whether both are dates, both float, or both are instants."""
        return self.all_day == other.all_day and self.floating == other.floating


def _strftime(value: datetime, pattern: str) -> str:
    # strftime does not pad years below 1000 everywhere.
    return value.strftime(pattern.replace("%Y", f"{value.year:04d}"))


@functools.cache
def known_zones() -> frozenset[str]:
    """The ids of all time zones."""
    return frozenset(available_timezones())


@functools.cache
def zone_info(name: str) -> ZoneInfo:
    """The zone of that id, which must exist."""
    return ZoneInfo(name)


def naive_ms(value: datetime) -> int:
    """The instant of a naive UTC time."""
    delta = value - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def local_ms(value: datetime, zone: tzinfo) -> int:
    """The instant of a wall-clock time in a zone; of a repeated hour the first, a skipped one by its old offset."""
    offset = value.replace(tzinfo=zone).utcoffset()
    return naive_ms(value) - int((offset or timedelta()).total_seconds() * 1000)


def from_ms(instant: int, zone: str = "UTC") -> datetime:
    """The naive wall-clock time of an instant in a zone; clamped to the years that dates can hold."""
    if instant >= naive_ms(datetime(9999, 12, 30)):
        return datetime(9999, 12, 30)
    if instant <= naive_ms(datetime(1, 1, 2)):
        return datetime(1, 1, 2)
    utc = _EPOCH + timedelta(milliseconds=instant)
    if zone == "UTC":
        return utc
    return utc.replace(tzinfo=UTC).astimezone(zone_info(zone)).replace(tzinfo=None)


def utc_text(instant: int) -> str:
    """`20270412T070000Z` of an instant."""
    return When(from_ms(instant).replace(microsecond=0), "UTC").value()


def parse_value(text: str, zone: str | None = None) -> When | None:
    """A date or date-time text, `zone` being that of a local time; None when it is neither."""
    match = _VALUE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, utc = match.groups()
    try:
        if hour is None:
            return When(datetime(int(year), int(month), int(day)), None, True)
        # A leap second is the last second of its minute here.
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59))
    except ValueError:
        return None
    return When(local, "UTC" if utc or zone in {"UTC", "Z"} else zone)


def parse_json(field: str, value: Any) -> When:
    """A DateTime object of a request. Raises CAL-4001 for an unknown zone, SVL-0002 for anything malformed."""
    if not isinstance(value, dict):
        raise unparsable_body(f'JSONObject["{field}"] is not a JSONObject, but {java_class(value)}')
    text, zone = value.get("value"), value.get("tzid")
    if not isinstance(text, str):
        raise unparsable_body('JSONObject["value"] not found.')
    if zone is not None and (not isinstance(zone, str) or zone not in known_zones()):
        raise invalid_timezone(str(zone))
    when = parse_value(text, zone)
    if when is None:
        raise unparsable_body(f"Invalid date-time value: {text}")
    return when


def stored(value: dict[str, str]) -> When:
    """A DateTime object as the store holds it."""
    when = parse_value(value["value"], value.get("tzid"))
    if when is None:
        raise ValueError(f"stored date is damaged: {value['value']}")
    return when


def parse_recurrence_id(text: str) -> When | None:
    """A recurrence id in any of its spellings; None when it is none or names an unknown zone."""
    zone, separator, value = text.rpartition(":")
    if not separator:
        return parse_value(text)
    return parse_value(value, zone) if zone in known_zones() else None


def java_class(value: Any) -> str:
    """How the server names the type of a JSON value in its messages."""
    names = {
        dict: "org.json.JSONObject",
        list: "org.json.JSONArray",
        str: "java.lang.String",
        bool: "java.lang.Boolean",
        int: "java.lang.Integer",
        float: "java.math.BigDecimal",
    }
    return names.get(type(value), "org.json.JSONObject$Null")
