"""iCalendar files into a calendar of OX 7.8."""

from __future__ import annotations

import pytest

from middleware.context import Settings
from middleware.generation import Generation
from tests.middleware_chronos.people import Person
from tests.middleware_transfer.conftest import exported, imported
from tests.middleware_transfer.test_events import SERIES, calendar


@pytest.fixture
def settings() -> Settings:
    return Settings(Generation.SEVEN)


async def test_ids_of_folders_are_plain(alice: Person) -> None:
    (entry,) = await imported(alice.client, "ICAL", "31", calendar(SERIES))
    assert entry["folder_id"] == "31"
    assert "RRULE:FREQ=DAILY;COUNT=5" in await exported(alice.client, "ICAL", folder="31")


async def test_rules_that_appointments_cannot_say_are_refused(alice: Person) -> None:
    odd = SERIES.replace("FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,5")
    (entry,) = await imported(alice.client, "ICAL", "31", calendar(odd))
    assert entry["code"] == "CAL-4223"
    assert "VEVENT" not in await exported(alice.client, "ICAL", folder="31")
