"""Module ``contacts`` against the embedded OX, with its recorded faults and with them mended."""

from __future__ import annotations

import pytest

from gateway.ox import contacts, folders
from gateway.ox.call import FAR_FUTURE, Upload
from gateway.ox.errors import (
    ChangedMeanwhile,
    DeletionsOnly,
    ObjectNotFound,
    OutcomeUnknown,
    PermissionDenied,
    TooLong,
)
from gateway.ox.session import Session
from middleware.faults import Fault, Kind
from middleware.running import Running

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6364f8cf500f0003860180 5a347d6b0000000049454e44ae426082".replace(" ", "")
)


@pytest.fixture
async def book(alice: Session) -> str:
    return await alice.run(folders.create("1", "contacts", "Clients"))


async def test_the_life_of_a_contact(alice: Session, book: str) -> None:
    made = await alice.run(contacts.create(book, {"first_name": "Ada", "birthday": -4873132800000, "uid": "ada-1"}))
    (contact,) = await alice.run(contacts.by_id(book, [made.id]))
    assert contact["uid"] == "ada-1"
    assert contact["last_modified_utc"] == made.stamp
    changed = await alice.run(contacts.update(book, made.id, made.stamp, {"note": "n", "birthday": None}))
    assert changed.stamp > made.stamp
    (listed,) = await alice.run(contacts.by_id(book, [made.id]))
    assert (listed["note"], listed["first_name"], listed["last_modified_utc"]) == ("n", "Ada", changed.stamp)
    assert "birthday" not in listed
    await alice.run(contacts.delete(book, [made.id], changed.stamp))
    assert await alice.run(contacts.by_id(book, [made.id])) == ()


async def test_unknown_ids_are_left_out(alice: Session, book: str) -> None:
    fields = {"first_name": "Ada", "email1": "ada@example.org", "addressHome": "Home 1", "yomiLastName": "yl"}
    made = await alice.run(contacts.create(book, fields))
    (listed,) = await alice.run(contacts.by_id(book, [made.id, "999999"]))
    assert fields.items() <= listed.items()


async def test_a_stale_stamp(alice: Session, book: str) -> None:
    made = await alice.run(contacts.create(book, {"first_name": "Ada"}))
    await alice.run(contacts.update(book, made.id, made.stamp, {"first_name": "Augusta"}))
    with pytest.raises(ChangedMeanwhile):
        await alice.run(contacts.update(book, made.id, made.stamp, {"first_name": "Stale"}))
    with pytest.raises(ChangedMeanwhile):
        await alice.run(contacts.delete(book, [made.id], made.stamp))
    (kept,) = await alice.run(contacts.by_id(book, [made.id]))
    assert kept["first_name"] == "Augusta"


async def test_a_value_that_is_too_long(alice: Session, book: str) -> None:
    with pytest.raises(TooLong) as raised:
        await alice.run(contacts.create(book, {"first_name": "x" * 500}))
    assert raised.value.problematic
    assert await alice.run(contacts.ids(book)) == ()


async def test_updates(alice: Session, book: str) -> None:
    assert await alice.run(contacts.updates(book, 0, ["uid"])) == contacts.ContactUpdates((), (), None)
    first = await alice.run(contacts.create(book, {"uid": "a"}))
    second = await alice.run(contacts.create(book, {"uid": "b"}))
    everything = await alice.run(contacts.updates(book, 0, ["uid"]))
    assert {row["id"]: row["uid"] for row in everything.rows} == {first.id: "a", second.id: "b"}
    since = await alice.run(contacts.updates(book, first.stamp, ["uid"]))
    assert [row["id"] for row in since.rows] == [second.id]
    await alice.run(contacts.delete(book, [first.id], FAR_FUTURE))
    changed = await alice.run(contacts.update(book, second.id, FAR_FUTURE, {"note": "n"}))
    both = await alice.run(contacts.updates(book, second.stamp, []))
    assert both.rows == ({"id": second.id, "folder_id": book, "last_modified_utc": changed.stamp},)
    assert both.deleted_ids == (first.id,)


async def test_deletions_only(ox: Running, alice: Session, book: str) -> None:
    first = await alice.run(contacts.create(book, {"uid": "a"}))
    second = await alice.run(contacts.create(book, {"uid": "b"}))
    await alice.run(contacts.delete(book, [first.id], FAR_FUTURE))
    with pytest.raises(DeletionsOnly):
        await alice.run(contacts.updates(book, second.stamp, ["uid"]))
    results = await alice.run_all(
        [
            contacts.updates(book, second.stamp, ["uid"]),
            contacts.updates_without_deletions(book, second.stamp, ["uid"]),
            contacts.ids(book),
        ]
    )
    assert isinstance(results[0], DeletionsOnly)
    assert results[1] == contacts.ContactUpdates((), (), None)
    assert results[2] == (second.id,)


async def test_a_move(alice: Session, book: str) -> None:
    target = await alice.run(folders.create("1", "contacts", "Other"))
    made = await alice.run(contacts.create(book, {"uid": "a"}))
    await alice.run(contacts.update(book, made.id, made.stamp, {"folder_id": target}))
    assert await alice.run(contacts.ids(book)) == ()
    assert await alice.run(contacts.ids(target)) == (made.id,)


async def test_pictures(alice: Session, book: str) -> None:
    image = Upload("p.png", "image/png", PNG)
    made = await alice.run(contacts.create_with_image(book, {"first_name": "Pic"}, image))
    (contact,) = await alice.run(contacts.by_id(book, [made.id]))
    assert contact["image1_content_type"] == "image/png"
    assert await alice.run(contacts.picture(contact["image1_url"])) == PNG
    other = Upload("q.png", "image/png", PNG + b"\0")
    changed = await alice.run(contacts.update_with_image(book, made.id, made.stamp, {"note": "n"}, other))
    (contact,) = await alice.run(contacts.by_id(book, [made.id]))
    assert (contact["note"], contact["last_modified_utc"]) == ("n", changed.stamp)
    url = contact["image1_url"]
    assert await alice.run(contacts.picture(url)) == PNG + b"\0"
    await alice.run(contacts.update(book, made.id, changed.stamp, {"image1": None}))
    with pytest.raises(ObjectNotFound):
        await alice.run(contacts.picture(url))


async def test_lists(alice: Session, book: str) -> None:
    member = await alice.run(contacts.create(book, {"first_name": "Ada", "email1": "ada@example.org"}))
    members = [
        {"id": member.id, "folder_id": book, "mail_field": 1, "mail": "ada@example.org", "display_name": "Ada"},
        {"mail": "guest@example.com", "display_name": "Guest", "mail_field": 0},
    ]
    fields = {"display_name": "Team", "mark_as_distributionlist": True, "distribution_list": members}
    made = await alice.run(contacts.create(book, fields))
    (listed,) = await alice.run(contacts.by_id(book, [made.id]))
    assert listed["mark_as_distributionlist"] is True
    assert [each["mail"] for each in listed["distribution_list"]] == ["ada@example.org", "guest@example.com"]
    assert listed["distribution_list"][0]["id"] == member.id


async def test_search(alice: Session, book: str) -> None:
    made = await alice.run(contacts.create(book, {"uid": "find-me", "last_name": "Lovelace"}))
    await alice.run(contacts.create(book, {"uid": "other"}))
    found = await alice.run(contacts.search(["=", {"field": "last_name"}, "Love*"], [book], ["uid"]))
    assert [(contact["id"], contact["uid"]) for contact in found] == [(made.id, "find-me")]


async def test_the_users_of_the_context(alice: Session) -> None:
    users = await alice.run(contacts.updates("6", 0, ["display_name", "user_id"]))
    assert {"Alice Archer", "Bob Baker"} <= {row["display_name"] for row in users.rows}
    with pytest.raises(PermissionDenied):
        await alice.run(contacts.create("6", {"first_name": "x"}))


async def test_an_upload_with_an_unknown_outcome_is_sent_once(ox: Running, alice: Session, book: str) -> None:
    ox.faults.add(Fault(Kind.DROP_AFTER, "contacts"))
    with pytest.raises(OutcomeUnknown):
        await alice.run(contacts.create_with_image(book, {"uid": "once"}, Upload("p.png", "image/png", PNG)))
    assert len(await alice.run(contacts.ids(book))) == 1


async def test_a_write_that_was_not_done_and_one_that_was_look_the_same(ox: Running, alice: Session, book: str) -> None:
    for kind, stored in ((Kind.DROP_BEFORE, 0), (Kind.DROP_AFTER, 1), (Kind.MALFORMED_JSON, 2)):
        ox.faults.add(Fault(kind, "contacts", "new"))
        with pytest.raises(OutcomeUnknown):
            await alice.run(contacts.create(book, {"uid": kind.name}))
        assert len(await alice.run(contacts.ids(book))) == stored
