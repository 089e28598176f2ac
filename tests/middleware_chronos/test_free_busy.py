"""Busy times of users, resources, groups and strangers."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from middleware.chronos.free_busy import Interval, merged
from tests.middleware_chronos.people import Person, at, meeting

DAY = {"from": "20270405T000000Z", "until": "20270407T000000Z"}
NINE, TEN = 1806908400000, 1806912000000
HOUR = 3_600_000


async def busy(person: Person, *attendees: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    """The answer about attendees."""
    answer = await person.call("freeBusy", {"attendees": list(attendees)}, **{**DAY, **params})
    data: list[dict[str, Any]] = answer["data"]
    return data


async def test_kinds_and_what_others_learn(alice: Person, bob: Person) -> None:
    shared = await alice.new(meeting("Busy", attendees=[{"entity": 4}, {"entity": 7, "cuType": "RESOURCE"}]))
    await alice.new(meeting("Transp", transp="TRANSPARENT"))
    await alice.new(meeting("Tent", status="TENTATIVE"))
    await alice.new(meeting("Priv", **{"class": "PRIVATE"}))
    await alice.new(meeting("Conf", **{"class": "CONFIDENTIAL"}))
    (about_alice,) = await busy(bob, {"entity": 3})
    assert about_alice["attendee"] == {"entity": 3}
    kinds = [(one["fbType"], one["event"].get("summary")) for one in about_alice["freeBusyTime"]]
    assert kinds == [("BUSY", "Busy"), ("FREE", None), ("BUSY-TENTATIVE", None), ("BUSY", None)]
    first = about_alice["freeBusyTime"][0]
    assert (first["startTime"], first["endTime"]) == (NINE, TEN)
    assert first["event"] == {
        "id": shared["id"],
        "uid": shared["uid"],
        "folder": bob.folder,
        "summary": "Busy",
        "class": "PUBLIC",
        "transp": "OPAQUE",
        "createdBy": shared["createdBy"],
        "startDate": shared["startDate"],
        "endDate": shared["endDate"],
    }
    assert about_alice["freeBusyTime"][1]["event"]["folder"] is None
    about_bob, about_room = await busy(bob, {"entity": 4}, {"uri": "mailto:room1@example.com"})
    assert [one["fbType"] for one in about_bob["freeBusyTime"]] == ["BUSY-TENTATIVE"]
    assert [one["fbType"] for one in about_room["freeBusyTime"]] == ["BUSY"]
    (own,) = await busy(alice, {"entity": 3})
    assert [one["event"]["summary"] for one in own["freeBusyTime"]] == ["Busy", "Transp", "Tent", "Priv", "Conf"]


async def test_series_and_all_day_events_are_clipped(alice: Person) -> None:
    await alice.new(meeting(rrule="FREQ=DAILY;COUNT=10"))
    await alice.new({"startDate": at("20270405", None), "endDate": at("20270406", None)})
    (answer,) = await busy(alice, {"entity": 3})
    times = [(one["startTime"], one["endTime"]) for one in answer["freeBusyTime"]]
    midnight_utc = NINE - 7 * HOUR
    # The day begins at 22:00 UTC of the day before, the answer with its range.
    assert times == [(NINE, TEN), (NINE + 24 * HOUR, TEN + 24 * HOUR), (midnight_utc, midnight_utc + 22 * HOUR)]
    (whole,) = await busy(alice, {"entity": 3}, merge="true")
    assert [(one["startTime"], "event" in one) for one in whole["freeBusyTime"]] == [
        (midnight_utc, False),
        (NINE + 24 * HOUR, True),
    ]


async def test_masks(alice: Person) -> None:
    event = await alice.new(meeting())
    for mask in ({"maskUid": event["uid"]}, {"maskId": event["id"]}):
        (answer,) = await busy(alice, {"entity": 3}, **mask)
        assert answer["freeBusyTime"] == []


async def test_declined_and_left_meetings_do_not_count(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 4}]))
    await bob.answer(event["id"], "DECLINED")
    assert (await busy(alice, {"entity": 4}))[0]["freeBusyTime"] == []


async def test_transparent_for_one_attendee(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 4}]))
    await bob.answer(event["id"], "ACCEPTED", attendee={"transp": "TRANSPARENT"})
    mine, his = await busy(alice, {"entity": 3}, {"entity": 4})
    assert [one["freeBusyTime"][0]["fbType"] for one in (mine, his)] == ["BUSY", "FREE"]


async def test_strangers_and_groups(alice: Person) -> None:
    stranger, group = await busy(alice, {"uri": "mailto:x@other.example"}, {"entity": 6, "cuType": "GROUP"})
    assert "freeBusyTime" not in stranger
    assert (stranger["warnings"][0]["code"], stranger["warnings"][0]["error_params"]) == (
        "CAL-5033",
        ["x@other.example"],
    )
    assert group == {"attendee": {"entity": 6, "cuType": "GROUP"}, "freeBusyTime": []}


async def test_one_unknown_user_leaves_everybody_without(alice: Person) -> None:
    await alice.new(meeting())
    answer = await busy(alice, {"entity": 3}, {"entity": 4711})
    assert [one["freeBusyTime"] for one in answer] == [[], []]
    assert {one["warnings"][0]["code"] for one in answer} == {"CAL-4034"}


async def test_missing_parts(alice: Person) -> None:
    assert await busy(alice) == []
    answer = await alice.call("freeBusy", {"attendees": []})
    assert (answer["code"], answer["error_params"]) == ("SVL-0010", ["from", "null"])
    assert await alice.code("freeBusy", {}, **DAY) == "SVL-0002"


_KINDS = ("FREE", "BUSY-TENTATIVE", "BUSY")
_INTERVALS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 6), st.sampled_from(_KINDS)).map(
        lambda one: Interval(one[0], one[0] + one[1], one[2], {"id": "1"})
    ),
    max_size=8,
)


@given(_INTERVALS)
def test_merging_keeps_the_strongest_kind_of_every_moment(intervals: list[Interval]) -> None:
    result = merged(intervals)
    assert all(one.end <= other.begin for one, other in itertools.pairwise(result))
    for moment in range(30):
        kinds = [_KINDS.index(one.kind) for one in intervals if one.begin <= moment < one.end]
        found = [_KINDS.index(one.kind) for one in result if one.begin <= moment < one.end]
        assert found == ([max(kinds)] if kinds else [])
