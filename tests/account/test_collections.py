"""Which folders are shown, where, and with which privileges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.account.calendar_collection import zone_of
from gateway.account.collections import Homes, default_segment, is_shown, privileges_of
from gateway.dav.values import Privilege
from gateway.ox.errors import OXError
from gateway.ox.folders import Folder, Rights
from mappings.calendar.vtimezone import zone_calendar

OWNER = Rights.from_bits(403710016)


def folder(folder_id: str, **changes: object) -> Folder:
    plain = Folder(
        id=folder_id,
        title="Title",
        module="calendar",
        type=1,
        own_rights=OWNER,
        standard=False,
        standard_type=2,
        created_by="3",
        permissions=(),
        color=None,
        description=None,
        schedule_transparent=False,
        used_for_sync=True,
        subscribed=True,
        capabilities=frozenset({"sync"}),
        provider="chronos",
        last_modified=None,
        parent="1",
        owner_name=None,
        account_error=None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("folder_id", "segment"),
    [("cal://0/31", "31"), ("32", "32"), ("cal://1/0", "1-0"), ("cal://12/a/b~c", "12-a~1b~0c")],
)
def test_segments(folder_id: str, segment: str) -> None:
    assert default_segment(folder_id) == segment


@pytest.mark.parametrize(
    "changes",
    [
        {"subscribed": False},
        {"used_for_sync": False},
        {"own_rights": Rights.from_bits(1)},
        {"own_rights": Rights.from_bits(256)},
        {"account_error": OXError()},
        {"provider": "birthdays", "capabilities": frozenset({"search"})},
    ],
)
def test_what_is_not_shown(changes: dict[str, object]) -> None:
    assert not is_shown(folder("cal://0/31", **changes))
    assert is_shown(folder("cal://0/31"))


def test_a_feed_that_can_sync_is_shown() -> None:
    assert is_shown(folder("cal://5/0", provider="google"))


def test_a_segment_chosen_by_a_client_comes_before_a_number() -> None:
    homes = Homes([folder("cal://0/31"), folder("cal://0/80")], None, [], {"80": "31"})
    assert [(segment, shown.id) for segment, shown in homes.calendars] == [
        ("31~", "cal://0/31"),
        ("31", "cal://0/80"),
    ]


@pytest.mark.parametrize(
    ("bits", "names"),
    [
        (257, "read read-free-busy"),
        (33025, "read read-free-busy write-content"),
        (4227332, "read read-free-busy write-content bind unbind write-properties"),
        (403710016, "read read-free-busy write-content bind unbind write-properties read-acl write-acl"),
    ],
)
def test_rights_are_privileges(bits: int, names: str) -> None:
    granted = privileges_of(folder("cal://0/31", own_rights=Rights.from_bits(bits)))
    assert granted == {Privilege(name) for name in names.split()}


def test_nobody_writes_the_directory() -> None:
    assert privileges_of(folder("6", own_rights=Rights.from_bits(16641))) == {
        Privilege.READ,
        Privilege.READ_FREE_BUSY,
    }


def test_time_zones_of_calendars() -> None:
    for name in ("Europe/Berlin", "UTC"):
        text = zone_calendar(name)
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert zone_of(text) == name
    assert zone_of("no calendar") is None
    assert zone_of(None) is None
