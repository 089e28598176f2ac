"""Contacts: creating, reading, changing, moving, deleting."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from middleware.contract.client import FAR_FUTURE
from middleware.contract.scenario import NO_MODULE, Need, scenario
from middleware.contract.stage import Stage

USER_INPUT = "USER_INPUT"
UNKNOWN_ID = "99999999"


async def add(stage: Stage, book: str, **fields: Any) -> tuple[str, int]:
    """A new contact: id and stamp."""
    made = await stage.first.done("a new contact", "contacts", "new", {"folder_id": book, **fields})
    stage.check.members("the answer to a new contact", made.data, id=str)
    stage.check.need("a new contact comes with its stamp", type(made.timestamp) is int, made.timestamp)
    return made.data["id"], made.timestamp


async def change(stage: Stage, book: str, contact: str, fields: Any, stamp: int = FAR_FUTURE) -> int:
    """Change a contact; the new stamp."""
    query = {"folder": book, "id": contact, "timestamp": stamp}
    changed = await stage.first.done("a change of a contact", "contacts", "update", fields, **query)
    stage.check.equal("the answer to a change", changed.data, {})
    stage.check.need("a change comes with a stamp", type(changed.timestamp) is int, changed.timestamp)
    return int(changed.timestamp)


@scenario("contact-new", "new contacts, and what comes back of them", Need.CONTACTS)
async def new(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    fields: dict[str, Any] = {
        "uid": f"{uuid4()}@contract",
        "title": "Dr.",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "second_name": "King",
        "suffix": "jr.",
        "display_name": "Ada Lovelace",
        "nickname": "Ada",
        "company": "Analytical",
        "department": "Engines",
        "position": "Countess",
        "email1": "ada@example.org",
        "telephone_business1": "+49 1",
        "cellular_telephone1": "+49 2",
        "street_home": "Street 1",
        "city_home": "Bonn",
        "birthday": 631152000000,
        "note": "note\nwith lines ü 🎉",
        "url": "https://example.org",
        "userfield01": "own",
    }
    contact, stamp = await add(stage, book, **fields)
    query = {"folder": book, "id": contact, "timezone": "UTC"}
    seen = (await first.done("the new contact", "contacts", "get", **query)).data
    for name, value in fields.items():
        check.equal(f"a contact: {name}", seen.get(name), value)
    check.members("a contact", seen, id=str, folder_id=str, created_by=int, creation_date=int, number_of_images=int)
    check.equal("a contact: folder_id", seen.get("folder_id"), book)
    check.equal("a contact: last_modified_utc", seen.get("last_modified_utc"), stamp)
    few, _ = await add(stage, book)
    check.true("a contact may be empty", few != contact, few)
    again, _ = await add(stage, book, uid=fields["uid"], display_name="Again")
    check.true("contacts may share a uid", again != contact, again)
    await first.refused("no folder", "SVL-0009", "ERROR", "contacts", "new", {"first_name": "x"})
    long = {"folder_id": book, "first_name": "x" * 500}
    refused = await first.refused("a name of 500 letters", "CON-0154", USER_INPUT, "contacts", "new", long)
    problem = refused.envelope.get("problematic")
    check.equal("what is too long", problem, [{"id": 0, "length": 500, "max_size": 128}])
    wrong = {"folder_id": book, "email1": "not an address"}
    await first.refused("no mail address", "CON-0100", USER_INPUT, "contacts", "new", wrong)


@scenario("contact-read", "get, list and all with columns", Need.CONTACTS)
async def read(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    names = ("Ada", "Bea", "Cleo")
    made = [await add(stage, book, display_name=name) for name in names]
    ids = [contact for contact, _ in made]
    rows = (await first.done("all", "contacts", "all", folder=book, columns="1,20,6,500")).data
    expected = [[contact, book, stamp, name] for (contact, stamp), name in zip(made, names, strict=True)]
    check.equal("all, as rows of the columns asked for", sorted(rows), sorted(expected))
    unknown = (await first.done("an unknown column", "contacts", "all", folder=book, columns="1,9999")).data
    check.equal("an unknown column is left out", sorted(unknown), sorted([contact] for contact in ids))
    wanted = [{"folder": book, "id": one} for one in (ids[2], UNKNOWN_ID, ids[0])]
    listed = (await first.done("list", "contacts", "list", wanted, columns="1,500")).data
    check.equal("list leaves unknown ids out", sorted(listed), sorted([[ids[0], "Ada"], [ids[2], "Cleo"]]))
    await first.refused("an unknown contact", "CON-0125", USER_INPUT, "contacts", "get", folder=book, id=UNKNOWN_ID)
    await _composite(stage, f"con://0/{book}", ids)


async def _composite(stage: Stage, composite: str, ids: list[str]) -> None:
    check, first = stage.check, stage.first
    listed = await first.call("addressbooks", "all", folder=composite, columns="1,20")
    if listed.status == NO_MODULE:
        check.note("there is no module addressbooks")
        return
    rows = check.success("addressbooks", listed).data
    check.equal("addressbooks has composite folder ids", sorted(rows), sorted([one, composite] for one in ids))
    query = {"folder": composite, "timestamp": 0, "columns": "1"}
    updates = await first.call("addressbooks", "updates", **query)
    if updates.failed:
        check.error("updates of addressbooks", updates, "SVL-0021", "ERROR")
    check.note("addressbooks has no updates" if updates.failed else "addressbooks has updates")


@scenario("contact-update", "changes of contacts, their stamps, and stale ones", Need.CONTACTS)
async def update(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book, other = await stage.address_book(), await stage.address_book()
    contact, stamp = await add(stage, book, first_name="Ada", email1="a@example.org", note="n", email3="c@example.org")
    later = await change(stage, book, contact, {"first_name": "Augusta"}, stamp)
    check.true("a change raises the stamp", later > stamp, later)
    query = {"folder": book, "id": contact}
    body = {"first_name": "x"}
    await first.refused("an old stamp", "CON-0119", "CONFLICT", "contacts", "update", body, timestamp=stamp, **query)
    await first.refused("no stamp", "SVL-0010", USER_INPUT, "contacts", "update", body, **query)
    await change(stage, book, contact, {"email1": None, "note": None, "email3": ""})
    seen = (await first.done("the changed contact", "contacts", "get", **query)).data
    check.equal("the changed contact", seen.get("first_name"), "Augusta")
    check.lacks("fields set to null", seen, "email1", "note")
    check.equal("a field set to an empty text", seen.get("email3"), "")
    changed = {"uid": f"{uuid4()}@contract"}
    denied = "PERMISSION_DENIED"
    await first.refused("another uid", "CON-0176", denied, "contacts", "update", changed, timestamp=FAR_FUTURE, **query)
    unknown = {"folder": book, "id": UNKNOWN_ID, "timestamp": FAR_FUTURE}
    await first.refused("an unknown contact", "CON-0125", USER_INPUT, "contacts", "update", body, **unknown)
    moved = await change(stage, book, contact, {"folder_id": other})
    there = (await first.done("the moved contact", "contacts", "get", folder=other, id=contact)).data
    check.equal("a move is a change of the folder", there.get("folder_id"), other)
    check.equal("a move raises the stamp", there.get("last_modified_utc"), moved)
    await _delete(stage, other, contact)


async def _delete(stage: Stage, book: str, contact: str) -> None:
    check, first = stage.check, stage.first
    wanted = [{"folder": book, "id": contact}]
    await first.refused(
        "a deletion with an old stamp", "CON-0119", "CONFLICT", "contacts", "delete", wanted, timestamp=1
    )
    gone = await first.done("a deletion", "contacts", "delete", wanted, timestamp=FAR_FUTURE)
    check.equal("the answer to a deletion", gone.data, {})
    check.equal("a deletion echoes the stamp of the request", gone.timestamp, FAR_FUTURE)
    await first.refused("a deletion again", "CON-0125", USER_INPUT, "contacts", "delete", wanted, timestamp=FAR_FUTURE)


@scenario("contact-updates", "what updates of an address book reports", Need.CONTACTS)
async def updates(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    query = {"folder": book, "columns": "1,20,6"}
    empty = await first.done("updates of an empty book", "contacts", "updates", timestamp=0, **query)
    check.equal("updates of an empty address book", empty.data, [])
    check.lacks("an empty answer has no stamp", empty.envelope, "timestamp")
    one, stamp = await add(stage, book, display_name="One")
    two, later = await add(stage, book, display_name="Two")
    seen = await first.done("updates", "contacts", "updates", timestamp=stamp - 1, **query)
    check.equal("updates are rows", sorted(seen.data), sorted([[one, book, stamp], [two, book, later]]))
    check.equal("the stamp of updates is the greatest", seen.timestamp, later)
    seen = await first.done("updates since the last stamp", "contacts", "updates", timestamp=later, **query)
    check.equal("updates since the last stamp", seen.data, [])
    await first.done("a deletion", "contacts", "delete", [{"folder": book, "id": one}], timestamp=FAR_FUTURE)
    ignored = await first.done("ignore=deleted", "contacts", "updates", timestamp=later, ignore="deleted", **query)
    check.equal("updates with ignore=deleted", ignored.data, [])
    await _deletions_alone(stage, book, later, one)
    changed = await change(stage, book, two, {"first_name": "x"})
    seen = await first.done("updates", "contacts", "updates", timestamp=later, **query)
    rows = [item for item in seen.data if isinstance(item, list)]
    check.equal("changes beside a deletion", rows, [[two, book, changed]])
    check.equal("deletions are bare ids among the rows", [item for item in seen.data if item not in rows], [one])


async def _deletions_alone(stage: Stage, book: str, since: int, gone: str) -> None:
    """The recorded server fails when an interval holds deletions and nothing else."""
    check = stage.check
    answer = await stage.first.call("contacts", "updates", folder=book, columns="1,20,6", timestamp=since)
    if answer.failed:
        check.error("updates with a deletion only", answer, "SVL-0011", "ERROR")
        check.note("updates fail when there are only deletions: SVL-0011")
        return
    check.equal("updates with a deletion only", answer.data, [gone])
    check.note("updates work when there are only deletions")
