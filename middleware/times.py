"""Times as the older modules write them: milliseconds shifted into a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# The stamps that lie within the years 1 to 9999, whatever the zone.
FIRST_MS, LAST_MS = -62_135_500_000_000, 253_402_200_000_000


@cache
def zone_names() -> frozenset[str]:
    """The known Olson ids; reading them walks the file system, so it is done once."""
    return frozenset(available_timezones())


def wall_clock(stamp: int, zone: ZoneInfo) -> int:
    """`stamp` (ms since 1970, UTC) shifted so that it shows the local time of `zone` when read as UTC."""
    offset = datetime.fromtimestamp(stamp / 1000, UTC).astimezone(zone).utcoffset()
    return stamp + (int(offset.total_seconds()) * 1000 if offset else 0)


def from_wall_clock(shifted: int, zone: ZoneInfo) -> int:
    """The stamp (ms since 1970, UTC) at which clocks of `zone` show what `shifted` shows when read as UTC."""
    local = datetime.fromtimestamp(shifted / 1000, UTC).replace(tzinfo=zone)
    offset = local.utcoffset()
    return shifted - (int(offset.total_seconds()) * 1000 if offset else 0)
