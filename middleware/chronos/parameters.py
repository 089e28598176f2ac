"""Parameters that reading calls share: ranges of time and the zone of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from middleware.call import Call
from middleware.chronos.dates import parse_value, zone_info
from middleware.errors import invalid_parameter, missing_parameter

_EVER: Final = (-62_135_596_800_000, 253_402_300_799_000)


@dataclass(frozen=True, slots=True)
class Range:
    """A range of time in ms, the end excluded; `zone` is where floating and all-day events take place."""

    begin: int
    end: int
    zone: tzinfo

    @property
    def bounded(self) -> bool:
        """Whether it is a part of all time."""
        return (self.begin, self.end) != _EVER


def all_time(zone: tzinfo) -> Range:
    """The range that leaves nothing out."""
    return Range(*_EVER, zone)


def requested_range(call: Call, *, required: bool) -> Range:
    """The range of the parameters `rangeStart` and `rangeEnd`; all time when they may be absent and are."""
    zone = call.timezone()
    bounds = [_bound(call, name, required=required) for name in ("rangeStart", "rangeEnd")]
    begin, end = (given if given is not None else never for given, never in zip(bounds, _EVER, strict=True))
    return Range(begin, end, zone)


def _bound(call: Call, name: str, *, required: bool) -> int | None:
    text = call.params.get(name)
    if text is None:
        if required:
            raise missing_parameter(name)
        return None
    return instant_parameter(name, text)


def instant_parameter(name: str, text: str | None) -> int:
    """An RFC 5545 date or UTC date-time of a parameter in ms; SVL-0010 when it is none."""
    value = parse_value(text or "")
    if value is None:
        raise invalid_parameter(name, text)
    return value.epoch_ms(zone_info("UTC"))
