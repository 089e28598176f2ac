"""Content lines and zones, which every text is made of."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.content_lines import Component, escaped, line, read, split, unescaped
from middleware.ical.zones import timezone

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=200)


@given(TEXT)
@settings(max_examples=50, deadline=None)
def test_texts_survive(text: str) -> None:
    written = line("BEGIN", "X") + line("SUMMARY", escaped(text)) + line("END", "X")
    (component,) = read(written)
    assert component.text("SUMMARY") == text
    assert all(len(one.encode()) <= 75 for one in written.split("\r\n"))


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_structured_values_survive(parts: list[str]) -> None:
    assert [unescaped(one) for one in split(";".join(map(escaped, parts)), ";")] == parts


@given(st.text(max_size=300))
@settings(max_examples=50, deadline=None)
def test_anything_can_be_read(text: str) -> None:
    assert all(isinstance(one, Component) for one in read(text.replace("x", "\r\nBEGIN:A\r\n")))


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "Africa/Casablanca", "Asia/Kolkata"],
)
def test_zones_tell_their_offsets(name: str) -> None:
    text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + timezone(name, 2026) + "END:VCALENDAR\r\n"
    (zone,) = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert isinstance(zone, icalendar.Timezone)
    written = zone.to_tz(lookup_tzid=False)
    for month in range(1, 13):
        moment = datetime(2027, month, 15, 12)
        assert moment.replace(tzinfo=written).utcoffset() == moment.replace(tzinfo=ZoneInfo(name)).utcoffset()
