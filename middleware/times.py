"""Times as the older modules write them: milliseconds shifted into a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def wall_clock(stamp: int, zone: ZoneInfo) -> int:
    """`stamp` (ms since 1970, UTC) shifted so that it shows the local time of `zone` when read as UTC."""
    offset = datetime.fromtimestamp(stamp / 1000, UTC).astimezone(zone).utcoffset()
    return stamp + (int(offset.total_seconds()) * 1000 if offset else 0)
