"""Module folders, reading: shapes and members as recorded in folders/get, root-list-path and allVisible."""

from __future__ import annotations

import pytest

from middleware.running import Running
from tests.middleware.client import OXClient

OWNER = 403710016
COMMON = {
    "id",
    "created_by",
    "modified_by",
    "creation_date",
    "last_modified",
    "last_modified_utc",
    "folder_id",
    "title",
    "module",
    "type",
    "subfolders",
    "own_rights",
    "permissions",
    "standard_folder",
    "subscribed",
    "subscr_subflds",
    "standard_folder_type",
    "folder_name",
    "used_for_sync",
    "created_from",
    "modified_from",
    "com.openexchange.folderstorage.displayName",
    "com.openexchange.subscribe.subscriptionFlag",
    "com.openexchange.share.extendedPermissions",
    "preDefined",
}
CALENDAR = {
    "account_id",
    "supported_capabilities",
    "com.openexchange.caldav.url",
    "com.openexchange.calendar.config",
    "com.openexchange.calendar.provider",
    "com.openexchange.calendar.extendedProperties",
}


async def test_the_default_calendar_by_its_composite_id(alice: OXClient) -> None:
    answer = await alice.call("folders", "get", id="cal://0/31", timezone="UTC")
    data = answer["data"]
    assert set(data) == COMMON | CALENDAR
    assert answer["timestamp"] == data["last_modified_utc"] == data["last_modified"]
    assert (data["title"], data["module"], data["type"], data["folder_id"]) == ("Calendar", "calendar", 1, "1")
    assert data["own_rights"] == OWNER
    assert data["permissions"] == [{"identifier": "3", "bits": OWNER, "entity": 3, "group": False}]
    assert data["standard_folder"] is True
    assert data["standard_folder_type"] == 2
    assert data["used_for_sync"] == {"value": "true", "protected": "true"}
    assert data["com.openexchange.calendar.extendedProperties"] == {
        "color": {},
        "scheduleTransp": {"value": "OPAQUE", "protected": "true"},
    }


@pytest.mark.parametrize(
    ("folder_id", "module", "number", "account"),
    [
        ("31", "calendar", 2, None),
        ("32", "contacts", 3, None),
        ("con://0/32", "contacts", 3, "con://0"),
        ("33", "tasks", 1, None),
        ("6", "contacts", 0, None),
        ("con://0/6", "contacts", 3, "con://0"),
    ],
)
async def test_forms_of_ids(alice: OXClient, folder_id: str, module: str, number: int, account: str | None) -> None:
    data = await alice.data("folders", "get", id=folder_id)
    assert data["id"] == folder_id
    assert (data["module"], data["standard_folder_type"], data.get("account_id")) == (module, number, account)


async def test_last_modified_is_shown_in_the_zone_of_the_user(alice: OXClient) -> None:
    data = await alice.data("folders", "get", id="31", timezone="Asia/Kolkata")
    assert data["last_modified"] - data["last_modified_utc"] == 19_800_000


@pytest.mark.parametrize(
    ("folder_id", "code"),
    [
        ("99999", "FLD-0008"),
        ("cal://0/99999", "FLD-0008"),
        ("cal://0/32", "FLD-0008"),
        ("nonsense", "FLD-0008"),
        ("cal://9/0", "CAL-4044"),
        ("cal://0/41", "FLD-0003"),
        ("42", "FLD-0003"),
    ],
)
async def test_folders_that_cannot_be_read(alice: OXClient, folder_id: str, code: str) -> None:
    assert (await alice.call("folders", "get", id=folder_id))["code"] == code


async def test_unknown_action_and_missing_parameters(alice: OXClient) -> None:
    assert (await alice.call("folders", "nosuch"))["code"] == "SVL-0001"
    assert (await alice.call("folders", "get"))["error_params"] == ["id"]
    assert (await alice.call("folders", "allVisible", columns="1"))["error_params"] == ["content_type"]
    assert (await alice.call("folders", "allVisible", content_type="event"))["error_params"] == ["columns"]
    answer = await alice.call("folders", "allVisible", content_type="nosuch", columns="1")
    assert (answer["code"], answer["error_params"]) == ("SVL-0010", ["content_type", "nosuch"])


async def test_all_visible(alice: OXClient) -> None:
    answer = await alice.call("folders", "allVisible", content_type="event", columns="1,300,305,308,316,99999")
    own = ["cal://0/31", "Calendar", OWNER, True, 2, None]
    assert answer["data"] == {"private": [own, ["cal://1/0", "Birthdays", 257, False, 2, None]]}
    assert answer["timestamp"] > 0
    contacts = await alice.data("folders", "allVisible", content_type="contacts", columns="1,300,302,305")
    assert contacts == {"private": [["32", "Contacts", 1, OWNER]], "public": [["6", "All Users", 5, 16641]]}
    books = await alice.data("folders", "allVisible", content_type="addressdata", columns="1")
    assert books == {"private": [["con://0/32"]], "public": [["con://0/6"]]}
    assert await alice.data("folders", "allVisible", content_type="tasks", columns="1") == {"private": [["33"]]}


async def test_root_list_and_path(alice: OXClient) -> None:
    root = await alice.data("folders", "root", columns="1,300,301,304,316")
    assert root == [
        ["1", "Private folders", "system", True, 0],
        ["2", "Public folders", "system", True, 0],
        ["3", "Shared folders", "system", False, 0],
        ["9", "Infostore", "infostore", True, 0],
    ]
    children = await alice.data("folders", "list", parent="1", columns="1,316")
    assert children == [["cal://0/31", 2], ["cal://1/0", 2], ["con://0/32", 3], ["31", 2], ["32", 3], ["33", 1]]
    public = await alice.data("folders", "list", parent="2", columns="1,300,316")
    assert public == [["con://0/6", "All Users", 3], ["6", "All Users", 0]]
    path = await alice.data("folders", "path", id="cal://0/31", columns="1,300")
    assert path == [["cal://0/31", "Calendar"], ["1", "Private folders"]]


async def test_what_others_share_lies_below_their_virtual_folder(ox: Running, alice: OXClient, bob: OXClient) -> None:
    permissions = [
        {"entity": 3, "group": False, "bits": OWNER},
        {"entity": 4, "group": False, "bits": 257},
    ]
    await alice.data("folders", "update", id="cal://0/31", body={"permissions": permissions})
    assert await bob.data("folders", "list", parent="3", columns="1,300") == [["u:3", "Alice Archer"]]
    assert await bob.data("folders", "list", parent="u:3", columns="1") == [["cal://0/31"], ["31"]]
    path = await bob.data("folders", "path", id="cal://0/31", columns="1")
    assert path == [["cal://0/31"], ["u:3"], ["3"]]
    visible = await bob.data("folders", "allVisible", content_type="event", columns="1,20,302,305,308,321")
    assert visible["shared"] == [["cal://0/31", "u:3", 3, 257, False, {"value": "true", "protected": "false"}]]
    assert (await bob.data("folders", "get", id="cal://0/31"))["standard_folder_type"] == 0
    shares = await alice.data("folders", "shares", content_type="event", columns="1")
    assert shares == [["cal://0/31"]]


async def test_rights_through_a_group(alice: OXClient, bob: OXClient) -> None:
    permissions = [
        {"entity": 3, "group": False, "bits": OWNER},
        {"entity": 6, "group": True, "bits": 257},
        {"entity": 4, "group": False, "bits": 2 | 1 << 14},
    ]
    await alice.data("folders", "update", id="cal://0/31", body={"permissions": permissions})
    data = await bob.data("folders", "get", id="cal://0/31")
    assert data["own_rights"] == 2 | 2 << 7 | 1 << 14
    kinds = [one["type"] for one in data["com.openexchange.share.extendedPermissions"]]
    assert kinds == ["user", "group", "user"]
