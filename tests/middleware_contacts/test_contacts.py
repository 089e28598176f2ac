"""Contacts of the embedded OX: creating, reading, changing, deleting, as a real OX 8 answered."""

from __future__ import annotations

import pytest

from tests.middleware.client import OXClient

FAR_FUTURE = 9007199254740991
PERSON = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "display_name": "Ada Lovelace",
    "email1": "ada@example.org",
    "birthday": 12345,
    "color_label": 3,
    "uid": "card-1",
    "filename": "not shown",
}


async def book(client: OXClient) -> str:
    async with client.http.get(f"{client.url}config/folder/contacts", params={"session": client.session}) as response:
        return str((await response.json())["data"])


async def add(client: OXClient, **fields: object) -> str:
    return str((await client.data("contacts", "new", body={"folder_id": await book(client), **fields}))["id"])


async def test_a_contact_has_what_was_sent_and_what_the_server_adds(alice: OXClient) -> None:
    identifier = await add(alice, **PERSON)
    answer = await alice.call("contacts", "get", id=identifier, folder=await book(alice), timezone="UTC")
    contact = answer["data"]
    assert contact["first_name"] == "Ada"
    assert contact["birthday"] == 0
    assert contact["sort_name"] == "Lovelace_Ada"
    assert contact["file_as"] == "Ada Lovelace"
    assert contact["folder_id"] == await book(alice)
    assert contact["number_of_images"] == 0
    assert contact["created_by"] == 3
    assert contact["last_modified"] == contact["last_modified_utc"] == answer["timestamp"]
    for absent in ("filename", "mark_as_distributionlist", "private_flag", "user_id", "image1_url"):
        assert absent not in contact


async def test_times_are_shifted_into_the_zone_and_timestamps_are_not(alice: OXClient) -> None:
    identifier = await add(alice, display_name="X")
    contact = await alice.data("contacts", "get", id=identifier, folder=await book(alice), timezone="Asia/Kolkata")
    assert contact["last_modified"] - contact["last_modified_utc"] == 19_800_000


async def test_rows_follow_the_columns_and_unknown_columns_are_left_out(alice: OXClient) -> None:
    identifier = await add(alice, **PERSON)
    rows = await alice.data("contacts", "all", folder=await book(alice), columns="1,20,223,9999,602,524,503")
    assert rows == [[identifier, await book(alice), "card-1", False, 0, None]]


async def test_list_leaves_out_unknown_ids(alice: OXClient) -> None:
    identifier, folder = await add(alice, **PERSON), await book(alice)
    wanted = [{"id": identifier, "folder": folder}, {"id": "999999", "folder": folder}]
    assert await alice.data("contacts", "list", columns="1,20", body=wanted) == [[identifier, folder]]


async def test_update_changes_clears_and_moves_the_stamp(alice: OXClient) -> None:
    identifier, folder = await add(alice, **PERSON), await book(alice)
    answer = await alice.call(
        "contacts",
        "update",
        id=identifier,
        folder=folder,
        timestamp=FAR_FUTURE,
        body={"last_name": None, "email1": "", "nosuch": "x", "filename": "other"},
    )
    assert answer["data"] == {}
    contact = await alice.data("contacts", "get", id=identifier, folder=folder)
    assert "last_name" not in contact
    assert contact["email1"] == ""
    assert contact["last_modified_utc"] == answer["timestamp"]


async def test_duplicate_uids_are_accepted(alice: OXClient) -> None:
    assert await add(alice, **PERSON) != await add(alice, **PERSON)


@pytest.mark.parametrize(
    ("body", "code", "category"),
    [
        ({"first_name": "x" * 500}, "CON-0154", "USER_INPUT"),
        ({"email1": "not an address"}, "CON-0100", "USER_INPUT"),
        ({"birthday": "soon"}, "SVL-0002", "ERROR"),
        ({"distribution_list": [{"display_name": "no mail", "mail_field": 0}]}, "CON-0177", "USER_INPUT"),
        ({"uid": "another"}, "CON-0176", "PERMISSION_DENIED"),
    ],
)
async def test_bad_values_are_refused_and_nothing_is_stored(
    alice: OXClient, body: dict[str, object], code: str, category: str
) -> None:
    identifier, folder = await add(alice, **PERSON), await book(alice)
    before = await alice.data("contacts", "get", id=identifier, folder=folder)
    answer = await alice.call("contacts", "update", id=identifier, folder=folder, timestamp=FAR_FUTURE, body=body)
    assert (answer["code"], answer["categories"]) == (code, category)
    assert await alice.data("contacts", "get", id=identifier, folder=folder) == before


async def test_truncation_names_the_limit(alice: OXClient) -> None:
    answer = await alice.call("contacts", "new", body={"folder_id": await book(alice), "first_name": "x" * 500})
    assert answer["error_params"] == ["First name", 128, 500]
    assert answer["problematic"] == [{"id": 0, "length": 500, "max_size": 128}]


async def test_stale_unknown_and_wrong_addresses(alice: OXClient, bob: OXClient) -> None:
    identifier, folder = await add(alice, **PERSON), await book(alice)
    cases = [
        (await alice.call("contacts", "update", id=identifier, folder=folder, timestamp=1, body={}), "CON-0119"),
        (await alice.call("contacts", "update", id=identifier, folder=folder, body={}), "SVL-0010"),
        (await alice.call("contacts", "get", id="999999", folder=folder), "CON-0125"),
        (await alice.call("contacts", "get", id="abc", folder=folder), "CON-0261"),
        (await alice.call("contacts", "get", id="1", folder="99999"), "FLD-0008"),
        (await bob.call("contacts", "get", id=identifier, folder=folder), "CON-0104"),
        (await alice.call("contacts", "new", body={"first_name": "x"}), "SVL-0009"),
        (await alice.call("contacts", "nosuch"), "SVL-0021"),
    ]
    assert [answer["code"] for answer, _ in cases] == [code for _, code in cases]


async def test_delete_echoes_the_stamp_and_is_all_or_nothing(alice: OXClient) -> None:
    first, second, folder = await add(alice, **PERSON), await add(alice, **PERSON), await book(alice)
    stale = await alice.call("contacts", "delete", timestamp=1, body=[{"id": first, "folder": folder}])
    assert stale["code"] == "CON-0119"
    gone = await alice.call(
        "contacts",
        "delete",
        timestamp=FAR_FUTURE,
        body=[{"id": first, "folder": folder}, {"id": "9999", "folder": folder}],
    )
    assert gone["code"] == "CON-0125"
    assert len(await alice.data("contacts", "all", folder=folder, columns="1")) == 2
    done = await alice.call("contacts", "delete", timestamp=FAR_FUTURE, body=[{"id": first, "folder": folder}])
    assert (done["data"], done["timestamp"]) == ({}, FAR_FUTURE)
    assert await alice.data("contacts", "all", folder=folder, columns="1") == [[second]]


async def test_composite_ids_of_the_addressbooks_module(alice: OXClient) -> None:
    folder = f"con://0/{await book(alice)}"
    created = await alice.data("addressbooks", "new", body={"folder_id": folder, "display_name": "X"})
    shown = await alice.data("addressbooks", "get", id=created["id"], folder=folder)
    assert shown["folder_id"] == folder
    assert (await alice.call("addressbooks", "updates", folder=folder, timestamp=0, columns="1"))["code"] == "SVL-0021"


async def test_the_address_book_of_all_users(alice: OXClient) -> None:
    rows = await alice.data("contacts", "all", folder="6", columns="1,500,524")
    assert [row[1] for row in rows] == ["Context Admin", "Alice Archer", "Bob Baker", "Carol Clark"]
    mine, bobs = (str(next(row[0] for row in rows if row[2] == user)) for user in (3, 4))
    changes = {"telephone_business1": "+49 1"}
    own = await alice.call("contacts", "update", id=mine, folder="6", timestamp=FAR_FUTURE, body=changes)
    assert own["data"] == {}
    other = await alice.call("contacts", "update", id=bobs, folder="6", timestamp=FAR_FUTURE, body=changes)
    assert other["code"] == "CON-0176"
    removed = await alice.call("contacts", "delete", timestamp=FAR_FUTURE, body=[{"id": bobs, "folder": "6"}])
    assert removed["code"] == "CON-0169"
    assert (await alice.call("contacts", "new", body={"folder_id": "6", "first_name": "x"}))["code"] == "CON-0112"
    assert (await alice.data("contacts", "getuser", id=3))["telephone_business1"] == "+49 1"


async def test_members_of_a_distribution_list(alice: OXClient) -> None:
    member, folder = await add(alice, first_name="Mem", last_name="Ber", email1="mem@example.org"), await book(alice)
    listed = [
        {"mail_field": 0, "mail": "x@example.org", "display_name": "X"},
        {"id": member, "folder_id": folder, "mail_field": 1, "display_name": "Mem"},
        {"id": member, "mail_field": 1},
    ]
    identifier = await add(alice, display_name="List", mark_as_distributionlist=True, distribution_list=listed)
    shown = await alice.data("contacts", "get", id=identifier, folder=folder)
    assert shown["distribution_list"] == [
        {
            "id": member,
            "folder_id": folder,
            "mail": "mem@example.org",
            "display_name": "Mem",
            "sort_name": "Ber_Mem",
            "mail_field": 1,
        },
        {"mail": "x@example.org", "display_name": "X", "sort_name": "X", "mail_field": 0},
    ]
    await alice.data(
        "contacts", "update", id=identifier, folder=folder, timestamp=FAR_FUTURE, body={"distribution_list": []}
    )
    emptied = await alice.data("contacts", "get", id=identifier, folder=folder)
    assert emptied["number_of_distribution_list"] == 0
    assert "distribution_list" not in emptied
