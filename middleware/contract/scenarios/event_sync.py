"""What `updates` of a calendar reports: the basis of every synchronisation."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import RANGE, at, event, utc_id
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

NOTHING: dict[str, Any] = {"newAndModified": [], "deleted": []}


@scenario("event-updates", "what is new, changed and gone since a stamp", Need.CALENDAR)
async def updates(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    for stamp in (0, 1_700_000_000_000, FAR_FUTURE):
        empty = await first.done("updates of an empty calendar", "chronos", "updates", folder=calendar, timestamp=stamp)
        check.equal("updates of an empty calendar", empty.data, NOTHING)
        check.equal("updates without a change echo the stamp", empty.timestamp, stamp)
    one = await stage.event(calendar, event("One", filename="one"))
    two = await stage.event(calendar, event("Two"))
    query = {"folder": calendar, "timestamp": one["timestamp"] - 1}
    both = await first.done("updates since before both", "chronos", "updates", **query)
    check.equal("updates show whole events", both.data, {"newAndModified": [one, two], "deleted": []})
    check.equal("the stamp of updates is the greatest", both.timestamp, two["timestamp"])
    seen = await first.events("updates since the last stamp", calendar, two["timestamp"])
    check.equal("updates since the last stamp", seen, NOTHING)
    query = {"folder": calendar, "fields": "id,nosuch", "timestamp": 0}
    await first.refused("an unknown field", "SVL-0010", "USER_INPUT", "chronos", "updates", **query)
    await first.refused("no stamp", "SVL-0002", "USER_INPUT", "chronos", "updates", folder=calendar)
    await first.change("a change", one, {"summary": "Changed"})
    seen = await first.events("updates after a change", calendar, two["timestamp"])
    summaries = [(item["id"], item["summary"]) for item in seen["newAndModified"]]
    check.equal("updates after a change", summaries, [(one["id"], "Changed")])
    await _deletion(stage, calendar, two)


async def _deletion(stage: Stage, calendar: str, gone: Any) -> None:
    check, first = stage.check, stage.first
    (entry,) = await first.remove("a deletion", gone)
    stamp = entry["timestamp"]
    answer = await first.done("updates after", "chronos", "updates", folder=calendar, timestamp=stamp - 1)
    check.equal("only the deletion is reported", answer.data.get("newAndModified"), [])
    check.equal("the stamp of updates after a deletion", answer.timestamp, stamp)
    (tombstone,) = answer.data.get("deleted") or [{}]
    check.members("a tombstone", tombstone, id=str, uid=str, folder=str, timestamp=int, startDate=dict)
    check.lacks("a tombstone", tombstone, "summary", "description", "location")
    for name in ("id", "uid", "folder", "startDate"):
        check.equal(f"a tombstone: {name}", tombstone.get(name), gone[name])
    few = await first.events("updates with fields", calendar, stamp - 1, fields="id,uid")
    expected = {"newAndModified": [], "deleted": [{"id": gone["id"], "uid": gone["uid"]}]}
    check.equal("`fields` holds for tombstones, too", few, expected)
    everything = await first.events("updates since 0", calendar)
    ids = [item["id"] for item in everything["deleted"]]
    check.equal("updates since 0 list deletions, too", ids, [gone["id"]])


@scenario("colliding-stamps", "no event is missed whose stamp it shares with others", Need.CALENDAR)
async def colliding_stamps(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    calls = [
        {
            "module": "chronos",
            "action": "new",
            "folder": calendar,
            "fields": "id,timestamp",
            "data": event(f"E{number}", startDate=at(9, days=number), endDate=at(10, days=number)),
        }
        for number in range(8)
    ]
    answer = await first.call("multiple", "", calls)
    check.need("a batch answers each call", isinstance(answer.body, list) and len(answer.body) == 8, answer.describe())
    made = {one["data"]["created"][0]["id"]: one["data"]["created"][0]["timestamp"] for one in answer.body}
    listed = (await first.done("all", "chronos", "all", folder=calendar, fields="id,timestamp", **RANGE)).data
    check.equal("all of them are there", {one["id"]: one["timestamp"] for one in listed}, made)
    for since in sorted({0, *made.values()} | {stamp - 1 for stamp in made.values()}):
        seen = await first.events("updates", calendar, since, fields="id,timestamp")
        found = {one["id"]: one["timestamp"] for one in seen["newAndModified"]}
        later = {event_id: stamp for event_id, stamp in made.items() if stamp > since}
        check.equal("updates report exactly what has a later stamp", found, later)
    alike = len(made) - len(set(made.values()))
    check.note(f"{alike} of 8 stamps collided" if alike else "stamps did not collide")


@scenario("date-list-only", "an event with dates but without a rule", Need.CALENDAR)
async def dates_without_rule(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    since = (await stage.event(calendar, event("Before")))["timestamp"]
    body = event("Dates", recurrenceDates=[utc_id(0, days=3)])
    answer = await first.call("chronos", "new", body, folder=calendar)
    made = check.success("an event with dates only", answer).data["created"][0]
    await first.remove("deleting it", made)
    after = await first.call("chronos", "updates", folder=calendar, timestamp=since, fields="id")
    if after.failed:
        check.failure("the warning that it has no rule", answer.envelope, "CAL-1990", "WARNING")
        check.error("updates after its deletion", after, "CAL-4002", "USER_INPUT")
        check.note("poisons the updates of its calendar once it is deleted")
        return
    ids = [one["id"] for one in after.data["deleted"]]
    check.equal("updates after its deletion", ids, [made["id"]])
    check.note("does no harm")
