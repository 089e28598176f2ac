"""Nobody reads or changes what his bits forbid: any rights on folders of every kind, every way in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.folders.model import Rights
from middleware.running import open_context, serve
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

FAR_FUTURE = 9007199254740991
DAY = 86_400_000
LEVELS = st.sampled_from([0, 1, 2])
RIGHTS = st.builds(Rights, folder=st.sampled_from([0, 1, 2, 4]), read=LEVELS, write=LEVELS, delete=LEVELS)
SECRET = "only for those who may read"
WHEN = {"startDate": {"value": "20270405"}, "endDate": {"value": "20270406"}}
SPAN = {"rangeStart": "20270101T000000Z", "rangeEnd": "20280101T000000Z"}


def failed(answer: Any) -> bool:
    """Whether an answer is an error, or a result whose entries are."""
    data = answer.get("data") if isinstance(answer, dict) else None
    entries = data if isinstance(data, list) else [data]
    return "error" in answer or any(isinstance(one, dict) and "error" in one for one in entries)


async def share(alice: OXClient, folder: str, rights: Rights) -> None:
    own = {"entity": 3, "group": False, "bits": 403710016}
    permissions = [own, {"entity": 4, "group": False, "bits": rights.bits}]
    answer = await alice.call("folders", "update", body={"permissions": permissions}, id=folder, timestamp=FAR_FUTURE)
    assert "error" not in answer, answer


async def try_everything(rights: Rights) -> None:
    context = open_context(None)
    populate(context)
    running = await serve(context)
    try:
        async with OXClient(running.url) as alice, OXClient(running.url) as bob:
            await alice.login("alice")
            await bob.login("bob")
            await _events(alice, bob, rights)
            await _appointments(alice, bob, rights)
            await _contacts(alice, bob, rights)
            await _tasks(alice, bob, rights)
    finally:
        await running.stop()


async def _events(alice: OXClient, bob: OXClient, rights: Rights) -> None:
    folder = await alice.data("folders", "new", body={"title": "Shared", "module": "event"}, folder_id="1")
    created = await alice.data("chronos", "new", body={"summary": SECRET, **WHEN}, folder=folder)
    named = {"folder": folder, "id": created["created"][0]["id"]}
    await share(alice, folder, rights)
    seen = [
        await bob.call("chronos", "get", **named),
        await bob.call("chronos", "all", folder=folder, **SPAN),
        await bob.call("chronos", "updates", folder=folder, timestamp=0),
        await bob.call("chronos", "list", body=[named]),
    ]
    async with bob.raw("export", "ICAL", folder=folder) as response:
        seen.append(await response.text())
    reads = rights.visible and rights.can_read(own=False)
    assert all((SECRET in str(one)) == reads for one in seen), (rights, seen)
    changed = await bob.call("chronos", "update", body={"event": {"summary": "x"}}, timestamp=FAR_FUTURE, **named)
    if not (rights.visible and rights.can_write(own=False)):
        assert failed(changed), (rights, changed)
    added = await bob.call("chronos", "new", body={"summary": "new", **WHEN}, folder=folder)
    if not (rights.visible and rights.can_create):
        assert failed(added), (rights, added)
    gone = await bob.call("chronos", "delete", body={"events": [named]}, timestamp=FAR_FUTURE)
    if not (rights.visible and rights.can_delete(own=False)):
        assert failed(gone), (rights, gone)
        assert "data" in await alice.call("chronos", "get", **named)


async def _appointments(alice: OXClient, bob: OXClient, rights: Rights) -> None:
    folder = await alice.data("folders", "new", body={"title": "Older", "module": "calendar"}, folder_id="1")
    plain = {"folder_id": folder, "start_date": DAY, "end_date": 2 * DAY, "full_time": True, "ignore_conflicts": True}
    made = await alice.data("calendar", "new", body={**plain, "title": SECRET, "note": SECRET})
    named = {"folder": folder, "id": made["id"]}
    await share(alice, folder, rights)
    span = {"start": 0, "end": 10 * DAY, "columns": "1,200,203"}
    seen = [
        await bob.call("calendar", "get", **named),
        await bob.call("calendar", "all", folder=folder, **span),
        await bob.call("calendar", "updates", folder=folder, columns="1,200", timestamp=0),
        await bob.call("calendar", "list", body=[named], columns="1,200"),
        await bob.call("calendar", "search", body={"pattern": "*"}, columns="1,200"),
        await bob.call("calendar", "freebusy", id=3, type=1, **span),
    ]
    reads = rights.visible and rights.can_read(own=False)
    assert all((SECRET in str(one)) == reads for one in seen), (rights, seen)
    changed = await bob.call("calendar", "update", body={"title": "x"}, timestamp=FAR_FUTURE, **named)
    assert (rights.visible and rights.can_write(own=False)) or failed(changed), (rights, changed)
    added = await bob.call("calendar", "new", body={**plain, "title": "new"})
    assert (rights.visible and rights.can_create) or failed(added), (rights, added)
    copied = await bob.call("calendar", "copy", body={"folder_id": "41"}, **named)
    assert reads or failed(copied), (rights, copied)
    gone = await bob.call("calendar", "delete", body=[named], timestamp=FAR_FUTURE)
    if not (rights.visible and rights.can_delete(own=False)):
        assert failed(gone), (rights, gone)
        assert "data" in await alice.call("calendar", "get", **named)


async def _contacts(alice: OXClient, bob: OXClient, rights: Rights) -> None:
    folder = await alice.data("folders", "new", body={"title": "Shared", "module": "contacts"}, folder_id="1")
    created = await alice.data("contacts", "new", body={"folder_id": folder, "display_name": SECRET})
    named = {"folder": folder, "id": created["id"]}
    await share(alice, folder, rights)
    seen = [
        await bob.call("contacts", "get", **named),
        await bob.call("contacts", "all", folder=folder, columns="1,500"),
        await bob.call("contacts", "updates", folder=folder, columns="1,500", timestamp=0),
        await bob.call("contacts", "list", body=[named], columns="1,500"),
    ]
    async with bob.raw("export", "VCARD", folder=folder) as response:
        seen.append(await response.text())
    assert all(rights.can_read(own=False) or SECRET not in str(one) for one in seen), (rights, seen)
    changed = await bob.call("contacts", "update", body={"display_name": "x"}, timestamp=FAR_FUTURE, **named)
    assert rights.can_write(own=False) or failed(changed), (rights, changed)
    added = await bob.call("contacts", "new", body={"folder_id": folder, "display_name": "new"})
    assert rights.can_create or failed(added), (rights, added)
    gone = await bob.call("contacts", "delete", body=[named], timestamp=FAR_FUTURE)
    assert rights.can_delete(own=False) or failed(gone), (rights, gone)


async def _tasks(alice: OXClient, bob: OXClient, rights: Rights) -> None:
    folder = await alice.data("folders", "new", body={"title": "Shared", "module": "tasks"}, folder_id="1")
    created = await alice.data("tasks", "new", body={"folder_id": folder, "title": SECRET})
    named = {"folder": folder, "id": created["id"]}
    files = {"folder": folder, "attached": created["id"], "module": 4}
    await _attach(alice, files)
    await share(alice, folder, rights)
    seen = [
        await bob.call("tasks", "get", **named),
        await bob.call("tasks", "all", folder=folder, columns="1,200"),
        await bob.call("tasks", "updates", folder=folder, columns="1,200", timestamp=0, ignore="none"),
        await bob.call("tasks", "list", body=[named], columns="1,200"),
        await bob.call("tasks", "search", body={"pattern": "*", "folder": folder}, columns="1,200"),
        await bob.call("attachment", "all", columns="1,803", **files),
    ]
    reads = rights.visible and rights.can_read(own=False)
    assert all((SECRET in str(one)) == reads for one in seen), (rights, seen)
    assert SECRET not in str(await bob.call("tasks", "search", body={"pattern": "*"}, columns="1,200")) or reads
    copied = await bob.call("tasks", "copy", body={"folder_id": "43"}, **named)
    assert failed(copied) or reads, (rights, copied)
    writes = reads and rights.can_write(own=False)
    changed = await bob.call("tasks", "update", body={"title": "x"}, timestamp=FAR_FUTURE, **named)
    assert failed(changed) or writes, (rights, changed)
    attached = await _attach(bob, files)
    assert failed(attached) or writes, (rights, attached)
    added = await bob.call("tasks", "new", body={"folder_id": folder, "title": "new"})
    assert failed(added) == (not (rights.visible and rights.can_create)), (rights, added)
    gone = await bob.call("tasks", "delete", body=[named], timestamp=FAR_FUTURE)
    assert failed(gone) or (rights.visible and rights.can_delete(own=False)), (rights, gone)


async def _attach(client: OXClient, named: dict[str, Any]) -> Any:
    form = aiohttp.FormData()
    form.add_field("json_0", json.dumps({**named, "filename": SECRET}))
    form.add_field("file_0", b"text", filename="x")
    params = {"action": "attach", "force_json_response": "true", "session": client.session}
    async with client.http.post(client.url + "attachment", params=params, data=form) as response:
        return await response.json(content_type=None)


@given(RIGHTS)
@settings(max_examples=15, deadline=None)
def test_bits_bind(rights: Rights) -> None:
    asyncio.run(try_everything(rights))
