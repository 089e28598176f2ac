"""Administration while a server runs on the same data: both see one another's changes, nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from middleware.running import Running, administer
from tests.middleware.client import OXClient
from tests.middleware_admin.conftest import Command

ALICE_CALENDAR = "cal://0/31"


async def test_a_new_account_can_sign_in_at_once(command: Command, server: Running, secret: Path) -> None:
    async with OXClient(server.url) as client:
        assert (await client.login("dora", "a new secret"))["code"] == "LGI-0006"
        assert command("user", "add", "dora", "--password-file", secret).exit_code == 0
        assert "session" in await client.login("dora", "a new secret")


async def test_another_password_ends_the_sessions_of_the_account_and_no_other(
    command: Command, server: Running, secret: Path
) -> None:
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        assert command("user", "passwd", "alice", "--password-file", secret).exit_code == 0
        assert (await alice.call("folders", "get", id="31"))["code"] == "SES-0203"
        assert "data" in await bob.call("folders", "get", id="41")
        assert (await alice.login("alice", "demo"))["code"] == "LGI-0006"
        assert "session" in await alice.login("alice", "a new secret")


async def test_a_share_is_seen_at_once_and_its_end_too(command: Command, server: Running) -> None:
    async with OXClient(server.url) as bob:
        await bob.login("bob")
        assert (await bob.call("folders", "get", id="31"))["category"] == 3
        assert command("share", "add", "31", "bob", "--role", "author").exit_code == 0
        folder = await bob.data("folders", "get", id="31")
        assert folder["own_rights"] == 4227332
        assert "bob (author)" in command("share", "list", "--user", "alice").output
        since = folder["last_modified_utc"]
        assert command("share", "remove", ALICE_CALENDAR, "bob").exit_code == 0
        assert (await bob.call("folders", "get", id="31"))["category"] == 3
        assert "31" in await bob.data("folders", "updates", timestamp=since, columns="1")


async def test_a_share_with_a_group_reaches_its_members(command: Command, server: Running) -> None:
    async with OXClient(server.url) as carol:
        await carol.login("carol")
        assert command("share", "add", "31", "Team", "--group").exit_code == 0
        assert (await carol.data("folders", "get", id="31"))["own_rights"] == 257
        assert "group Team (viewer)" in command("share", "list").output
        assert command("group", "remove", "team").exit_code == 0
        assert (await carol.call("folders", "get", id="31"))["category"] == 3


async def test_stamps_and_numbers_go_on_rising_whoever_writes(data: Path, server: Running) -> None:
    async with OXClient(server.url) as alice:
        await alice.login("alice")
        stamps, numbers = [], []
        for turn in range(6):
            body = {"title": f"Folder {turn}", "module": "contacts"}
            answer = await alice.call("folders", "new", folder_id="1", body=body)
            stamps.append(answer["timestamp"])
            numbers.append(int(answer["data"]))
            with administer(data) as context, context.store.writing() as connection:
                # As if the clock of the other process were ahead.
                context.clock.not_before(stamps[-1] + 60_000)
                stamps.append(context.clock.stamp())
                numbers.append(context.store.next_id(connection, "folders"))
        assert stamps == sorted(set(stamps))
        assert numbers == sorted(set(numbers))


async def test_changes_from_both_sides_at_the_same_time_all_stay(data: Path, server: Running) -> None:
    """A server that worked with what it remembered of a folder would undo shares made meanwhile."""
    from middleware.sharing import share, unshare

    def share_and_unshare() -> None:
        for _ in range(10):
            with administer(data) as context:
                share(context, context.folders.get(folder), 4, "viewer")
            with administer(data) as context:
                assert context.folders.rights(4, context.folders.get(folder)).visible
                unshare(context, context.folders.get(folder), 4)

    async with OXClient(server.url) as alice:
        await alice.login("alice")
        made = await alice.data("folders", "new", folder_id="1", body={"title": "Busy", "module": "contacts"})
        folder = int(made)
        other = asyncio.create_task(asyncio.to_thread(share_and_unshare))
        renamed = 0
        while not other.done():
            renamed += 1
            answer = await alice.call("folders", "update", id=made, body={"title": f"Busy {renamed}"})
            assert "data" in answer, answer
        await other
        seen = await alice.data("folders", "get", id=made)
        assert seen["title"] == f"Busy {renamed}"
        assert [one["entity"] for one in seen["permissions"]] == [3]


async def test_options_of_the_server_are_not_taken_before_a_command(data: Path, server: object) -> None:
    from typer.testing import CliRunner

    from gateway.cli import cli

    refused = CliRunner().invoke(cli, ["middleware", "--data", str(data), "user", "list", "--data", str(data)])
    assert refused.exit_code == 2
    assert "after the command" in refused.stderr
