"""The life of folders."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

PROPERTIES = "com.openexchange.calendar.extendedProperties"
FULL_BITS = 403710016
_COLOR = "#00aaff"


@scenario("calendar-folders", "creating, renaming, colouring, deleting calendars", Need.CALENDAR)
async def calendars(stage: Stage) -> None:
    check, first = stage.check, stage.first
    title = stage.title("life")
    made = await first.done("a new calendar", "folders", "new", {"title": title, "module": "event"}, folder_id="1")
    calendar = str(made.data)
    stage.keep_track(first, calendar)
    check.true("a calendar has a composite id", calendar.startswith("cal://0/"), calendar)
    check.true("a new folder comes with its stamp", type(made.timestamp) is int, made.timestamp)
    folder = (await first.done("the new calendar", "folders", "get", id=calendar)).data
    _check_calendar(stage, folder, calendar, title)
    check.equal("its stamp", folder.get("last_modified_utc"), made.timestamp)
    same = {"title": title, "module": "event"}
    await first.refused("the title again", "FLD-1014", "PERMISSION_DENIED", "folders", "new", same, folder_id="1")
    await first.refused("no title", "FLD-0007", "USER_INPUT", "folders", "new", {"module": "event"}, folder_id="1")
    await first.refused("no module", "SVL-0002", "ERROR", "folders", "new", {"title": title}, folder_id="1")
    renamed = await _update(stage, calendar, {"title": stage.title("renamed")}, timestamp=made.timestamp)
    check.true("a change raises the stamp", renamed > made.timestamp, renamed)
    stale = {"id": calendar, "timestamp": made.timestamp}
    await first.refused(
        "a change with an old stamp", "FLD-1022", "CONFLICT", "folders", "update", {"title": title}, **stale
    )
    await _colours(stage, calendar)
    await _deletion(stage, calendar)


def _check_calendar(stage: Stage, folder: Any, calendar: str, title: str) -> None:
    check = stage.check
    check.members(
        "a calendar",
        folder,
        id=str,
        created_by=int,
        creation_date=int,
        last_modified=int,
        last_modified_utc=int,
        folder_id=str,
        title=str,
        module=str,
        type=int,
        own_rights=int,
        permissions=list,
        standard_folder=bool,
        subscribed=bool,
        supported_capabilities=list,
    )
    expected = {
        "id": calendar,
        "title": title,
        "module": "calendar",
        "type": 1,
        "folder_id": "1",
        "own_rights": FULL_BITS,
        "standard_folder": False,
        "created_by": stage.first.user_id,
    }
    for name, value in expected.items():
        check.equal(f"a calendar: {name}", folder.get(name), value)
    owner = [(one.get("entity"), one.get("bits"), one.get("group")) for one in folder.get("permissions", ())]
    check.equal("its permissions", owner, [(stage.first.user_id, FULL_BITS, False)])


async def _update(stage: Stage, folder: str, body: Any, **params: Any) -> int:
    answer = await stage.first.done("a change of a folder", "folders", "update", body, id=folder, **params)
    stage.check.equal("the answer to a change is the id", answer.data, folder)
    stage.check.need("a change comes with a stamp", type(answer.timestamp) is int, answer.timestamp)
    return int(answer.timestamp)


async def _colours(stage: Stage, calendar: str) -> None:
    check, first = stage.check, stage.first
    before = await _update(stage, calendar, {"folder": {PROPERTIES: {"color": {"value": _COLOR}}}})
    seen = (await first.done("a coloured calendar", "folders", "get", id=calendar)).data
    check.equal("its colour", seen.get(PROPERTIES, {}).get("color"), {"value": _COLOR})
    same = await _update(stage, calendar, {"used_for_sync": {"value": "true"}}, timestamp=FAR_FUTURE)
    check.equal("the stamp after a change that changes nothing", same, before)
    body = {PROPERTIES: {"description": {"value": "text"}}}
    await first.refused(
        "a description", "OX-0001", "PERMISSION_DENIED", "folders", "update", body, id=calendar, timestamp=FAR_FUTURE
    )
    await _update(stage, calendar, {PROPERTIES: {"color": {}}}, timestamp=FAR_FUTURE)
    seen = (await first.done("a calendar without colour", "folders", "get", id=calendar)).data
    check.equal("a colour taken back", seen.get(PROPERTIES, {}).get("color"), {})


async def _deletion(stage: Stage, calendar: str) -> None:
    check, first = stage.check, stage.first
    listed = (await first.done("allVisible", "folders", "allVisible", content_type="event", columns="1,301")).data
    check.contains("private calendars", listed.get("private"), [calendar, "calendar"])
    gone = await first.done("deleting a calendar", "folders", "delete", [calendar], timestamp=FAR_FUTURE)
    check.equal("a deletion answers what is left", gone.data, [])
    again = await first.done("deleting it again", "folders", "delete", [calendar], timestamp=FAR_FUTURE)
    check.equal("the folder that could not be deleted", again.data, [calendar])
    check.failure("the warning that it is not there", again.envelope, "FLD-0008", "WARNING")
    strict = {"timestamp": FAR_FUTURE, "failOnError": "true"}
    await first.refused(
        "deleting it again with failOnError", "FLD-0008", "ERROR", "folders", "delete", [calendar], **strict
    )
    await first.refused("a deleted calendar", "FLD-0008", "ERROR", "folders", "get", id=calendar)
    missing = {"folder": calendar, "timestamp": 0}
    await first.refused("updates of a deleted calendar", "CAL-4045", "USER_INPUT", "chronos", "updates", **missing)


@scenario("address-book-folders", "creating, renaming, deleting address books", Need.CONTACTS)
async def address_books(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    check.true("an address book has a plain id", book.isdecimal(), book)
    folder = (await first.done("the new address book", "folders", "get", id=book)).data
    check.equal("its module", folder.get("module"), "contacts")
    check.equal("its parent", folder.get("folder_id"), "1")
    await _update(stage, book, {"title": stage.title("renamed book")}, timestamp=folder["last_modified_utc"])
    listed = await first.done("allVisible", "folders", "allVisible", content_type="contacts", columns="1")
    check.contains("private address books", listed.data.get("private"), [book])
    gone = await first.done("deleting an address book", "folders", "delete", [book], timestamp=FAR_FUTURE)
    check.equal("a deletion answers what is left", gone.data, [])
    await first.refused("a deleted address book", "FLD-0008", "ERROR", "folders", "get", id=book)


@scenario("folder-updates", "how folders that changed and folders that went are reported", Need.CALENDAR)
async def folder_updates(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    plain = calendar.removeprefix("cal://0/")
    since = (await first.done("the calendar", "folders", "get", id=calendar)).data["last_modified_utc"] - 1
    query = {"parent": "1", "timestamp": since, "columns": "1,301", "ignore": "none"}
    seen = await first.done("folders?action=updates", "folders", "updates", **query)
    check.contains("folders that changed, as rows with plain ids", seen.data, [plain, "calendar"])
    await first.done("deleting it", "folders", "delete", [calendar], timestamp=FAR_FUTURE)
    seen = await first.done("folders?action=updates", "folders", "updates", **query)
    check.contains("folders that went, as bare plain ids", seen.data, plain)
