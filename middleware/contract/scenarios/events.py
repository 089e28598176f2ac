"""Single events: creating, reading, changing, deleting, moving."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import RANGE, at, day, event, series
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

UNKNOWN_ID = "99999999"
UNKNOWN_FOLDER = "cal://0/99999999"
USER_INPUT = "USER_INPUT"

_TYPES = {
    "id": str,
    "folder": str,
    "uid": str,
    "timestamp": int,
    "lastModified": int,
    "created": int,
    "sequence": int,
    "class": str,
    "transp": str,
    "startDate": dict,
    "endDate": dict,
    "createdBy": dict,
    "modifiedBy": dict,
    "calendarUser": dict,
    "organizer": dict,
    "attendees": list,
    "flags": list,
}


@scenario("event-new", "zoned, UTC, floating and all-day events, and what the server adds", Need.CALENDAR)
async def new(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    spans = {
        "zoned": (at(9), at(10)),
        "UTC": ({"value": f"{day()}T080000Z"}, {"value": f"{day()}T090000Z"}),
        "floating": ({"value": f"{day()}T090000"}, {"value": f"{day()}T100000"}),
        "all-day": ({"value": day()}, {"value": day(days=1)}),
        "without length": (at(9), at(9)),
    }
    for kind, (start, end) in spans.items():
        made = await stage.event(calendar, {"summary": kind, "startDate": start, "endDate": end})
        what = f"a new event, {kind}"
        check.members(what, made, **_TYPES)
        check.equal(f"{what}: startDate", made.get("startDate"), start)
        check.equal(f"{what}: endDate", made.get("endDate"), end)
        seen = await first.event(what, calendar, made["id"])
        check.equal(f"{what}: read again", seen, made)
    check.equal("a new event: summary", made.get("summary"), "without length")
    check.equal("a new event: folder", made.get("folder"), calendar)
    check.equal("a new event: sequence", made.get("sequence"), 0)
    check.equal("a new event: class", made.get("class"), "PUBLIC")
    check.equal("a new event: transp", made.get("transp"), "OPAQUE")
    people = [(one.get("entity"), one.get("partStat"), one.get("folder")) for one in made["attendees"]]
    owner = (first.user_id, "ACCEPTED", calendar.removeprefix("cal://0/"))
    check.equal("the owner attends his event, in a folder with a plain id", people, [owner])
    check.contains("flags of an event of one's own", made["flags"], "organizer", "accepted")
    check.true("only a meeting has the flag scheduled", "scheduled" not in made["flags"], made["flags"])


@scenario("event-refused", "how wrong new events are refused", Need.CALENDAR)
async def refused(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    wrong: dict[str, tuple[str, str, Any]] = {
        "no end": ("CAL-4220", USER_INPUT, {"summary": "x", "startDate": at(9)}),
        "no start": ("CAL-4220", USER_INPUT, {"summary": "x"}),
        "an event in a wrapper": ("CAL-4220", USER_INPUT, {"event": event("x")}),
        "an end before the start": ("CAL-4221", USER_INPUT, {"startDate": at(9), "endDate": at(8)}),
        "a start with time, an end without": (
            "CAL-4229",
            USER_INPUT,
            {"startDate": at(9), "endDate": {"value": day(1)}},
        ),
        "an unknown time zone": (
            "CAL-4001",
            USER_INPUT,
            event("x", startDate={"value": f"{day()}T090000", "tzid": "Mars/Base"}),
        ),
        "categories that are no array": ("SVL-0002", "ERROR", event("x", categories="a,b")),
        "an alarm without description": ("CAL-4005", USER_INPUT, event("x", alarms=[_alarm()])),
    }
    for what, (code, category, body) in wrong.items():
        await first.refused(what, code, category, "chronos", "new", body, folder=calendar)
    long = await first.refused(
        "a summary of 300 letters", "CAL-5070", "TRUNCATED", "chronos", "new", event("x" * 300), folder=calendar
    )
    check.equal("what is too long", long.envelope.get("problematic"), [{"id": 0, "length": 300, "max_size": 255}])
    plain = calendar.removeprefix("cal://0/")
    await first.refused("a plain folder id", "CAL-4060", USER_INPUT, "chronos", "new", event("x"), folder=plain)
    query = {"folder": UNKNOWN_FOLDER}
    await first.refused("an unknown folder", "CAL-4045", USER_INPUT, "chronos", "new", event("x"), **query)
    await first.refused("no folder", "SVL-0002", USER_INPUT, "chronos", "new", event("x"))
    seen = await first.events("updates", calendar)
    check.equal("nothing was stored", seen, {"newAndModified": [], "deleted": []})


def _alarm() -> dict[str, Any]:
    return {"action": "DISPLAY", "trigger": {"duration": "-PT5M"}}


@scenario("event-fields", "what of an event is stored and comes back", Need.CALENDAR)
async def fields(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    rich: dict[str, Any] = {
        "uid": f"{uuid4()}@contract",
        "filename": "name-chosen-by-the-client",
        "location": "Cologne",
        "description": 'Line 1\nLine 2, with; chars \\ and "quotes" ü 🎉',
        "categories": ["Work", "Über uns"],
        "geo": {"lat": 50.94, "long": 6.96},
        "url": "https://example.org/event",
        "class": "CONFIDENTIAL",
        "transp": "TRANSPARENT",
        "status": "TENTATIVE",
        "color": "blue",
        "extendedProperties": {"X-ONE": {"value": "1", "X-PARAMETER": "p"}, "X-MANY": [{"value": "a"}, {"value": "b"}]},
    }
    made = await stage.event(calendar, event("Everything", **rich))
    seen = await first.event("an event with every field", calendar, made["id"])
    for name, value in rich.items():
        check.equal(f"{name} of a new event", seen.get(name), value)
    unknown = await stage.event(calendar, event("Unknown", nosuchfield="x"))
    check.lacks("an event sent with an unknown field", unknown, "nosuchfield")
    few = await stage.event(calendar, event("Few"), fields="id,uid,timestamp,folder")
    check.equal("`fields` names what is answered", sorted(few), ["folder", "id", "timestamp", "uid"])
    cleared = dict.fromkeys(("location", "description", "categories", "url", "color", "filename"))
    await first.change("taking fields back", made, cleared)
    seen = await first.event("an event whose fields were taken back", calendar, made["id"])
    check.lacks("an event whose fields were taken back", seen, *cleared)
    await first.change("taking extended properties back", made, {"extendedProperties": {}})
    await _clear_geo(stage, calendar, made)
    seen = await first.event("an event at the end", calendar, made["id"])
    check.lacks("extended properties are taken back by an empty object", seen, "extendedProperties")


async def _clear_geo(stage: Stage, calendar: str, made: Any) -> None:
    query = {"folder": calendar, "id": made["id"], "timestamp": FAR_FUTURE}
    answer = await stage.first.call("chronos", "update", {"event": {"geo": None}}, **query)
    if answer.failed:
        stage.check.error("taking geo back", answer, "SVL-0011", "ERROR")
        stage.check.note("geo cannot be taken back: SVL-0011")
        return
    seen = await stage.first.event("an event without geo", calendar, made["id"])
    stage.check.lacks("an event whose geo was taken back", seen, "geo")
    stage.check.note("geo can be taken back")


@scenario("event-update", "changes, their stamps, and stale ones", Need.CALENDAR)
async def update(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar, other = await stage.calendar(), await stage.calendar()
    made = await stage.event(calendar, event("One"))
    result = await first.change("a change with the right stamp", made, {"summary": "Two"}, timestamp=made["timestamp"])
    check.members("the result of a change", result, created=list, updated=list, deleted=list)
    (changed,) = result["updated"]
    check.equal("what changed", changed.get("summary"), "Two")
    check.true("a change raises the stamp", changed["timestamp"] > made["timestamp"], changed["timestamp"])
    check.equal("a change of the summary raises the sequence", changed["sequence"], 1)
    (same,) = (await first.change("a change of nothing", made, {"summary": "Two"}))["updated"]
    check.equal("a change of nothing: sequence", same["sequence"], 1)
    check.true("even a change of nothing raises the stamp", same["timestamp"] > changed["timestamp"], same["timestamp"])
    query: dict[str, Any] = {"folder": calendar, "id": made["id"], "timestamp": FAR_FUTURE}
    bare = await first.done("a change without wrapper", "chronos", "update", {"summary": "Three"}, **query)
    check.equal("a change without wrapper", [one["summary"] for one in bare.data["updated"]], ["Three"])
    latest = bare.data["updated"][0]["timestamp"]
    body: Any = {"event": {"summary": "x"}}
    stale = {**query, "timestamp": made["timestamp"]}
    old = await first.refused("an old stamp", "CAL-4120", "CONFLICT", "chronos", "update", body, **stale)
    params = [made["id"], made["timestamp"], latest]
    check.equal("a conflict tells both stamps", old.envelope.get("error_params"), params)
    without = {**query, "timestamp": None}
    await first.refused("no stamp", "SVL-0002", USER_INPUT, "chronos", "update", body, **without)
    unknown = {**query, "id": UNKNOWN_ID}
    await first.refused("an unknown id", "CAL-4040", USER_INPUT, "chronos", "update", body, **unknown)
    elsewhere = {**query, "folder": other}
    await first.refused("another folder", "CAL-4041", USER_INPUT, "chronos", "update", body, **elsewhere)


@scenario("event-read", "get, list, all and search", Need.CALENDAR)
async def read(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar, other = await stage.calendar(), await stage.calendar()
    made = []
    for number in range(3):
        days = {"startDate": at(9, days=number), "endDate": at(10, days=number)}
        made.append(await stage.event(calendar, event(f"E{number}", **days)))
    ids = [one["id"] for one in made]
    wanted = [{"folder": calendar, "id": one} for one in (ids[2], UNKNOWN_ID, ids[0])]
    listed = (await first.done("list", "chronos", "list", wanted, fields="id,summary")).data
    expected = [{"id": ids[2], "summary": "E2"}, None, {"id": ids[0], "summary": "E0"}]
    check.equal("list keeps the order, with null for an unknown id", listed, expected)
    wanted = [{"folder": calendar, "id": ids[0]}, {"folder": other, "id": ids[1]}]
    await first.refused("list with a wrong folder", "CAL-4041", USER_INPUT, "chronos", "list", wanted)
    query = {"folder": calendar, "fields": "id"}
    found = (await first.done("all", "chronos", "all", **query, **RANGE)).data
    check.equal("all of a range", [one["id"] for one in found], ids)
    down = (await first.done("all", "chronos", "all", sort="startDate", order="DESC", **query, **RANGE)).data
    check.equal("all, sorted downwards", [one["id"] for one in down], ids[::-1])
    between = {"rangeStart": f"{day()}T080000Z", "rangeEnd": f"{day(days=1)}T070000Z"}
    touched = (await first.done("all", "chronos", "all", **query, **between)).data
    check.equal("a range that events only touch", touched, [])
    await first.refused("all without range", "SVL-0002", USER_INPUT, "chronos", "all", **query)
    await first.refused(
        "an unknown field", "SVL-0010", USER_INPUT, "chronos", "all", folder=calendar, fields="id,nosuch", **RANGE
    )
    search = {"filter": ["=", {"field": "uid"}, made[1]["uid"]], "folders": [calendar]}
    hits = (await first.done("advancedSearch", "chronos", "advancedSearch", search, fields="id", **RANGE)).data
    check.equal("a search by uid: its folder", [one.get("folder") for one in hits], [calendar])
    check.equal("a search by uid", hits[0].get("events"), [{"id": ids[1]}])
    several = {"folders": [calendar, UNKNOWN_FOLDER]}
    parts = (await first.done("all of folders", "chronos", "all", several, fields="id", **RANGE)).data
    check.need("all of folders: an entry for each", isinstance(parts, list) and len(parts) == 2, parts)
    by_folder = {one.get("folder"): one for one in parts}
    check.equal("all of folders", [one["id"] for one in by_folder[calendar].get("events", ())], ids)
    check.failure("all of an unknown folder", by_folder[UNKNOWN_FOLDER].get("error"), "CAL-4045", USER_INPUT)
    await first.refused("an unknown event", "CAL-4040", USER_INPUT, "chronos", "get", folder=calendar, id=UNKNOWN_ID)
    found = (await first.done("resolve", "chronos", "resolve", id=ids[0])).data
    check.equal("resolve finds an event by its id alone", found.get("folder"), calendar)


@scenario("event-delete", "deleting several events at once, each with its own outcome", Need.CALENDAR)
async def delete(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar, other = await stage.calendar(), await stage.calendar()
    one, two = await stage.event(calendar, event("One")), await stage.event(calendar, event("Two"))
    (stale,) = await first.remove("an old stamp", one, stamp=1)
    check.equal("an entry tells the folder", stale.get("folderId"), calendar)
    check.failure("deleting with an old stamp", stale.get("error"), "CAL-4120", "CONFLICT")
    (elsewhere,) = await first.remove("a wrong folder", {**one, "folder": other})
    check.failure("deleting in another folder", elsewhere.get("error"), "CAL-4041", USER_INPUT)
    good, bad = await first.remove("one that is there and one that is not", one, {**two, "id": UNKNOWN_ID})
    check.lacks("deleting what is there", good, "error")
    check.members("deleting what is there", good, timestamp=int, created=list, updated=list, deleted=list)
    check.equal("what was deleted", [gone.get("id") for gone in good.get("deleted", ())], [one["id"]])
    check.failure("deleting what is not there", bad.get("error"), "CAL-4040", USER_INPUT)
    bare = [{"folder": calendar, "id": two["id"]}]
    answer = await first.done("a bare array", "chronos", "delete", bare, timestamp=FAR_FUTURE)
    check.lacks("deleting by a bare array", answer.data[0], "error")
    query = {"folder": calendar, "id": two["id"]}
    await first.refused("an event that was deleted", "CAL-4040", USER_INPUT, "chronos", "get", **query)


@scenario("event-uid", "a uid is used once by a user", Need.CALENDAR)
async def uid(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar, other = await stage.calendar(), await stage.calendar()
    uid = f"{uuid4()}@contract"
    made = await stage.event(calendar, event("One", uid=uid))
    for folder in (calendar, other):
        again = await first.refused(
            "the uid again", "CAL-4090", "CONFLICT", "chronos", "new", event("Two", uid=uid), folder=folder
        )
        where = again.envelope.get("error_params")
        check.equal("a uid conflict tells where the event is", where, [uid, calendar, made["id"]])
    await first.remove("deleting it", made)
    await stage.event(other, event("After the deletion", uid=uid))


@scenario("event-uid-of-another", "two users may use one uid", Need.CALENDAR, Need.SECOND_USER)
async def uid_of_another(stage: Stage) -> None:
    uid = f"{uuid4()}@contract"
    await stage.event(await stage.calendar(), event("One", uid=uid))
    await stage.event(await stage.calendar(stage.second), event("Two", uid=uid), owner=stage.second)


@scenario("event-move", "moving to another calendar: single events only", Need.CALENDAR)
async def move(stage: Stage) -> None:
    check, first = stage.check, stage.first
    source, target = await stage.calendar(), await stage.calendar()
    made = await stage.event(source, event("Moving"))
    query = {"folder": source, "id": made["id"], "targetFolder": target}
    stale = await first.person.put("chronos", "move", **query, timestamp=1)
    check.error("moving with an old stamp", stale, "CAL-4120", "CONFLICT")
    moved = await first.person.put("chronos", "move", **query, timestamp=made["timestamp"], scheduling="none")
    check.success("moving an event", moved)
    seen = await first.events("updates of the source", source, made["timestamp"], fields="id")
    check.equal("updates of the source", seen, {"newAndModified": [], "deleted": [{"id": made["id"]}]})
    seen = await first.events("updates of the target", target, made["timestamp"], fields="id")
    check.equal("updates of the target", seen, {"newAndModified": [{"id": made["id"]}], "deleted": []})
    there = await first.event("the event in the target", target, made["id"])
    check.equal("a moved event keeps its uid", there.get("uid"), made["uid"])
    gone = {"folder": source, "id": made["id"]}
    await first.refused("the event in the source", "CAL-4041", USER_INPUT, "chronos", "get", **gone)
    master = await stage.event(source, series("Series"))
    query = {"folder": source, "id": master["id"], "targetFolder": target, "timestamp": FAR_FUTURE}
    check.error("moving a series", await first.person.put("chronos", "move", **query), "CAL-4224", USER_INPUT)
