"""People from outside: invited by a user, or organizing a meeting themselves."""

from __future__ import annotations

import uuid
from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import at, event
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

_GUEST = "mailto:guest@other.example"
_BOSS = {"uri": "mailto:boss@other.example", "cn": "Boss"}


def _person(seen: Any, uri: str) -> Any:
    return next((one for one in seen.get("attendees", ()) if one.get("uri") == uri), {})


@scenario("guests", "an attendee from outside, his answer, his end", Need.CALENDAR)
async def guests(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    guest = {"uri": _GUEST, "cn": "Guest", "partStat": "NEEDS-ACTION"}
    made = await stage.event(calendar, event("With guest", attendees=[guest]))
    check.contains("flags", made.get("flags"), "scheduled", "organizer")
    seen = _person(made, _GUEST)
    check.equal("his name and answer", [seen.get("cn"), seen.get("partStat")], ["Guest", "NEEDS-ACTION"])
    check.lacks("who is from outside", seen, "entity", "folder")
    people = [one for one in made["attendees"] if one.get("uri") != _GUEST]
    check.equal("the organizer was added", [one.get("entity") for one in people], [first.user_id])

    answered = {"attendees": [*people, {**guest, "partStat": "ACCEPTED"}]}
    await first.change("the answer of the guest, by the organizer", made, answered)
    seen = await first.event("the meeting", calendar, made["id"])
    check.equal("his answer", _person(seen, _GUEST).get("partStat"), "ACCEPTED")
    check.equal("an answer keeps the sequence", seen.get("sequence"), made.get("sequence"))
    await first.change("another time", made, {"startDate": at(11), "endDate": at(12)})
    seen = await first.event("the meeting", calendar, made["id"])
    check.equal("another time asks him anew", _person(seen, _GUEST).get("partStat"), "NEEDS-ACTION")
    check.true("and raises the sequence", seen["sequence"] > made["sequence"], seen["sequence"])
    await first.change("without him", made, {"attendees": people})
    seen = await first.event("the meeting", calendar, made["id"])
    check.equal("he is no longer invited", _person(seen, _GUEST), {})


@scenario("guest-organizer", "a meeting that somebody from outside organizes", Need.CALENDAR)
async def guest_organizer(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    own = (await stage.event(calendar, event("Own")))["calendarUser"]["uri"]
    uid = f"{uuid.uuid4()}@other.example"
    people = [{"uri": _BOSS["uri"], "partStat": "ACCEPTED"}, {"uri": own, "partStat": "NEEDS-ACTION"}]
    body = event("Of the boss", uid=uid, sequence=1, organizer=_BOSS, attendees=people)
    made = await stage.event(calendar, body)
    check.equal("the organizer", made.get("organizer", {}).get("uri"), _BOSS["uri"])
    check.lacks("the organizer from outside", made.get("organizer"), "entity")
    check.equal("the sequence is that of the organizer", made.get("sequence"), 1)
    check.contains("flags", made.get("flags"), "attendee", "needs_action")

    query: dict[str, Any] = {"folder": calendar, "id": made["id"], "timestamp": FAR_FUTURE, "scheduling": "none"}
    bare: Any = {"event": {"summary": "x", "sequence": 2}}
    denied = "PERMISSION_DENIED"
    await first.refused("a change as by an attendee", "CAL-4038", denied, "chronos", "update", bare, **query)
    whole = {"summary": "Of the boss, changed", "sequence": 2, "organizer": _BOSS, "uid": uid}
    await first.change("a change with organizer and uid", made, whole)
    seen = await first.event("the meeting", calendar, made["id"])
    check.equal("what the organizer changed", [seen.get("summary"), seen.get("sequence")], [whole["summary"], 2])
    older: Any = {"event": {**whole, "summary": "Older", "sequence": 1}}
    await first.refused("an older message", "CAL-4121", "CONFLICT", "chronos", "update", older, **query)

    answer = {"attendee": {"entity": first.user_id, "partStat": "ACCEPTED"}}
    await first.done("an answer", "chronos", "updateAttendee", answer, **query)
    seen = await first.event("the meeting", calendar, made["id"])
    check.equal("the own answer", _person(seen, own).get("partStat"), "ACCEPTED")
    check.equal("an answer keeps the sequence", seen.get("sequence"), 2)
