"""The same server with its plain faults mended."""

from __future__ import annotations

import pytest

from middleware.context import Settings
from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, meeting


@pytest.fixture
def settings() -> Settings:
    """Everything mended."""
    return Settings(mend=True)


async def test_a_series_of_dates_only(alice: Person) -> None:
    event = await alice.new(meeting(recurrenceDates=["20270408T070000Z"]))
    days = [one["startDate"]["value"] for one in await alice.all(expand="true")]
    assert days == ["20270405T090000", "20270408T090000"]
    await alice.delete(event["id"])
    _, deleted, _ = await alice.updates(0)
    assert ids(deleted) == [event["id"]]


async def test_null_clears_everything(alice: Person) -> None:
    event = await alice.new(meeting(geo={"lat": 1, "long": 2}, extendedProperties={"X-A": {"value": "1"}}))
    after = (await alice.update(event["id"], {"geo": None, "extendedProperties": None}))["updated"][0]
    assert not {"geo", "extendedProperties"} & set(after)


async def test_the_text_of_an_alarm_changes(alice: Person) -> None:
    alarm = {"action": "DISPLAY", "trigger": {"duration": "-PT5M"}, "description": "old"}
    event = await alice.new(meeting(alarms=[alarm]))
    after = (await alice.update(event["id"], {"alarms": [{**alarm, "description": "new"}]}))["updated"][0]
    assert after["alarms"] == [{**event["alarms"][0], "description": "new"}]


async def test_alarms_have_an_update_of_their_own(alice: Person) -> None:
    event = await alice.new(meeting())
    params = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    alarm = {"action": "AUDIO", "trigger": {"duration": "-PT5M"}}
    answer = await alice.client.call("chronos/alarm", "update", body=[alarm], **params)
    assert answer["data"]["updated"][0]["alarms"][0]["action"] == "AUDIO"
    stale = await alice.client.call("chronos/alarm", "update", body=[], **{**params, "timestamp": 1})
    assert stale["code"] == "CAL-4120"
