"""When people are busy, as others may learn it."""

from __future__ import annotations

from typing import Any

from middleware.contract.dates import MONDAY, at, event, series
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Actor, Stage

_DAYS = {"from": f"{MONDAY:%Y%m%d}T000000Z", "until": f"{MONDAY:%Y%m}28T000000Z"}


async def _times(stage: Stage, asking: Actor, of: Any, ids: set[str]) -> tuple[list[Any], Any]:
    """What is told about these events to somebody who asks about one attendee, and the whole answer."""
    answer = await asking.done("freeBusy", "chronos", "freeBusy", {"attendees": [of]}, **_DAYS)
    stage.check.need("one entry per attendee", isinstance(answer.data, list) and len(answer.data) == 1, answer.data)
    times = answer.data[0].get("freeBusyTime", ())
    return [one for one in times if one.get("event", {}).get("id") in ids], answer


@scenario("free-busy", "busy times of others, without what is in the events", Need.CALENDAR, Need.SECOND_USER)
async def free_busy(stage: Stage) -> None:
    check, first, second = stage.check, stage.first, stage.second
    calendar = await stage.calendar()
    free = event("Free", startDate=at(11), endDate=at(12), transp="TRANSPARENT")
    perhaps = event("Perhaps", startDate=at(13), endDate=at(14), status="TENTATIVE")
    secret = event("Secret", startDate=at(15), endDate=at(16), **{"class": "CONFIDENTIAL"})
    made = [await stage.event(calendar, body) for body in (event("Busy"), free, perhaps, secret)]
    kinds = dict(zip((one["id"] for one in made), ("BUSY", "FREE", "BUSY-TENTATIVE", "BUSY"), strict=True))

    times, _ = await _times(stage, second, {"entity": first.user_id}, set(kinds))
    seen = {one["event"]["id"]: one.get("fbType") for one in times}
    check.equal("kinds of time", sorted(seen.items()), sorted(kinds.items()))
    for one in times:
        check.members("a time", one, startTime=int, endTime=int)
        check.lacks("an event of another", one.get("event"), "summary", "location", "description")
    own, _ = await _times(stage, first, {"entity": first.user_id}, {made[0]["id"]})
    check.equal("the own event has its summary", [one["event"].get("summary") for one in own], ["Busy"])

    weekly = await stage.event(calendar, series("Weekly"))
    times, _ = await _times(stage, second, {"entity": first.user_id}, {weekly["id"]})
    check.true("a series counts with its occurrences", len(times) > 1, times)
    outside = {"uri": "mailto:guest@other.example"}
    times, answer = await _times(stage, second, outside, set(kinds))
    check.equal("nothing is known of people from outside", times, [])
    warnings = [one.get("code") for one in answer.data[0].get("warnings", ())]
    check.equal("which is told in a warning", warnings, ["CAL-5033"])
