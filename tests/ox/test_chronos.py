"""Module ``chronos`` against the embedded OX."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.ox import chronos, folders
from gateway.ox.call import FAR_FUTURE
from gateway.ox.chronos import Event, EventId
from gateway.ox.errors import (
    ChangedMeanwhile,
    ObjectNotFound,
    OutcomeUnknown,
    PermissionDenied,
    ResourceConflict,
    SequenceTooLow,
    UidConflict,
    Unsupported,
)
from gateway.ox.session import Session
from middleware.faults import Fault, Kind
from middleware.running import Running

RANGE = ("20270101T000000Z", "20280101T000000Z")


def event(summary: str, day: str = "0301", **more: Any) -> dict[str, Any]:
    return {
        "summary": summary,
        "startDate": {"value": f"2027{day}T090000", "tzid": "Europe/Berlin"},
        "endDate": {"value": f"2027{day}T100000", "tzid": "Europe/Berlin"},
        **more,
    }


def series(**more: Any) -> dict[str, Any]:
    return event("Weekly", "0405", rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=6", **more)


@pytest.fixture
async def calendar(alice: Session) -> str:
    return await alice.run(folders.create("1", "event", "Work"))


async def default_calendar(session: Session) -> str:
    return next(folder.id for folder in await session.run(folders.visible("event")) if folder.standard)


async def created(session: Session, folder: str, body: dict[str, Any]) -> Event:
    (made,) = (await session.run(chronos.create(folder, body))).created
    return made


async def test_the_life_of_an_event(alice: Session, calendar: str) -> None:
    made = await created(alice, calendar, event("One", uid="u1", filename="f1"))
    assert (made["uid"], made["filename"], made["folder"]) == ("u1", "f1", calendar)
    written = await alice.run(chronos.update(calendar, made["id"], made["timestamp"], {"summary": "Two"}))
    (changed,) = written.updated
    assert changed["summary"] == "Two"
    assert changed["timestamp"] > made["timestamp"]
    assert (await alice.run(chronos.get(EventId(calendar, made["id"]))))["summary"] == "Two"
    assert await alice.run(chronos.resolve(made["id"], ["id", "folder"])) == {"id": made["id"], "folder": calendar}
    (outcome,) = await alice.run(chronos.delete([EventId(calendar, made["id"])], changed["timestamp"]))
    assert outcome.error is None
    with pytest.raises(ObjectNotFound):
        await alice.run(chronos.get(EventId(calendar, made["id"])))
    assert await alice.run(chronos.resolve("99999")) is None


async def test_updates(alice: Session, calendar: str) -> None:
    fields = ["id", "uid", "timestamp"]
    assert await alice.run(chronos.updates(calendar, 0, fields)) == chronos.EventUpdates((), (), 0)
    first = await created(alice, calendar, event("One", uid="u1"))
    second = await created(alice, calendar, event("Two", uid="u2"))
    everything = await alice.run(chronos.updates(calendar, 0, fields))
    assert {each["uid"] for each in everything.changed} == {"u1", "u2"}
    since = await alice.run(chronos.updates(calendar, first["timestamp"], fields))
    assert [each["uid"] for each in since.changed] == ["u2"]
    await alice.run(chronos.delete([EventId(calendar, first["id"])], FAR_FUTURE))
    gone = await alice.run(chronos.updates(calendar, second["timestamp"], fields))
    assert gone.changed == ()
    assert [(each["id"], each["uid"]) for each in gone.deleted] == [(first["id"], "u1")]


async def test_events_by_id_keep_the_order(alice: Session, calendar: str) -> None:
    first = await created(alice, calendar, event("One"))
    second = await created(alice, calendar, event("Two"))
    wanted = [EventId(calendar, each) for each in (second["id"], "99999999", first["id"])]
    listed = await alice.run(chronos.events_by_id(wanted, ["id", "summary"]))
    assert listed == ({"id": second["id"], "summary": "Two"}, None, {"id": first["id"], "summary": "One"})
    other = await alice.run(folders.create("1", "event", "Other"))
    with pytest.raises(ObjectNotFound) as raised:
        await alice.run(chronos.events_by_id([wanted[0], EventId(other, first["id"])]))
    assert raised.value.code == "CAL-4041"


async def test_a_uid_that_exists(alice: Session, calendar: str) -> None:
    made = await created(alice, calendar, event("One", uid="dup"))
    other = await alice.run(folders.create("1", "event", "Other"))
    with pytest.raises(UidConflict) as raised:
        await alice.run(chronos.create(other, event("Two", uid="dup")))
    assert (raised.value.folder, raised.value.id) == (calendar, made["id"])


async def test_stale_writes(alice: Session, calendar: str) -> None:
    made = await created(alice, calendar, event("One"))
    stale = made["timestamp"]
    written = await alice.run(chronos.update(calendar, made["id"], stale, {"summary": "Two", "sequence": 5}))
    with pytest.raises(ChangedMeanwhile):
        await alice.run(chronos.update(calendar, made["id"], stale, {"summary": "Three"}))
    lower = {"summary": "Three", "sequence": 1}
    with pytest.raises(SequenceTooLow):
        await alice.run(chronos.update(calendar, made["id"], written.updated[0]["timestamp"], lower))
    (outcome,) = await alice.run(chronos.delete([EventId(calendar, made["id"])], stale))
    assert isinstance(outcome.error, ChangedMeanwhile)


async def test_a_series_and_one_changed_occurrence(alice: Session, calendar: str) -> None:
    master = await created(alice, calendar, series())
    written = await alice.run(
        chronos.update(calendar, master["id"], master["timestamp"], {"summary": "Moved"}, "20270412T070000Z")
    )
    (instance,) = written.created
    assert instance["seriesId"] == master["id"]
    assert [each["id"] for each in written.updated] == [master["id"]]
    occurrence = await alice.run(chronos.get(EventId(calendar, master["id"], "20270412T070000Z")))
    assert occurrence["id"] == instance["id"]
    removed = EventId(calendar, master["id"], "20270419T070000Z")
    (outcome,) = await alice.run(chronos.delete([removed], FAR_FUTURE))
    assert outcome.event == removed
    assert outcome.written is not None
    assert [each["id"] for each in outcome.written.updated] == [master["id"]]


async def test_all(alice: Session, calendar: str) -> None:
    for title in ("One", "Other"):
        await created(alice, calendar, event(title))
    listed = await alice.run(chronos.all_events([calendar, "cal://0/99999"], *RANGE, ["id"]))
    found = {each.folder: each for each in listed}
    assert len(found[calendar].events) == 2
    assert isinstance(found["cal://0/99999"].error, ObjectNotFound)


async def test_moves(alice: Session, calendar: str) -> None:
    target = await alice.run(folders.create("1", "event", "Other"))
    single = await created(alice, calendar, event("One"))
    written = await alice.run(chronos.move(calendar, single["id"], target, single["timestamp"]))
    assert written.stamp is not None
    assert (await alice.run(chronos.get(EventId(target, single["id"]))))["folder"] == target
    master = await created(alice, calendar, series())
    with pytest.raises(Unsupported) as raised:
        await alice.run(chronos.move(calendar, master["id"], target, master["timestamp"]))
    assert raised.value.code == "CAL-4224"


async def test_an_invitation_and_its_answer(alice: Session, bob: Session, calendar: str) -> None:
    made = await created(alice, calendar, event("Meeting", attendees=[{"entity": 3}, {"entity": 4}]))
    his = await default_calendar(bob)
    invited = await bob.run(chronos.get(EventId(his, made["id"])))
    await bob.run(chronos.update_attendee(his, made["id"], invited["timestamp"], {"entity": 4, "partStat": "ACCEPTED"}))
    answered = await alice.run(chronos.get(EventId(calendar, made["id"])))
    answers = {each.get("entity"): each["partStat"] for each in answered["attendees"]}
    assert answers[4] == "ACCEPTED"
    alarm = {"action": "DISPLAY", "description": "x", "trigger": {"duration": "-PT5M"}}
    await bob.run(chronos.set_alarms(his, made["id"], answered["timestamp"], bob.user_id, [alarm]))
    reminded = await bob.run(chronos.get(EventId(his, made["id"])))
    assert [each["trigger"] for each in reminded["alarms"]] == [{"duration": "-PT5M"}]
    assert {each.get("entity"): each["partStat"] for each in reminded["attendees"]} == answers
    assert "alarms" not in await alice.run(chronos.get(EventId(calendar, made["id"])))
    with pytest.raises(PermissionDenied):
        await bob.run(chronos.update(his, made["id"], FAR_FUTURE, {"summary": "Mine"}))


async def test_a_room_cannot_be_booked_twice(alice: Session, bob: Session, calendar: str) -> None:
    room = {"entity": 7, "cuType": "RESOURCE"}
    await created(alice, calendar, event("First", attendees=[{"entity": 3}, room]))
    his = await default_calendar(bob)
    with pytest.raises(ResourceConflict) as raised:
        await bob.run(chronos.create(his, event("Second", attendees=[{"entity": 4}, room])))
    assert raised.value.conflicts[0]["hard_conflict"] is True
    assert (await bob.run(chronos.updates(his, 0))).changed == ()


async def test_a_warning_beside_a_result(alice: Session, calendar: str) -> None:
    body = {**series(), "rrule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"}
    assert (await created(alice, calendar, body))["rrule"].startswith("FREQ=MONTHLY")


async def test_a_write_whose_answer_is_lost(ox: Running, alice: Session, calendar: str) -> None:
    ox.faults.add(Fault(Kind.DROP_AFTER, "chronos", "new"))
    with pytest.raises(OutcomeUnknown):
        await alice.run(chronos.create(calendar, event("Once", uid="once")))
    assert len((await alice.run(chronos.updates(calendar, 0))).changed) == 1
    assert ox.journal.count("chronos", "new") == 1


async def test_a_read_whose_answer_is_lost_is_asked_again(ox: Running, alice: Session, calendar: str) -> None:
    ox.faults.add(Fault(Kind.DROP_AFTER, "chronos", "updates"))
    assert (await alice.run(chronos.updates(calendar, 0))).changed == ()
    assert ox.journal.count("chronos", "updates") == 2
