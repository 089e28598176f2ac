"""Modules ``user``, ``group``, ``resource``, ``config`` and ``capabilities`` against the embedded OX."""

from __future__ import annotations

from gateway.ox import capabilities, config, directory, folders
from gateway.ox.session import Session


async def test_me(alice: Session) -> None:
    me = await alice.run(directory.me())
    assert (me.user_id, me.context_id, me.login_name, me.display_name) == ("3", "2", "alice", "Alice Archer")
    assert me.mail_addresses == ("alice@example.com",)


async def test_users(alice: Session) -> None:
    own = await alice.run(directory.user())
    everybody = await alice.run(directory.users())
    assert own in everybody
    bob = next(user for user in everybody if user.id == "4")
    assert (bob.display_name, bob.first_name, bob.last_name) == ("Bob Baker", "Bob", "Baker")
    assert bob.mail_addresses == ("bob@example.com",)
    assert (bob.timezone, bob.guest) == ("Europe/Berlin", False)


async def test_groups_and_resources(alice: Session) -> None:
    groups, resources = await alice.run_all([directory.groups(), directory.resources()])
    team = next(group for group in groups if group.name == "team")
    assert (team.display_name, set(team.members)) == ("Team", {"3", "4", "5"})
    room = next(resource for resource in resources if resource.name == "room1")
    assert (room.display_name, room.mail_address, room.available) == ("Room 1", "room1@example.com", True)


async def test_settings(alice: Session) -> None:
    defaults = await alice.run(config.default_folders())
    calendar = next(folder for folder in await alice.run(folders.visible("event")) if folder.standard)
    assert f"cal://0/{defaults.calendar}" == calendar.id
    assert defaults.contacts is not None
    timespan = await alice.run(config.tombstone_timespan())
    assert timespan is None or timespan > 0


async def test_capabilities(alice: Session) -> None:
    assert {"calendar", "contacts"} <= await alice.run(capabilities.capabilities())
