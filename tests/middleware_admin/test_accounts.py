"""Accounts, groups, resources: what the commands do to the data, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from middleware.running import open_context, serve
from tests.middleware.client import OXClient
from tests.middleware_admin.conftest import Command


async def test_an_account_made_by_command_can_sign_in_and_has_its_folders(
    command: Command, data: Path, secret: Path
) -> None:
    made = command("user", "add", "dora", "--given", "Dora", "--family", "Dean", "--password-file", secret)
    assert made.exit_code == 0, made.output
    assert "dora" in command("user", "list").output
    running = await serve(open_context(data))
    async with OXClient(running.url) as client:
        assert "session" in await client.login("dora", "a new secret")
        folders = await client.data("folders", "allVisible", content_type="event", columns="1,300")
        assert [row[1] for row in folders["private"]] == ["Calendar", "Birthdays"]
    await running.stop()


def test_a_password_is_asked_for_twice(command: Command) -> None:
    assert command("user", "add", "dora", typed="one\nanother\n").exit_code != 0
    assert command("user", "add", "dora", typed="one\none\n").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("user", "add", "alice"), "taken"),
        (("user", "add", "two words"), "login name"),
        (("user", "add", "dora", "--mail", "no-address"), "mail address"),
        (("user", "add", "dora", "--mail", "Room1@example.com"), "taken"),
        (("user", "add", "dora", "--timezone", "Europe/Nowhere"), "time zone"),
        (("user", "passwd", "nobody"), "no user nobody"),
    ],
)
async def test_refused_accounts(
    command: Command, secret: Path, server: object, arguments: tuple[str, ...], reason: str
) -> None:
    refused = command(*arguments, "--password-file", secret)
    assert refused.exit_code == 1
    assert reason in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("user", "remove", "nobody", "--yes"), "no user nobody"),
        (("user", "remove", "oxadmin", "--yes"), "administrator"),
        (("group", "add", "team"), "taken"),
        (("group", "add", "new", "--member", "nobody"), "no user nobody"),
        (("group", "remove", "nobodies"), "no group nobodies"),
        (("resource", "add", "room1"), "taken"),
        (("resource", "add", "new", "--mail", "alice@example.com"), "taken"),
        (("resource", "remove", "room9"), "no resource room9"),
        (("share", "add", "4711", "bob"), "no folder 4711"),
        (("share", "add", "6", "bob"), "cannot be shared"),
        (("share", "add", "31", "alice"), "stay as they are"),
        (("share", "remove", "31", "bob"), "not shared"),
    ],
)
async def test_refused_changes(command: Command, server: object, arguments: tuple[str, ...], reason: str) -> None:
    refused = command(*arguments)
    assert refused.exit_code == 1
    assert reason in refused.stderr


def test_an_empty_password_and_an_unknown_role_are_refused(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", "utf-8")
    assert "empty" in command("user", "add", "dora", "--password-file", empty).stderr
    assert command("share", "add", "31", "bob", "--role", "king").exit_code == 2


def test_without_data_only_an_account_can_be_made(command: Command, data: Path) -> None:
    refused = command("user", "list")
    assert refused.exit_code == 1
    assert "no data" in refused.stderr
    assert not data.exists()


async def test_groups_and_resources_come_and_go(command: Command, server: object) -> None:
    assert command("group", "add", "board", "--member", "alice", "--member", "carol").exit_code == 0
    assert "alice, carol" in command("group", "list").output
    assert command("group", "remove", "board").exit_code == 0
    assert "board" not in command("group", "list").output
    assert command("resource", "add", "car", "--title", "Car").exit_code == 0
    assert "car@example.com" in command("resource", "list").output
    assert command("resource", "remove", "car").exit_code == 0
    assert "car" not in command("resource", "list").output


def test_a_mail_is_put_into_an_inbox(command: Command, tmp_path: Path, secret: Path) -> None:
    command("user", "add", "dora", "--password-file", secret)
    message = tmp_path / "message.eml"
    message.write_bytes(b"Subject: x\r\n\r\nHello\r\n")
    assert [command("mail", "dora", message).output.strip() for _ in range(2)] == ["1", "2"]
    assert "no user" in command("mail", "nobody", message).output
