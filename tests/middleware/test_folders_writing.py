"""Module folders, writing: as recorded in folders/*-create-*-delete, default-calendar-properties and others."""

from __future__ import annotations

from typing import Any

import pytest

from middleware.context import Settings
from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

OWNER = 403710016
LATEST = 9007199254740991
PROPERTIES = "com.openexchange.calendar.extendedProperties"


async def create(client: OXClient, title: str, module: str = "event", parent: str = "1", **more: Any) -> str:
    body = {"title": title, "module": module, **more}
    folder_id: str = await client.data("folders", "new", folder_id=parent, body=body)
    return folder_id


async def change(client: OXClient, folder: str, /, **body: Any) -> Any:
    return await client.call("folders", "update", id=folder, timestamp=LATEST, body=body)


def color(value: Any) -> dict[str, Any]:
    return {PROPERTIES: {"color": {"value": value}}}


def shared_with_bob(bits: int) -> list[dict[str, Any]]:
    return [{"entity": 3, "group": False, "bits": OWNER}, {"entity": 4, "group": False, "bits": bits}]


@pytest.mark.parametrize(
    ("module", "expected", "seen_as"),
    [
        ("event", "cal://0/61", "calendar"),
        ("calendar", "61", "calendar"),
        ("contacts", "61", "contacts"),
        ("addressdata", "con://0/61", "contacts"),
        ("tasks", "61", "tasks"),
    ],
)
async def test_create_rename_and_delete(alice: OXClient, module: str, expected: str, seen_as: str) -> None:
    created = await alice.call("folders", "new", folder_id="1", body={"title": "Work", "module": module})
    assert created["data"] == expected
    data = await alice.data("folders", "get", id=expected)
    assert (data["title"], data["module"], data["standard_folder"]) == ("Work", seen_as, False)
    assert data["last_modified_utc"] == created["timestamp"]
    renamed = await alice.call(
        "folders", "update", id=expected, timestamp=created["timestamp"], body={"title": "Projects"}
    )
    assert renamed["data"] == expected
    assert renamed["timestamp"] > created["timestamp"]
    assert await alice.call("folders", "delete", timestamp=LATEST, body=[expected]) == {"data": []}
    assert (await alice.call("folders", "get", id=expected))["code"] == "FLD-0008"


async def test_a_wrapped_body_is_accepted_too(alice: OXClient) -> None:
    folder = {"title": "Work", "module": "event", **color("#ff8800")}
    folder_id = await alice.data("folders", "new", folder_id="1", body={"folder": folder})
    data = await alice.data("folders", "get", id=folder_id)
    assert data[PROPERTIES]["color"] == {"value": "#ff8800"}


@pytest.mark.parametrize(
    ("parent", "body", "code"),
    [
        ("1", {"module": "event"}, "FLD-0007"),
        ("1", {"module": "event", "title": ""}, "FLD-0007"),
        ("1", {"title": "x"}, "SVL-0002"),
        ("1", {"title": "x", "module": "nosuch"}, "FLD-0042"),
        ("1", {"title": "x" * 1000, "module": "event"}, "FLD-0064"),
        ("1", {"title": "Calendar", "module": "event"}, "FLD-1014"),
        ("1", {"title": "cALENDAR", "module": "event"}, "FLD-1014"),
        ("31", {"title": "x", "module": "event"}, "FLD-1012"),
        ("32", {"title": "x", "module": "tasks"}, "FLD-1012"),
        ("3", {"title": "x", "module": "tasks"}, "FLD-1012"),
        ("41", {"title": "x", "module": "calendar"}, "FLD-0003"),
        ("99999", {"title": "x", "module": "event"}, "FLD-0008"),
        ("1", {"title": "x", "module": "event", PROPERTIES: {"description": {"value": "d"}}}, "OX-0001"),
        ("1", {"title": "x", "module": "event", PROPERTIES: {"usedForSync": {"value": "false"}}}, "OX-0001"),
    ],
)
async def test_refused_creations_leave_nothing_behind(
    alice: OXClient, parent: str, body: dict[str, Any], code: str
) -> None:
    before = await alice.data("folders", "updates", timestamp=0, columns="1")
    assert (await alice.call("folders", "new", folder_id=parent, body=body))["code"] == code
    assert await alice.data("folders", "updates", timestamp=0, columns="1") == before


async def test_a_taken_title(alice: OXClient) -> None:
    await create(alice, "Work")
    body = {"title": "Work", "module": "event"}
    refused = await alice.call("folders", "new", folder_id="1", body=body)
    assert (refused["code"], refused["error_params"]) == ("FLD-1014", ["Work", "Private folders", "0"])
    second = await alice.data("folders", "new", folder_id="1", autorename=True, body=body)
    assert (await alice.data("folders", "get", id=second))["title"] == "Work 1"
    assert await create(alice, "Work", "tasks") == "63"


async def test_titles_of_other_users_do_not_matter(alice: OXClient, bob: OXClient) -> None:
    await create(alice, "Work")
    assert await create(bob, "Work") == "cal://0/62"


async def test_a_stale_stamp_is_a_conflict_and_no_stamp_is_fine(alice: OXClient) -> None:
    folder_id = await create(alice, "Work")
    stale = await alice.call("folders", "update", id=folder_id, timestamp=1, body={"title": "x"})
    assert (stale["code"], stale["categories"]) == ("FLD-1022", "CONFLICT")
    assert await alice.data("folders", "update", id=folder_id, body={"title": "y"}) == folder_id


@pytest.mark.parametrize(
    "properties",
    [
        {"nosuch": {"value": "1"}},
        {"description": {"value": "text"}},
        {"usedForSync": {"value": "true"}},
        {"scheduleTransp": {"value": "TRANSPARENT"}},
        {"scheduleTransp": {"value": "OPAQUE"}},
        {"color": {"value": None}},
        {"color": {"value": "#aa0000"}, "usedForSync": {"value": "false"}},
    ],
)
async def test_extended_properties_that_fail_the_whole_update(alice: OXClient, properties: dict[str, Any]) -> None:
    folder_id = await create(alice, "Work", **color("#00aaff"))
    answer = await change(alice, folder_id, title="New", **{PROPERTIES: properties})
    assert (answer["code"], answer["categories"]) == ("OX-0001", "PERMISSION_DENIED")
    data = await alice.data("folders", "get", id=folder_id)
    assert (data["title"], data[PROPERTIES]["color"]) == ("Work", {"value": "#00aaff"})


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ({"color": {"value": "#336699FF"}}, {"value": "#336699FF"}),
        ({"color": {"value": "rebeccapurple"}}, {"value": "rebeccapurple"}),
        ({"color": {"value": ""}}, {"value": ""}),
        ({"color": {}}, {}),
        ({}, {"value": "#00aaff"}),
        (
            {"color": {"value": "#1"}, "scheduleTransp": {"value": "OPAQUE", "protected": "true"}},
            {"value": "#1"},
        ),
    ],
)
async def test_colours(alice: OXClient, sent: dict[str, Any], seen: dict[str, Any]) -> None:
    folder_id = await create(alice, "Work", **color("#00aaff"))
    before = (await alice.data("folders", "get", id=folder_id))["last_modified_utc"]
    answer = await change(alice, folder_id, **{PROPERTIES: sent})
    assert answer["timestamp"] > before
    assert (await alice.data("folders", "get", id=folder_id))[PROPERTIES]["color"] == seen


async def test_calendar_properties_are_ignored_elsewhere_and_meta_is_kept(alice: OXClient) -> None:
    folder_id = await create(alice, "Friends", "contacts")
    before = (await alice.data("folders", "get", id=folder_id))["last_modified_utc"]
    assert (await change(alice, folder_id, **color("#112233")))["timestamp"] == before
    assert (await change(alice, folder_id, meta={"dav": {"color": "#1"}}))["timestamp"] > before
    assert (await alice.data("folders", "get", id=folder_id))["meta"] == {"dav": {"color": "#1"}}


async def test_the_colour_is_per_user_and_allowed_on_a_read_only_share(alice: OXClient, bob: OXClient) -> None:
    folder_id = await create(alice, "Work", **color("#00aaff"))
    await change(alice, folder_id, permissions=shared_with_bob(257))
    assert (await bob.data("folders", "get", id=folder_id))[PROPERTIES]["color"] == {}
    assert (await change(bob, folder_id, **color("#123456")))["data"] == folder_id
    assert (await bob.data("folders", "get", id=folder_id))[PROPERTIES]["color"] == {"value": "#123456"}
    seen = await alice.data("folders", "get", id=folder_id)
    assert seen[PROPERTIES]["color"] == {"value": "#00aaff"}
    assert seen["modified_by"] == 4
    refused = await change(bob, folder_id, title="bob was here")
    assert (refused["code"], refused["error_params"]) == ("FLD-0010", [4, 61, 2])


@pytest.mark.parametrize(
    ("permissions", "code"),
    [
        ([], "FLD-0018"),
        ([{"entity": 3, "group": False, "bits": 257}], "FLD-0018"),
        ([{"entity": 4, "group": False, "bits": OWNER}], "FLD-0017"),
        (shared_with_bob(OWNER), "FLD-0015"),
        ([{"entity": 6, "group": True, "bits": OWNER}], "FLD-0016"),
        ([*shared_with_bob(257), {"entity": 999, "group": False, "bits": 257}], "FLD-0044"),
        ("nonsense", "FLD-0044"),
    ],
)
async def test_permissions_that_make_no_sense(alice: OXClient, permissions: Any, code: str) -> None:
    folder_id = await create(alice, "Work")
    assert (await change(alice, folder_id, permissions=permissions))["code"] == code


async def test_the_default_calendar_stays(alice: OXClient, bob: OXClient) -> None:
    assert (await change(alice, "cal://0/31", title="Mein Kalender"))["code"] == "FLD-0011"
    assert (await change(alice, "cal://0/31", title="Calendar"))["data"] == "cal://0/31"
    assert (await change(alice, "cal://0/31", used_for_sync={"value": "false"}))["code"] == "OX-0001"
    deleted = await alice.call("folders", "delete", timestamp=LATEST, body=["cal://0/31"])
    assert deleted["data"] == ["cal://0/31"]
    assert (deleted["code"], deleted["categories"]) == ("FLD-0031", "WARNING")
    assert deleted["warnings"]["code"] == "FLD-0031"
    assert "data" in await alice.call("folders", "get", id="cal://0/31")


async def test_deletions_never_fail_as_a_whole(alice: OXClient, bob: OXClient) -> None:
    folder_id = await create(alice, "Work")
    await change(alice, folder_id, permissions=shared_with_bob(257))
    answer = await bob.call("folders", "delete", timestamp=LATEST, body=[folder_id, "99999"])
    assert answer["data"] == [folder_id, "99999"]
    assert [one["code"] for one in answer["warnings"]] == ["FLD-0010", "FLD-0008"]
    failed = await alice.call("folders", "delete", failOnError=True, body=["cal://0/99999"])
    assert (failed["code"], failed["categories"]) == ("FLD-0008", "ERROR")


async def test_subscription_and_synchronisation_are_forgotten_by_the_next_update(alice: OXClient) -> None:
    folder_id = await create(alice, "Work")
    await change(alice, folder_id, used_for_sync={"value": "false"}, subscribed=False)
    data = await alice.data("folders", "get", id=folder_id)
    assert (data["used_for_sync"]["value"], data["subscribed"]) == ("false", False)
    visible = await alice.data("folders", "allVisible", content_type="event", columns="1")
    assert visible == {"private": [["cal://0/31"], ["cal://1/0"]]}
    await change(alice, folder_id, title="Projects")
    data = await alice.data("folders", "get", id=folder_id)
    assert (data["used_for_sync"]["value"], data["subscribed"]) == ("true", True)


async def test_a_mended_server_keeps_subscription_and_synchronisation() -> None:
    context = open_context(None, Settings(mend=True))
    populate(context)
    running = await serve(context)
    try:
        async with OXClient(running.url) as client:
            await client.login("alice")
            folder_id = await create(client, "Work")
            await change(client, folder_id, used_for_sync={"value": "false"})
            await change(client, folder_id, title="Projects")
            data = await client.data("folders", "get", id=folder_id)
            assert data["used_for_sync"]["value"] == "false"
    finally:
        await running.stop()


async def test_updates_report_changes_and_losses_with_plain_ids(alice: OXClient, bob: OXClient) -> None:
    folder_id = await create(alice, "Work")
    other = await create(alice, "Gone")
    start = (await bob.call("folders", "updates", timestamp=0, columns="1"))["timestamp"]
    shared = await change(alice, folder_id, permissions=shared_with_bob(257))
    changed = await bob.call("folders", "updates", timestamp=start, columns="1,300")
    assert changed["data"] == [["61", "Work"]]
    assert changed["timestamp"] == shared["timestamp"]
    await alice.data("folders", "delete", timestamp=LATEST, body=[other])
    await change(alice, folder_id, permissions=shared_with_bob(257)[:1])
    lost = await bob.call("folders", "updates", timestamp=changed["timestamp"], columns="1")
    assert lost["data"] == [["1"], "61"]
    own = await alice.call("folders", "updates", timestamp=changed["timestamp"], columns="1")
    assert own["data"] == [["1"], ["61"], "62"]
    hidden = await alice.data("folders", "updates", timestamp=changed["timestamp"], columns="1", ignore="deleted")
    assert hidden == [["1"], ["61"]]
    again = await alice.call("folders", "updates", timestamp=own["timestamp"], columns="1")
    assert again == {"data": [], "timestamp": own["timestamp"]}


async def test_subfolders_of_address_books_and_their_end(alice: OXClient) -> None:
    parent = await create(alice, "Friends", "contacts")
    child = await create(alice, "Close", "contacts", parent)
    assert (await alice.data("folders", "get", id=parent))["subfolders"] is True
    assert (await alice.data("folders", "get", id=f"con://0/{child}"))["folder_id"] == "1"
    await alice.data("folders", "delete", timestamp=LATEST, body=[parent])
    assert (await alice.call("folders", "get", id=child))["code"] == "FLD-0008"


async def test_a_folder_can_be_moved_but_not_below_itself(alice: OXClient) -> None:
    parent = await create(alice, "Friends", "contacts")
    child = await create(alice, "Close", "contacts", parent)
    assert (await change(alice, parent, folder_id=child))["code"] == "FLD-1012"
    assert (await change(alice, child, folder_id="1"))["data"] == child
    assert (await alice.data("folders", "get", id=child))["folder_id"] == "1"
    assert (await change(alice, "32", folder_id=parent))["code"] == "FLD-0021"


async def test_public_folders(alice: OXClient, bob: OXClient) -> None:
    folder_id = await create(alice, "Company", "event", "2")
    assert (await alice.data("folders", "get", id=folder_id))["type"] == 2
    both = [*shared_with_bob(OWNER)]
    await change(alice, folder_id, permissions=both)
    data = await bob.data("folders", "get", id=folder_id)
    assert (data["type"], data["folder_id"], data["standard_folder_type"]) == (2, "2", 2)
    visible = await bob.data("folders", "allVisible", content_type="event", columns="1")
    assert visible["public"] == [[folder_id]]


async def test_modules_are_told_when_a_folder_goes(ox: Running, alice: OXClient) -> None:
    module = ox.context.registry.get("folders")
    assert module is not None
    told: list[int] = []

    def hook(_context: object, _connection: object, folder: Any) -> None:
        told.append(folder.id)

    module.on_folder_deleted(hook)
    try:
        parent = await create(alice, "Friends", "contacts")
        child = await create(alice, "Close", "contacts", parent)
        await alice.data("folders", "delete", timestamp=LATEST, body=[parent])
    finally:
        module.folder_deleted.remove(hook)
    assert told == [int(child), int(parent)]


async def test_notify_sends_nothing(alice: OXClient) -> None:
    assert await alice.data("folders", "notify", id="31", body={"entities": ["4"]}) == {"warnings": []}


async def test_clear_uses_the_hooks_of_the_modules(ox: Running, alice: OXClient) -> None:
    module = ox.context.registry.get("folders")
    assert module is not None
    answer = await alice.call("folders", "clear", body=["31"])
    had_hooks = any(one.folder_cleared for one in ox.context.registry)
    assert answer["data"] == ([] if had_hooks else ["31"])
    cleared: list[int] = []

    def hook(_context: object, _connection: object, folder: Any) -> None:
        cleared.append(folder.id)

    module.on_folder_cleared(hook)
    try:
        answer = await alice.call("folders", "clear", body=["31", "41"])
    finally:
        module.folder_cleared.remove(hook)
    assert answer["data"] == ["41"]
    assert cleared == [31]
