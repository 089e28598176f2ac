"""Series, and single occurrences of them."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import RANGE, at, day, event, series, utc_id, zoned_id
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

USER_INPUT = "USER_INPUT"
_FIELDS = "id,seriesId,recurrenceId,summary,changeExceptionDates,deleteExceptionDates"


@scenario("series-new", "rules, exception dates and additional dates of new series", Need.CALENDAR)
async def new(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    made = await stage.event(calendar, series("Weekly"))
    check.equal("a series is its own series", made.get("seriesId"), made["id"])
    check.equal("its rule", made.get("rrule"), "FREQ=WEEKLY;BYDAY=MO;COUNT=6")
    check.contains("its flags", made.get("flags"), "series")
    check.lacks("a master", made, "recurrenceId", "changeExceptionDates", "deleteExceptionDates")
    for dates in ([utc_id(1)], [zoned_id(1)]):
        excluded = await stage.event(calendar, series("Without one", deleteExceptionDates=dates))
        check.equal("exception dates come with their zone", excluded.get("deleteExceptionDates"), [zoned_id(1)])
    added = await stage.event(calendar, series("One more", recurrenceDates=[utc_id(0, days=3)]))
    check.equal("additional dates come with their zone", added.get("recurrenceDates"), [zoned_id(0, days=3)])
    wrong = {
        "an unknown frequency": ("CAL-4002", event("x", rrule="FREQ=SOMETIMES")),
        "a rule with its name": ("CAL-4002", event("x", rrule="RRULE:FREQ=DAILY;COUNT=2")),
        "COUNT and UNTIL": ("CAL-4002", event("x", rrule=f"FREQ=DAILY;COUNT=3;UNTIL={day(4)}T000000Z")),
        "a local UNTIL": ("CAL-4002", event("x", rrule=f"FREQ=DAILY;UNTIL={day(1)}T220000")),
        "an exception date without zone": ("CAL-4061", series("x", deleteExceptionDates=[f"{day(1)}T090000"])),
        "an exception date that is no occurrence": ("CAL-4061", series("x", deleteExceptionDates=[utc_id(1, days=1)])),
    }
    for what, (code, body) in wrong.items():
        await first.refused(what, code, USER_INPUT, "chronos", "new", body, folder=calendar)
    shifted = await first.done(
        "a start beside the rule", "chronos", "new", event("x", rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=3"), folder=calendar
    )
    check.failure("the warning that it is moved", shifted.envelope, "CAL-1993", "WARNING")
    moved = shifted.data["created"][0]["startDate"]
    check.equal("a start beside the rule is moved to its first day", moved, at(9, days=1))


@scenario("series-read", "series as masters and as occurrences", Need.CALENDAR)
async def read(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    made = await stage.event(calendar, series("Weekly", deleteExceptionDates=[utc_id(1)]))
    query = {"folder": calendar, "fields": "id,seriesId,recurrenceId,startDate,rrule", **RANGE}
    masters = (await first.done("all", "chronos", "all", **query)).data
    check.equal("all shows masters", [(one["id"], one.get("recurrenceId")) for one in masters], [(made["id"], None)])
    shown = (await first.done("all, expanded", "chronos", "all", expand="true", **query)).data
    weeks = (0, 2, 3, 4, 5)
    check.equal("all, expanded", [one.get("recurrenceId") for one in shown], [zoned_id(week) for week in weeks])
    check.equal("starts of occurrences", [one["startDate"] for one in shown], [at(9, week) for week in weeks])
    check.equal("occurrences have the id of the master", {one["id"] for one in shown}, {made["id"]})
    one = await first.event("an occurrence", calendar, made["id"], recurrenceId=utc_id(2))
    check.equal("an occurrence asked for in UTC", one.get("recurrenceId"), zoned_id(2))
    query = {"folder": calendar, "id": made["id"], "recurrenceId": utc_id(1)}
    await first.refused("an occurrence that was excluded", "CAL-4042", USER_INPUT, "chronos", "get", **query)


@scenario("series-change-one", "changing single occurrences, and what updates tells of it", Need.CALENDAR)
async def change_one(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    master = await stage.event(calendar, series("Series"))
    fields = {"summary": "Moved", "startDate": at(14, 1), "endDate": at(15, 1)}
    result = await first.change("changing an occurrence", master, fields, recurrenceId=utc_id(1))
    (instance,) = result["created"] or [{}]
    check.equal("the changed occurrence has an id of its own", instance.get("id") != master["id"], True)
    check.equal("it belongs to the series", instance.get("seriesId"), master["id"])
    check.equal("its recurrence id", instance.get("recurrenceId"), zoned_id(1))
    check.equal("its start", instance.get("startDate"), at(14, 1))
    check.contains("its flags", instance.get("flags"), "overridden")
    (changed,) = result["updated"] or [{}]
    check.equal("the master knows it", changed.get("changeExceptionDates"), [zoned_id(1)])
    check.equal("both have one stamp", changed.get("timestamp"), instance.get("timestamp"))
    seen = await first.events("updates", calendar, master["timestamp"], fields="id")
    ids = sorted(one["id"] for one in seen["newAndModified"])
    check.equal("updates list master and instance", ids, sorted([master["id"], instance["id"]]))
    same = await first.event("it by master and recurrence id", calendar, master["id"], recurrenceId=utc_id(1))
    check.equal("an instance is found through its master", same.get("id"), instance["id"])
    (again,) = (await first.change("changing it by its own id", instance, {"location": "Here"}))["updated"]
    check.equal("changing it by its own id", again["id"], instance["id"])
    seen = await first.events("updates", calendar, instance["timestamp"], fields="id")
    ids = [one["id"] for one in seen["newAndModified"]]
    check.equal("updates list the instance alone", ids, [instance["id"]])
    query = {"folder": calendar, "id": master["id"], "recurrenceId": utc_id(1, days=1), "timestamp": FAR_FUTURE}
    body: Any = {"event": {"summary": "x"}}
    await first.refused("what is no occurrence", "CAL-4061", USER_INPUT, "chronos", "update", body, **query)
    await _delete_overridden(stage, calendar, master, instance)


async def _delete_overridden(stage: Stage, calendar: str, master: Any, instance: Any) -> None:
    check, first = stage.check, stage.first
    (refused,) = await first.remove("deleting it through the master", master, recurrenceId=utc_id(1))
    check.failure("deleting an instance through its master", refused.get("error"), "CAL-4061", USER_INPUT)
    (entry,) = await first.remove("deleting it by its own id", instance)
    check.lacks("deleting an instance by its own id", entry, "error")
    check.equal("the instance went", [one["id"] for one in entry.get("deleted", ())], [instance["id"]])
    after = await first.event("the master afterwards", calendar, master["id"])
    check.equal("the occurrence is excluded then", after.get("deleteExceptionDates"), [zoned_id(1)])
    check.lacks("the master afterwards", after, "changeExceptionDates")
    seen = await first.events("updates", calendar, entry["timestamp"] - 1, fields="id")
    expected = {"newAndModified": [{"id": master["id"]}], "deleted": [{"id": instance["id"]}]}
    check.equal("updates list the master and the deleted instance", seen, expected)


@scenario("series-delete-one", "deleting and restoring single occurrences, then the series", Need.CALENDAR)
async def delete_one(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    master = await stage.event(calendar, series("Series"))
    (entry,) = await first.remove("deleting an occurrence", master, recurrenceId=utc_id(2))
    check.equal("an entry tells the recurrence id", entry.get("recurrenceId"), utc_id(2))
    (changed,) = entry.get("updated") or [{}]
    check.equal("a deleted occurrence is excluded", changed.get("deleteExceptionDates"), [zoned_id(2)])
    seen = await first.events("updates", calendar, master["timestamp"], fields=_FIELDS)
    dates = [(one["id"], one.get("deleteExceptionDates")) for one in seen["newAndModified"]]
    check.equal("updates show the master", dates, [(master["id"], [zoned_id(2)])])
    check.equal("nothing was deleted as a whole", seen["deleted"], [])
    (again,) = await first.remove("deleting it again", master, recurrenceId=utc_id(2))
    check.lacks("deleting it again is no error", again, "error")
    query = {"folder": calendar, "id": master["id"], "recurrenceId": utc_id(2), "timestamp": FAR_FUTURE}
    body: Any = {"event": {"summary": "x"}}
    await first.refused("changing it then", "CAL-4042", USER_INPUT, "chronos", "update", body, **query)
    await first.change("restoring it", master, {"deleteExceptionDates": []})
    restored = await first.event("the restored occurrence", calendar, master["id"], recurrenceId=utc_id(2))
    check.equal("a restored occurrence", restored.get("startDate"), at(9, 2))
    changed = await first.change("changing another one", master, {"summary": "x"}, recurrenceId=zoned_id(3))
    (instance,) = changed["created"]
    (entry,) = await first.remove("deleting the series", master)
    gone = sorted(one["id"] for one in entry.get("deleted", ()))
    ids = sorted([master["id"], instance["id"]])
    check.equal("a series goes with its instances", gone, ids)
    seen = await first.events("updates", calendar, entry["timestamp"] - 1, fields="id")
    check.equal("updates list master and instances as deleted", sorted(one["id"] for one in seen["deleted"]), ids)
    check.equal("and nothing else", seen["newAndModified"], [])


@scenario("series-change-all", "changing a whole series that has changed occurrences", Need.CALENDAR)
async def change_all(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    master = await stage.event(calendar, series("Series"))
    made = await first.change("changing an occurrence", master, {"summary": "Own title"}, recurrenceId=utc_id(2))
    (instance,) = made["created"]
    moved = {"startDate": at(10), "endDate": at(11)}
    await first.change("moving the series by an hour", master, moved)
    after = await first.event("the instance afterwards", calendar, instance["id"])
    check.equal("an instance moves with its series", after.get("recurrenceId"), zoned_id(2, 10))
    check.equal("its start moves, too", after.get("startDate"), at(10, 2))
    check.equal("it keeps its title", after.get("summary"), "Own title")
    result = await first.change("another rule", master, {"rrule": "FREQ=DAILY;COUNT=3"})
    gone = [one["id"] for one in result["deleted"]]
    check.equal("an instance goes when the rule has no place for it", gone, [instance["id"]])
    await first.change("no rule any more", master, {"rrule": None})
    single = await first.event("a series that is a single event again", calendar, master["id"])
    check.lacks("a series that is a single event again", single, "rrule", "seriesId", "changeExceptionDates")
