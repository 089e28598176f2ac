"""Alarms: checking, replacing, pending triggers, acknowledging and snoozing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, meeting, weekly

DISPLAY = {"action": "DISPLAY", "trigger": {"duration": "-PT15M"}, "description": "ding"}
AUDIO = {"action": "AUDIO", "trigger": {"duration": "-PT10M"}}


async def alarm_call(person: Person, action: str, **params: Any) -> dict[str, Any]:
    """The envelope of a call of chronos/alarm."""
    answer: dict[str, Any] = await person.client.call("chronos/alarm", action, **params)
    return answer


def soon(minutes: int) -> dict[str, Any]:
    """An event of one hour that starts in so many minutes."""
    start = (datetime.now(UTC) + timedelta(minutes=minutes)).replace(microsecond=0)
    dates = [{"value": when.strftime("%Y%m%dT%H%M%SZ")} for when in (start, start + timedelta(hours=1))]
    return {"summary": "Soon", "startDate": dates[0], "endDate": dates[1]}


async def test_stored_alarms(alice: Person) -> None:
    sent: list[dict[str, Any]] = [
        DISPLAY,
        {"action": "DISPLAY", "trigger": {"dateTime": "20270301T070000Z"}, "description": "abs"},
        {"action": "AUDIO", "trigger": {"duration": "-PT5M", "related": "END"}},
        {"action": "EMAIL", "trigger": {"duration": "-P1D"}, "summary": "Mail", "description": "text"},
        {"action": "PROCEDURE", "trigger": {"duration": "PT0S"}, "uid": "my-uid", "acknowledged": 1800000000000},
    ]
    event = await alice.new(meeting(alarms=sent))
    stored = event["alarms"]
    assert [one.pop("id") for one in stored] == [1, 2, 3, 4, 5]
    assert stored[4].pop("uid") == "my-uid"
    assert all(len(one.pop("uid")) == 36 for one in stored[:4])
    mail = {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com"}
    agent = {"extendedProperties": {"ALARM-AGENT": {"value": "SERVER"}}}
    assert stored[:3] == sent[:3]
    assert stored[3] == {**sent[3], "attendees": [mail], **agent}
    assert stored[4]["acknowledged"] == 1800000000000
    assert event["flags"][0] == "alarms"


@pytest.mark.parametrize(
    "alarm",
    [
        {"action": "DISPLAY", "trigger": {"duration": "-PT5M"}},
        {"action": "AUDIO"},
        {"trigger": {"duration": "-PT5M"}},
        {"action": "AUDIO", "trigger": {"duration": "soon"}},
        {"action": "AUDIO", "trigger": {"duration": "P"}},
        {"action": "AUDIO", "trigger": {"duration": "P" + "9" * 5000 + "W"}},
        {"action": "AUDIO", "trigger": {"dateTime": "20270301T070000"}},
        {"action": "AUDIO", "trigger": {}},
    ],
)
async def test_refused_alarms(alice: Person, alarm: dict[str, Any]) -> None:
    answer = await alice.call("new", meeting(alarms=[alarm]), folder=alice.folder)
    assert (answer["code"], answer["error_params"]) == ("CAL-4005", ["0"])


async def test_alarms_are_each_users_own(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(alarms=[DISPLAY], attendees=[{"entity": 4}]))
    assert "alarms" not in await bob.get(event["id"])
    data = await bob.answer(event["id"], alarms=[AUDIO])
    assert [one["action"] for one in data["updated"][0]["alarms"]] == ["AUDIO"]
    assert [one["action"] for one in (await alice.get(event["id"]))["alarms"]] == ["DISPLAY"]
    assert (await alice.get(event["id"]))["sequence"] == 0
    data = await bob.answer(event["id"], alarms=None)
    assert "alarms" not in data["updated"][0]


async def test_a_replaced_alarm_is_recognised(alice: Person) -> None:
    event = await alice.new(meeting(alarms=[DISPLAY, AUDIO]))
    first = event["alarms"][0]
    changed = {"action": "DISPLAY", "trigger": {"duration": "-PT45M"}, "description": "other"}
    after = (await alice.update(event["id"], {"alarms": [changed]}))["updated"][0]["alarms"]
    # The real server keeps id, uid and the old text.
    assert after == [{**first, "trigger": {"duration": "-PT45M"}}]


async def test_overridden_instances_get_the_relative_alarms(alice: Person, bob: Person) -> None:
    absolute = {"action": "AUDIO", "trigger": {"dateTime": "20270405T060000Z"}}
    event = await alice.new(weekly(alarms=[DISPLAY, absolute], attendees=[{"entity": 4}]))
    await bob.answer(event["id"], "ACCEPTED", alarms=[AUDIO])
    data = await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270412T070000Z")
    copied = data["created"][0]["alarms"]
    assert [one["trigger"] for one in copied] == [DISPLAY["trigger"]]
    assert copied[0]["uid"] != event["alarms"][0]["uid"]
    assert (await bob.get(data["created"][0]["id"]))["alarms"][0]["action"] == "AUDIO"
    removed = await alice.update(event["id"], {"alarms": None}, recurrenceId="20270419T070000Z")
    assert "alarms" not in removed["created"][0]
    assert removed["created"][0]["sequence"] == 0


async def test_pending(alice: Person) -> None:
    late = {"action": "DISPLAY", "trigger": {"duration": "-PT30M"}, "description": "too late"}
    event = await alice.new({**soon(20), "alarms": [late, AUDIO, {**AUDIO, "action": "SMS"}]})
    end = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y%m%dT%H%M%SZ")
    answer = await alarm_call(alice, "pending", rangeEnd=end)
    start = datetime.strptime(event["startDate"]["value"], "%Y%m%dT%H%M%SZ")
    time = (start - timedelta(minutes=10)).strftime("%Y%m%dT%H%M%SZ")
    alarm_id = event["alarms"][1]["id"]
    trigger = {"time": time, "action": "AUDIO", "eventId": event["id"], "folder": alice.folder, "alarmId": alarm_id}
    assert answer == {"data": [trigger]}
    both = await alarm_call(alice, "pending", rangeEnd=end, actions="AUDIO,SMS")
    assert len(both["data"]) == 2
    assert (await alarm_call(alice, "pending"))["code"] == "SVL-0002"
    assert (await alarm_call(alice, "pending", rangeEnd="20200101T000000Z"))["data"] == []


async def test_pending_of_a_series_is_the_next_occurrence(alice: Person) -> None:
    await alice.new({**soon(-24 * 60 + 30), "rrule": "FREQ=DAILY;COUNT=5", "alarms": [AUDIO]})
    answer = await alarm_call(alice, "pending", rangeEnd="20360101T000000Z")
    (trigger,) = answer["data"]
    tomorrow = datetime.now(UTC) + timedelta(minutes=20)
    assert abs(datetime.strptime(trigger["time"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - tomorrow).seconds < 300
    assert trigger["recurrenceId"].endswith("Z")


async def test_snooze_and_acknowledge(alice: Person) -> None:
    event = await alice.new({**soon(10), "alarms": [DISPLAY]})
    alarm = event["alarms"][0]
    where = {"folder": alice.folder, "id": event["id"]}
    answer = await alarm_call(alice, "snooze", **where, alarmId=alarm["id"], snoozeTime=300000)
    assert "timestamp" not in answer
    old, new = answer["data"]["updated"][0]["alarms"]
    stamp = old["acknowledged"]
    assert old == {**alarm, "acknowledged": stamp}
    assert new["relatedTo"] == {"relType": "SNOOZE", "value": alarm["uid"]}
    instant = datetime.strptime(new["trigger"]["dateTime"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(instant.timestamp() * 1000 - stamp - 300000) < 1000
    pending = await alarm_call(alice, "pending", rangeEnd="20360101T000000Z")
    assert [one["alarmId"] for one in pending["data"]] == [new["id"]]
    answer = await alarm_call(alice, "ack", **where, alarmId=new["id"])
    assert all("acknowledged" in one for one in answer["data"]["updated"][0]["alarms"])
    assert (await alarm_call(alice, "pending", rangeEnd="20360101T000000Z"))["data"] == []


async def test_unknown_alarms_change_nothing(alice: Person) -> None:
    event = await alice.new(meeting(alarms=[DISPLAY]))
    answer = await alarm_call(alice, "ack", folder=alice.folder, id=event["id"], alarmId=999)
    assert answer == {"data": {"created": [], "updated": [], "deleted": []}}
    assert await alice.get(event["id"]) == event


async def test_there_is_no_update(alice: Person) -> None:
    event = await alice.new(meeting())
    params = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert (await alarm_call(alice, "update", body=[DISPLAY], **params))["code"] == "SVL-0021"
