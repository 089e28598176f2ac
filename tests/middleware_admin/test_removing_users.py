"""Removing an account: what goes with it, and what others keep."""

from __future__ import annotations

from typing import Any

from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware_admin.conftest import Command
from tests.middleware_chronos.people import FAR_FUTURE, meeting

ALICE, BOB = "cal://0/31", "cal://0/41"
PEOPLE = [
    {"uri": "mailto:alice@example.com", "entity": 3, "cuType": "INDIVIDUAL"},
    {"uri": "mailto:bob@example.com", "entity": 4, "cuType": "INDIVIDUAL"},
]


async def _events(client: OXClient, folder: str, since: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = await client.data("chronos", "updates", folder=folder, timestamp=since)
    return data


async def _remove_alice(command: Command) -> None:
    removed = command("user", "remove", "alice", "--yes")
    assert removed.exit_code == 0, removed.output


async def test_the_account_is_gone_with_its_session(command: Command, server: Running) -> None:
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        entry = await bob.data("contacts", "getuser", id=3)
        await _remove_alice(command)
        assert (await alice.call("folders", "get", id="31"))["code"] == "SES-0203"
        assert (await alice.login("alice"))["code"] == "LGI-0006"
        assert "alice" not in command("user", "list").output
        assert "alice" not in command("group", "list").output
        assert [row[0] for row in await bob.data("user", "all", columns="1")] == [2, 4, 5]
        everybody = await bob.data("contacts", "all", folder="6", columns="1")
        assert [entry["id"]] not in everybody
        assert len(everybody) == 2 + 1


async def test_nothing_happens_without_consent(command: Command, server: Running) -> None:
    assert command("user", "remove", "alice", typed="n\n").exit_code == 1
    assert "alice" in command("user", "list").output


async def test_meetings_the_account_organized_end(command: Command, server: Running) -> None:
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        created = await alice.data("chronos", "new", folder=ALICE, body=meeting(attendees=PEOPLE))
        event = created["created"][0]
        seen = await _events(bob, BOB)
        assert [one["id"] for one in seen["newAndModified"]] == [event["id"]]
        await _remove_alice(command)
        seen = await _events(bob, BOB, event["timestamp"])
        assert seen["newAndModified"] == []
        assert [one["id"] for one in seen["deleted"]] == [event["id"]]


async def test_in_meetings_of_others_it_stays_as_somebody_from_outside_who_does_not_come(
    command: Command, server: Running
) -> None:
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        created = await bob.data("chronos", "new", folder=BOB, body=meeting(attendees=PEOPLE))
        event = created["created"][0]
        await alice.data(
            "chronos",
            "updateAttendee",
            folder=ALICE,
            id=event["id"],
            timestamp=FAR_FUTURE,
            body={"attendee": {"entity": 3, "partStat": "ACCEPTED"}},
        )
        await _remove_alice(command)
        (kept,) = (await _events(bob, BOB, event["timestamp"]))["newAndModified"]
        (former,) = [one for one in kept["attendees"] if one["email"] == "alice@example.com"]
        assert former["partStat"] == "DECLINED"
        assert "entity" not in former
        renamed = await bob.data(
            "chronos", "update", folder=BOB, id=event["id"], timestamp=FAR_FUTURE, body={"event": {"summary": "New"}}
        )
        assert renamed["updated"][0]["summary"] == "New"


async def test_what_it_made_in_the_folders_of_others_stays_theirs(command: Command, server: Running) -> None:
    assert command("share", "add", "41", "alice", "--role", "author").exit_code == 0
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        event = (await alice.data("chronos", "new", folder=BOB, body=meeting("By alice")))["created"][0]
        public = await alice.data("folders", "new", folder_id="2", body={"title": "Public", "module": "contacts"})
        await _remove_alice(command)
        kept = await bob.data("chronos", "get", folder=BOB, id=event["id"])
        assert kept["summary"] == "By alice"
        assert kept["createdBy"]["entity"] == 3
        folder = await bob.data("folders", "get", id="41")
        assert [one["entity"] for one in folder["permissions"]] == [4]
        assert f" {public} " in command("share", "list", "--user", "oxadmin").output
