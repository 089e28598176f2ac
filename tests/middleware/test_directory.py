"""Modules user, user/me, group and resource: as recorded in directory/users-groups-resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware.client import OXClient

LATEST = 9007199254740991
USER_MEMBERS = {
    "id",
    "last_name",
    "sort_name",
    "number_of_images",
    "display_name",
    "created_by",
    "last_modified",
    "folder_id",
    "email1",
    "useCount",
    "creation_date",
    "uid",
    "user_id",
    "first_name",
    "file_as",
    "modified_by",
    "last_modified_utc",
    "timezone",
    "groups",
    "login_info",
    "contact_id",
    "aliases",
    "locale",
}


async def test_own_and_foreign_user(alice: OXClient) -> None:
    answer = await alice.call("user", "get")
    own = answer["data"]
    assert set(own) == USER_MEMBERS
    assert (own["id"], own["contact_id"], own["groups"]) == (3, 2, [0, 1, 6])
    assert (own["aliases"], own["timezone"], own["locale"]) == (
        ["alice@example.com"],
        "Europe/Berlin",
        "en_US",
    )
    assert answer["timestamp"] == own["last_modified_utc"]
    assert (await alice.data("user", "get", id=4))["display_name"] == "Bob Baker"


async def test_rows_of_all_users(alice: OXClient) -> None:
    rows = await alice.data("user", "all", columns="1,20,500,524,555,602,610,612,613,614,615,616")
    assert [row[0] for row in rows] == [2, 3, 4, 5]
    assert rows[1] == [
        3,
        "6",
        "Alice Archer",
        3,
        "alice@example.com",
        False,
        ["alice@example.com"],
        "en_US",
        [0, 1, 6],
        2,
        "alice",
        0,
    ]
    sorted_rows = await alice.data("user", "all", columns="1", sort="501", order="desc")
    assert sorted_rows == [[2], [5], [4], [3]]


async def test_list_warns_of_unknown_users(alice: OXClient) -> None:
    answer = await alice.call("user", "list", columns="1,500", body=[4, None, 999])
    assert answer["data"] == [[4, "Bob Baker"], [3, "Alice Archer"]]
    assert (answer["code"], answer["categories"]) == ("USR-0010", "WARNING")
    assert answer["warnings"]["error_params"] == [999, 2]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"pattern": "b*"}, [4]),
        ({"pattern": "*ar*"}, [3, 5]),
        ({"pattern": "?ob"}, [4]),
        ({"first_name": "carol", "last_name": "clark"}, [5]),
        ({"first_name": "carol", "last_name": "baker"}, []),
        ({"first_name": "carol", "last_name": "baker", "orSearch": True}, [4, 5]),
    ],
)
async def test_search(alice: OXClient, body: dict[str, Any], found: list[int]) -> None:
    assert await alice.data("user", "search", columns="1", body=body) == [[number] for number in found]


async def test_errors_of_the_user_module(alice: OXClient) -> None:
    assert (await alice.call("user", "get", id=999))["code"] == "USR-0010"
    assert (await alice.call("user", "advancedSearch", columns="1", body={}))["code"] == "SVL-0001"
    assert (await alice.call("user", "get", id="x"))["code"] == "SVL-0010"


async def test_user_me(alice: OXClient) -> None:
    assert await alice.data("user/me") == {
        "context_id": 2,
        "user_id": 3,
        "context_admin": 2,
        "login_name": "alice",
        "display_name": "Alice Archer",
        "mail_login": "alice@example.com",
        "email_address": "alice@example.com",
        "email_aliases": ["alice@example.com"],
    }


async def test_update_of_zone_locale_and_contact(alice: OXClient, bob: OXClient) -> None:
    body = {"timezone": "Asia/Kolkata", "locale": "de_DE", "telephone_business1": "+49 1"}
    await alice.call("user", "update", id=3, timestamp=LATEST, body=body)
    own = await alice.data("user", "get")
    assert {name: own[name] for name in body} == body
    assert (await alice.data("system", "whoami"))["locale"] == "de_DE"
    folder = await alice.data("folders", "get", id="31")
    assert folder["last_modified"] - folder["last_modified_utc"] == 19_800_000
    foreign = await bob.call("user", "update", id=3, timestamp=LATEST, body=body)
    assert foreign["categories"] == "PERMISSION_DENIED"
    wrong = await alice.call("user", "update", id=3, timestamp=LATEST, body={"timezone": "Mars/Olympus"})
    assert wrong["code"] == "SVL-0010"
    stale = await alice.call("user", "update", id=3, timestamp=1, body={"locale": "en_US"})
    assert stale["categories"] == "CONFLICT"


async def test_attributes(alice: OXClient) -> None:
    assert await alice.data("user", "getAttribute", id=3, name="x") == {"name": "x"}
    body = {"name": "x", "value": "1"}
    assert await alice.data("user", "setAttribute", id=3, body=body) is True
    assert await alice.data("user", "setAttribute", id=3, setIfAbsent=True, body=body) is False
    assert await alice.data("user", "getAttribute", id=3, name="x") == body
    await alice.data("user", "setAttribute", id=3, body={"name": "x", "value": None})
    assert await alice.data("user", "getAttribute", id=3, name="x") == {"name": "x"}
    assert (await alice.call("user", "getAttribute", id=4, name="x"))["categories"] == "PERMISSION_DENIED"


async def test_groups(alice: OXClient) -> None:
    rows = await alice.data("group", "all", columns="1,700,701,702")
    assert rows == [[6, "team", "Team", "3,4,5"], [0, None, "All users", "2,3,4,5"]]
    team = await alice.data("group", "get", id=6)
    assert set(team) == {"id", "display_name", "name", "last_modified_utc", "members"}
    assert team["members"] == [3, 4, 5]
    listed = await alice.data("group", "list", body=[{"id": 0}, {"id": 1}, {"id": 6}])
    assert [one.get("name") for one in listed] == [None, "users", "team"]
    found = await alice.data("group", "search", body={"pattern": "*"})
    assert [one["id"] for one in found] == [6, 0]
    assert (await alice.call("group", "get", id=999))["code"] == "GRP-0017"


async def test_the_life_of_a_group(alice: OXClient) -> None:
    body = {"name": "qa", "display_name": "QA", "members": [3, 4]}
    created = await alice.call("group", "new", body=body)
    number = created["data"]["id"]
    assert (await alice.call("group", "new", body=body))["categories"] == "USER_INPUT"
    since = created["timestamp"]
    await alice.data("group", "update", id=number, timestamp=since, body={"members": [3]})
    assert (await alice.data("group", "get", id=number))["members"] == [3]
    stale = await alice.call("group", "update", id=number, timestamp=since, body={"members": [4]})
    assert stale["categories"] == "CONFLICT"
    updates = await alice.data("group", "updates", timestamp=since)
    assert [one["id"] for one in updates["modified"]] == [0, 0, number]
    deleted = await alice.call("group", "delete", timestamp=LATEST, body={"id": number})
    assert deleted == {"data": [], "timestamp": LATEST}
    updates = await alice.data("group", "updates", timestamp=since)
    assert [one["id"] for one in updates["deleted"]] == [0, 0, number]
    fixed = await alice.call("group", "delete", timestamp=LATEST, body={"id": 0})
    assert fixed["categories"] == "PERMISSION_DENIED"
    unknown = await alice.call("group", "new", body={"name": "x", "members": [999]})
    assert unknown["code"] == "USR-0010"


async def test_resources(alice: OXClient) -> None:
    assert await alice.data("resource", "all", columns="1,700") == [7, 8]
    room = await alice.data("resource", "get", id=7)
    assert room == {
        "id": 7,
        "name": "room1",
        "display_name": "Room 1",
        "mailaddress": "room1@example.com",
        "availability": True,
        "description": "Meeting room",
        "last_modified": room["last_modified"],
        "last_modified_utc": room["last_modified_utc"],
        "permissions": [{"entity": 0, "group": True, "privilege": "book_directly"}],
        "own_privilege": "book_directly",
    }
    assert await alice.data("resource", "search", body={"pattern": "Room"}) == [room]
    listed = await alice.data("resource", "list", body=[{"id": 7}, {"id": 8}])
    assert [one["id"] for one in listed] == [7, 8]
    assert (await alice.call("resource", "get", id=999))["code"] == "RES-0005"


async def test_the_life_of_a_resource(alice: OXClient) -> None:
    body = {"name": "car", "display_name": "Car", "mailaddress": "car@example.com", "availability": True}
    created = await alice.call("resource", "new", body=body)
    number, since = created["data"]["id"], created["timestamp"]
    assert (await alice.call("resource", "new", body=body))["categories"] == "USER_INPUT"
    await alice.data("resource", "update", id=number, timestamp=since, body={"display_name": "Blue car"})
    updates = await alice.data("resource", "updates", timestamp=since)
    assert [one["display_name"] for one in updates["modified"]] == ["Blue car"]
    assert await alice.data("resource", "delete", timestamp=LATEST, body={"id": number}) == []
    updates = await alice.data("resource", "updates", timestamp=since)
    assert [one["id"] for one in updates["deleted"]] == [number]
