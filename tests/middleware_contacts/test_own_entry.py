"""The own entry in the address book of all users is the user himself."""

from __future__ import annotations

from typing import Any

from tests.middleware.client import OXClient

FAR_FUTURE = 9007199254740991
EVENT = {"summary": "x", "startDate": {"value": "20270405"}, "endDate": {"value": "20270406"}}


async def own_entry(client: OXClient) -> dict[str, Any]:
    """The entry of alice."""
    entry: dict[str, Any] = await client.data("contacts", "getuser", id=3)
    return entry


async def test_new_names_are_the_names_of_the_user(alice: OXClient) -> None:
    entry = await own_entry(alice)
    renamed = {"display_name": "Alice Miller", "last_name": "Miller", "email2": "a.miller@example.org"}
    named = {"folder": "6", "id": entry["id"], "timestamp": FAR_FUTURE}
    await alice.data("contacts", "update", body=renamed, **named)

    user = await alice.data("user", "get", id=3)
    assert (user["display_name"], user["first_name"], user["last_name"]) == ("Alice Miller", "Alice", "Miller")
    assert (await alice.data("user/me"))["display_name"] == "Alice Miller"
    made = await alice.data("chronos", "new", folder="cal://0/31", body=EVENT)
    organizer = made["created"][0]["organizer"]
    assert (organizer["cn"], organizer["uri"]) == ("Alice Miller", "mailto:alice@example.com")


async def test_a_name_cannot_be_cleared(alice: OXClient) -> None:
    entry = await own_entry(alice)
    named = {"folder": "6", "id": entry["id"], "timestamp": FAR_FUTURE}
    refused = await alice.call("contacts", "update", body={"display_name": None}, **named)
    assert refused["code"] == "CON-0164"
    assert (await alice.data("user/me"))["display_name"] == "Alice Archer"


async def test_entries_of_others_stay_as_they_are(alice: OXClient, bob: OXClient) -> None:
    entry = await own_entry(bob)
    named = {"folder": "6", "id": entry["id"], "timestamp": FAR_FUTURE}
    refused = await bob.call("contacts", "update", body={"display_name": "Nobody"}, **named)
    assert refused["code"] == "CON-0176"
    assert (await alice.data("user/me"))["display_name"] == "Alice Archer"
