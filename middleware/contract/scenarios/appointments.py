"""The older module `calendar`: what a gateway before OX 7.8 relies on, and OX 8 still answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from middleware.contract.answers import Answer
from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import MONDAY, ZONE
from middleware.contract.scenario import NO_MODULE, Need, NotOffered, scenario
from middleware.contract.stage import Stage

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
# Nine in the morning in Berlin, when it is two hours before UTC.
MIDNIGHT: Final = int(datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC).timestamp() * 1000)
START: Final = MIDNIGHT + 7 * HOUR
RANGE: Final = {"start": MIDNIGHT - WEEK, "end": MIDNIGHT + 12 * WEEK}
UNKNOWN: Final = 999_999_999
MONDAYS: Final = {"recurrence_type": 2, "interval": 1, "days": 2, "occurrences": 5}


def appointment(title: str, **more: Any) -> dict[str, Any]:
    """An appointment on that Monday from 9 to 10 in Berlin."""
    dates = {"start_date": START, "end_date": START + HOUR, "full_time": False, "timezone": ZONE}
    return {"title": title, **dates, **more}


async def _get(stage: Stage, folder: str, number: str, **params: Any) -> Any:
    query = {"folder": folder, "id": number, "timezone": "UTC", **params}
    return (await stage.first.done("get", "calendar", "get", **query)).data


async def _rows(stage: Stage, folder: str, columns: str, **params: Any) -> Any:
    query = {"folder": folder, "columns": columns, "timezone": "UTC", **RANGE, **params}
    return (await stage.first.done("all", "calendar", "all", **query)).data


async def _updates(stage: Stage, folder: str, since: int, **params: Any) -> Answer:
    query = {"folder": folder, "timestamp": since, "columns": "1,200", "timezone": "UTC", **params}
    return await stage.first.done("updates", "calendar", "updates", recurrence_master=True, **query)


async def _change(stage: Stage, folder: str, number: str, **members: Any) -> Answer:
    body = {"notification": False, "ignore_conflicts": True, **members}
    query = {"folder": folder, "id": number, "timestamp": FAR_FUTURE, "timezone": "UTC"}
    return await stage.first.done("an update", "calendar", "update", body, **query)


async def _delete(stage: Stage, folder: str, number: str, **named: Any) -> Answer:
    body = [{"folder": folder, "id": number, **named}]
    return await stage.first.done("a deletion", "calendar", "delete", body, timestamp=FAR_FUTURE)


@scenario("appointment-new", "a new appointment has all that was sent, in numbers as documented", Need.APPOINTMENTS)
async def new(stage: Stage) -> None:
    check = stage.check
    calendar = await stage.appointment_calendar()
    sent = appointment("One", location="L", note="N", alarm=15, shown_as=1, categories="a,b", color_label=3)
    number = await stage.appointment(calendar, sent)
    seen = await _get(stage, calendar, number)
    check.members("an appointment", seen, uid=str, sequence=int, last_modified_utc=int, created_by=int, organizer=str)
    for name, value in sent.items():
        check.equal(f"an appointment: {name}", seen.get(name), value)
    check.equal("the folder is a number", seen.get("folder_id"), int(calendar))
    check.equal("the id is a number", seen.get("id"), int(number))
    own = stage.first.user_id
    check.equal("the user takes part", seen.get("participants"), [{"id": own, "type": 1}])
    check.equal("and has accepted", seen.get("users"), [{"id": own, "confirmation": 1}])
    rows = await _rows(stage, calendar, "1,20,200,201,202,401,402,206,204")
    expected = [int(number), int(calendar), "One", START, START + HOUR, False, 1, None, 15]
    check.equal("a row", rows, [expected])
    berlin = await _get(stage, calendar, number, timezone=ZONE)
    check.equal("times are shifted into the zone of the request", berlin.get("start_date"), START + 2 * HOUR)
    day = appointment("Day", full_time=True, start_date=MIDNIGHT, end_date=MIDNIGHT + DAY)
    whole = await _get(stage, calendar, await stage.appointment(calendar, day), timezone=ZONE)
    check.equal("whole days are not shifted", whole.get("start_date"), MIDNIGHT)


@scenario("appointment-changes", "changes, stale stamps, and what is refused", Need.APPOINTMENTS)
async def changes(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.appointment_calendar()
    number = await stage.appointment(calendar, appointment("One", location="L", note="N"))
    before = (await _get(stage, calendar, number))["last_modified_utc"]
    answer = await _change(stage, calendar, number, title="Two", note=None)
    seen = await _get(stage, calendar, number)
    check.equal("what was changed and what was not", (seen.get("title"), seen.get("location")), ("Two", "L"))
    check.lacks("what was removed", seen, "note")
    check.true("a change raises the stamp", seen["last_modified_utc"] > before)
    check.equal("the answer has the new stamp", answer.timestamp, seen["last_modified_utc"])
    stale = await first.call(
        "calendar", "update", {"title": "x"}, folder=calendar, id=number, timestamp=before - 1, timezone="UTC"
    )
    check.true("an old stamp is refused", stale.failed and stale.category == "CONFLICT", stale.describe())
    check.note(f"old stamps are {stale.code}")
    await first.refused("an unknown id", "OX-0001", "USER_INPUT", "calendar", "get", folder=calendar, id=UNKNOWN)
    wrong = {"end_date": START - HOUR, "start_date": START}
    body = {"folder_id": calendar, **appointment("Wrong", **wrong)}
    await first.refused("an end before the start", "APP-0020", "USER_INPUT", "calendar", "new", body, timezone="UTC")
    body = {"folder_id": calendar, **appointment("Again", uid=seen["uid"])}
    await first.refused("a uid in use", "APP-0100", "USER_INPUT", "calendar", "new", body, timezone="UTC")
    found = await first.done("resolveuid", "calendar", "resolveuid", uid=seen["uid"])
    check.equal("resolveuid", str(found.data.get("id")), number)


@scenario("appointment-updates", "what is new and changed as rows, what is gone as bare numbers", Need.APPOINTMENTS)
async def updates(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.appointment_calendar()
    kept, gone = [await stage.appointment(calendar, appointment(title)) for title in ("Kept", "Gone")]
    since = (await _get(stage, calendar, gone))["last_modified_utc"]
    await _change(stage, calendar, kept, title="Changed")
    deleted = await _delete(stage, calendar, gone)
    check.equal("the answer to a deletion", deleted.data, [])
    answer = await _updates(stage, calendar, since)
    check.equal("updates", answer.data, [[int(kept), "Changed"], int(gone)])
    check.true("the stamp of updates is later", answer.timestamp > since, answer.timestamp)
    empty = await _updates(stage, calendar, answer.timestamp)
    check.equal("updates without a change", empty.data, [])
    without = await _updates(stage, calendar, since, ignore="deleted")
    check.equal("updates without deletions", without.data, [[int(kept), "Changed"]])
    await first.refused(
        "updates of no folder", "SVL-0002", "USER_INPUT", "calendar", "updates", timestamp=0, columns="1"
    )
    listed = [{"folder": calendar, "id": gone}, {"folder": calendar, "id": kept}]
    found = (await first.done("list", "calendar", "list", listed, columns="1,200")).data
    check.equal("list leaves out what is not there", found, [[int(kept), "Changed"]])


@scenario("appointment-series", "rules in numbers, occurrences by position and by day", Need.APPOINTMENTS)
async def series(stage: Stage) -> None:
    check = stage.check
    calendar = await stage.appointment_calendar()
    number = await stage.appointment(calendar, appointment("Series", **MONDAYS))
    seen = await _get(stage, calendar, number)
    check.equal("the rule", {name: seen.get(name) for name in MONDAYS}, MONDAYS)
    check.equal("the series is its own", seen.get("recurrence_id"), int(number))
    check.equal("the day on which it starts is a text", seen.get("recurrence_start"), str(MIDNIGHT))
    rows = await _rows(stage, calendar, "1,201,207,208")
    days = [[int(number), START + place * WEEK, place + 1, MIDNIGHT + place * WEEK] for place in range(5)]
    check.equal("occurrences", rows, days)
    whole = await _rows(stage, calendar, "1,201,207", recurrence_master=True)
    check.equal("the series as a whole", whole, [[int(number), START, None]])
    changed = (await _change(stage, calendar, number, title="Other", recurrence_position=2)).data.get("id")
    check.true("a changed occurrence has an id of its own", str(changed) != number, changed)
    one = await _get(stage, calendar, str(changed))
    place = (one.get("recurrence_id"), one.get("recurrence_position"), one.get("recurrence_date_position"))
    check.equal("its place in the series", place, (int(number), 2, MIDNIGHT + WEEK))
    await _delete(stage, calendar, number, recurrence_position=3, pos=3)
    await _delete(stage, calendar, number, recurrence_date_position=MIDNIGHT + 3 * WEEK)
    after = await _get(stage, calendar, number)
    check.equal("changed days", after.get("change_exceptions"), [MIDNIGHT + WEEK])
    gone = [MIDNIGHT + 2 * WEEK, MIDNIGHT + 3 * WEEK]
    check.equal("deleted days", after.get("delete_exceptions"), gone)
    await _delete(stage, calendar, str(changed))
    after = await _get(stage, calendar, number)
    check.equal("deleted days afterwards", after.get("delete_exceptions"), [MIDNIGHT + WEEK, *gone])
    check.lacks("changed days afterwards", after, "change_exceptions")


@scenario("appointment-meeting", "an invitation and its answer", Need.APPOINTMENTS, Need.SECOND_USER)
async def meeting(stage: Stage) -> None:
    check, first, second = stage.check, stage.first, stage.second
    calendar = await stage.appointment_calendar()
    people = [{"type": 1, "id": first.user_id}, {"type": 1, "id": second.user_id}]
    number = await stage.appointment(calendar, appointment("Meeting", participants=people))
    seen = await _get(stage, calendar, number)
    answers = {one["id"]: one["confirmation"] for one in seen["users"]}
    check.equal("nobody has answered yet", answers, {first.user_id: 1, second.user_id: 0})
    folder = (await second.done("the default calendar", "config/folder/calendar")).data
    query = {"folder": folder, "id": number, "timestamp": FAR_FUTURE}
    body = {"confirmation": 3, "confirmmessage": "perhaps"}
    await second.done("an answer", "calendar", "confirm", body, **query)
    after = await _get(stage, calendar, number)
    own = next(one for one in after["users"] if one["id"] == second.user_id)
    check.equal("the answer", own, {"id": second.user_id, **body})
    check.true("an answer raises the stamp", after["last_modified_utc"] > seen["last_modified_utc"])
    busy = {"start": START - HOUR, "end": START + DAY, "timezone": "UTC"}
    found = await first.done("freebusy", "calendar", "freebusy", id=second.user_id, type=1, **busy)
    check.contains("who takes part is busy", [str(one.get("id")) for one in found.data], number)
    await _delete(stage, calendar, number)
    left = await second.call("calendar", "get", folder=folder, id=number)
    check.true("a cancelled meeting is gone for everybody", left.failed, left.describe())


@scenario("busy-times", "the module freebusy of OX 7.8", Need.APPOINTMENTS)
async def busy_times(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.appointment_calendar()
    await stage.appointment(calendar, appointment("Busy"))
    span = {"from": START - HOUR, "until": START + HOUR // 2, "timezone": "UTC"}
    answer = await first.call("freebusy", "get", participant=first.user_id, **span)
    if answer.status == NO_MODULE:
        raise NotOffered("the module freebusy")
    found = check.success("freebusy", answer).data
    wanted = {"start_date": START, "end_date": START + HOUR // 2, "shown_as": 1, "title": "Busy"}
    seen = [{name: one.get(name) for name in wanted} for one in found]
    check.contains("an interval ends with the range", seen, wanted)
