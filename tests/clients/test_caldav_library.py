"""The `caldav` library as people use it in scripts: discover, create, search, expand, edit, delete."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from caldav.davclient import DAVClient

from tests.oxclient import OX
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def principal(world: World) -> Iterator[Any]:
    with DAVClient(url=world.url, username="alice", password="demo") as client:
        yield client.principal()


@pytest.fixture
def default(principal: Any) -> Any:
    return next(one for one in principal.calendars() if one.get_display_name() == "Calendar")


async def test_ordinary_use(principal: Any, default: Any, alice_ox: OX) -> None:
    start = datetime(2027, 6, 7, 10, 0, tzinfo=BERLIN)

    def work() -> list[datetime]:
        made = default.save_event(
            dtstart=start, dtend=start + timedelta(hours=1), summary="Weekly", rrule={"FREQ": "WEEKLY", "COUNT": 4}
        )
        assert made.icalendar_component["summary"] == "Weekly"
        window = (datetime(2027, 6, 10, tzinfo=UTC), datetime(2027, 6, 25, tzinfo=UTC))
        found = default.search(start=window[0], end=window[1], event=True, expand=False)
        assert [str(one.icalendar_component["summary"]) for one in found] == ["Weekly"]
        instances = default.search(start=window[0], end=window[1], event=True, expand=True)
        starts = sorted(one.icalendar_component.start.astimezone(UTC) for one in instances)
        again = default.event_by_url(made.url)
        again.load()
        with again.edit_icalendar_component() as component:
            component["summary"] = "Edited"
        again.save()
        return starts

    starts = await asyncio.to_thread(work)
    assert starts == [datetime(2027, 6, 14, 8, tzinfo=UTC), datetime(2027, 6, 21, 8, tzinfo=UTC)]
    (stored,) = [one for one in await alice_ox.events() if one.get("summary") == "Edited"]
    assert stored["rrule"] == "FREQ=WEEKLY;COUNT=4"

    def remove() -> None:
        (found,) = default.search(event=True, summary="Edited")
        found.delete()

    await asyncio.to_thread(remove)
    assert not [one for one in await alice_ox.events() if one.get("summary") == "Edited"]


async def test_a_calendar_of_its_own(principal: Any) -> None:
    def work() -> None:
        made = principal.make_calendar(name="Scripted", cal_id="scripted")
        assert "Scripted" in [calendar.get_display_name() for calendar in principal.calendars()]
        made.save_event(
            dtstart=datetime(2027, 6, 1, 9, tzinfo=BERLIN),
            dtend=datetime(2027, 6, 1, 10, tzinfo=BERLIN),
            summary="In it",
            uid="scripted-1",
        )
        assert str(made.event_by_uid("scripted-1").icalendar_component["summary"]) == "In it"
        token = made.objects_by_sync_token(load_objects=False)
        assert len(list(token)) == 1
        made.delete()
        assert "Scripted" not in [calendar.get_display_name() for calendar in principal.calendars()]

    await asyncio.to_thread(work)
