"""Folders that another user may use."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import event
from middleware.contract.scenario import Need, scenario
from middleware.contract.scenarios.folders import FULL_BITS, PROPERTIES
from middleware.contract.stage import Stage

VIEWER = 257
AUTHOR = 8454660  # creates, reads, changes and deletes everything


async def share(stage: Stage, folder: str, bits: int | None) -> None:
    """Give the second user these rights on a folder of the first; None takes them."""
    permissions = [{"bits": FULL_BITS, "entity": stage.first.user_id, "group": False}]
    if bits is not None:
        permissions.append({"bits": bits, "entity": stage.second.user_id, "group": False})
    params = {"id": folder, "timestamp": FAR_FUTURE}
    await stage.first.done("changing permissions", "folders", "update", {"permissions": permissions}, **params)


@scenario("shared-folders", "what another user sees of a shared calendar", Need.CALENDAR, Need.SECOND_USER)
async def shared_folders(stage: Stage) -> None:
    check, first, second = stage.check, stage.first, stage.second
    calendar = await stage.calendar()
    await second.refused("a calendar not shared", "FLD-0003", "PERMISSION_DENIED", "folders", "get", id=calendar)
    await share(stage, calendar, VIEWER)
    seen = (await second.done("a shared calendar", "folders", "get", id=calendar)).data
    check.equal("its type", seen.get("type"), 3)
    check.equal("its parent", seen.get("folder_id"), f"u:{first.user_id}")
    check.equal("the rights of a viewer", seen.get("own_rights"), VIEWER)
    listed = await second.done("allVisible", "folders", "allVisible", content_type="event", columns="1,305")
    check.contains("shared calendars", listed.data.get("shared"), [calendar, VIEWER])
    renaming = {"id": calendar, "timestamp": FAR_FUTURE}
    body: Any = {"title": stage.title("of the second user")}
    await second.refused(
        "renaming it as a viewer", "FLD-0010", "PERMISSION_DENIED", "folders", "update", body, **renaming
    )
    await second.done(
        "a colour of one's own", "folders", "update", {PROPERTIES: {"color": {"value": "#123456"}}}, **renaming
    )
    own = (await first.done("the calendar", "folders", "get", id=calendar)).data
    check.true("a colour is the viewer's own", own[PROPERTIES].get("color") != {"value": "#123456"}, own[PROPERTIES])
    kept = await second.done("deleting it as a viewer", "folders", "delete", [calendar], timestamp=FAR_FUTURE)
    check.equal("a viewer deletes nothing", kept.data, [calendar])
    check.failure("the warning why", kept.envelope, "FLD-0010", "WARNING")
    await share(stage, calendar, None)
    await second.refused("the calendar afterwards", "FLD-0003", "PERMISSION_DENIED", "folders", "get", id=calendar)
    query = {"folder": calendar, "timestamp": 0}
    await second.refused("its updates afterwards", "CAL-4030", "PERMISSION_DENIED", "chronos", "updates", **query)


@scenario("shared-events", "reading and writing in a shared calendar", Need.CALENDAR, Need.SECOND_USER)
async def shared_events(stage: Stage) -> None:
    check, first, second = stage.check, stage.first, stage.second
    calendar = await stage.calendar()
    made = await stage.event(calendar, event("Public"))
    await share(stage, calendar, VIEWER)
    seen = await second.events("updates for a viewer", calendar)
    check.equal("a viewer reads", [one["summary"] for one in seen["newAndModified"]], ["Public"])
    query = {"folder": calendar, "id": made["id"], "timestamp": FAR_FUTURE}
    body: Any = {"event": {"summary": "x"}}
    denied = "PERMISSION_DENIED"
    await second.refused("a change by a viewer", "CAL-4031", denied, "chronos", "update", body, **query)
    await second.refused("a new event by a viewer", "CAL-4030", denied, "chronos", "new", event("x"), folder=calendar)
    (entry,) = await second.remove("a deletion by a viewer", made)
    check.failure("a deletion by a viewer", entry.get("error"), "CAL-4032", denied)
    await share(stage, calendar, AUTHOR)
    await second.change("a change by an author", made, {"summary": "Changed"})
    added = await stage.event(calendar, event("By the second user"), owner=second)
    people = [(one.get("entity"), one.get("partStat")) for one in added.get("attendees", ())]
    check.equal("the owner of the calendar attends", people, [(first.user_id, "ACCEPTED")])
    check.equal("who created it", added.get("createdBy", {}).get("entity"), second.user_id)
    seen = await first.events("updates for the owner", calendar)
    summaries = sorted(one["summary"] for one in seen["newAndModified"])
    check.equal("the owner sees both", summaries, ["By the second user", "Changed"])


@scenario("classified-events", "private and confidential events for others", Need.CALENDAR, Need.SECOND_USER)
async def classified_events(stage: Stage) -> None:
    check, second = stage.check, stage.second
    calendar = await stage.calendar()
    private = await stage.event(calendar, {**event("Secret"), "class": "PRIVATE"})
    confidential = await stage.event(calendar, {**event("Doctor", location="Clinic"), "class": "CONFIDENTIAL"})
    await share(stage, calendar, AUTHOR)
    seen = await second.events("updates for others", calendar)
    summaries = [(one["id"], one.get("summary")) for one in seen["newAndModified"]]
    check.equal(
        "private events are not there, confidential ones nameless", summaries, [(confidential["id"], "Private")]
    )
    query = {"folder": calendar, "id": private["id"]}
    denied = "PERMISSION_DENIED"
    await second.refused("a private event", "CAL-4030", denied, "chronos", "get", **query)
    hidden = await second.event("a confidential event", calendar, confidential["id"])
    check.lacks("a confidential event", hidden, "location", "description", "attendees", "organizer")
    for one in (private, confidential):
        query = {"folder": calendar, "id": one["id"], "timestamp": FAR_FUTURE}
        body: Any = {"event": {"summary": "x"}}
        await second.refused(f"changing a {one['class']} event", "CAL-4037", denied, "chronos", "update", body, **query)
    (entry,) = await second.remove("deleting a confidential event", confidential)
    check.failure("deleting a confidential event", entry.get("error"), "CAL-4037", denied)
