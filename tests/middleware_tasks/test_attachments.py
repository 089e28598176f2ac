"""Module `attachment`: files beside tasks, contacts and appointments."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import aiohttp
import pytest

from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import BOBS, FAR_FUTURE, MINE, add, get, new_list, remove, since

TASKS, CONTACTS, EVENTS = 4, 7, 1
DATES = {"startDate": {"value": "20270405"}, "endDate": {"value": "20270406"}}


async def attach(client: OXClient, named: dict[str, Any], *files: tuple[str, bytes]) -> Any:
    """The envelope of `attach`."""
    form = aiohttp.FormData()
    for number, (filename, data) in enumerate(files):
        form.add_field(f"json_{number}", json.dumps(named))
        form.add_field(f"file_{number}", data, filename=filename, content_type="text/plain")
    params = {"action": "attach", "force_json_response": "true", "session": client.session}
    async with client.http.post(client.url + "attachment", params=params, data=form) as response:
        return await response.json(content_type=None)


async def names(client: OXClient, named: dict[str, Any]) -> list[str]:
    rows = await client.data("attachment", "all", columns="803", **named)
    return [row[0] for row in rows]


async def holder_of(client: OXClient, module: int) -> dict[str, Any]:
    """An object of alice that can have files."""
    if module == TASKS:
        return {"module": TASKS, "folder": MINE, "attached": await add(client)}
    if module == CONTACTS:
        made = await client.data("contacts", "new", body={"folder_id": "32", "display_name": "x"})
        return {"module": CONTACTS, "folder": "32", "attached": made["id"]}
    made = await client.data("chronos", "new", folder="cal://0/31", body={"summary": "x", **DATES})
    return {"module": EVENTS, "folder": "31", "attached": made["created"][0]["id"]}


@pytest.mark.parametrize("module", [TASKS, CONTACTS, EVENTS])
async def test_files_come_back_as_they_were(alice: OXClient, module: int) -> None:
    named = await holder_of(alice, module)
    answer = await attach(alice, named, ("a.txt", b"first"), ("b.bin", b"\x00\xff"))
    first, second = answer["data"]
    assert await names(alice, named) == ["a.txt", "b.bin"]
    async with alice.raw("attachment", "document", id=second, **named) as response:
        assert await response.read() == b"\x00\xff"
        assert "b.bin" in response.headers["Content-Disposition"]
        assert response.content_type == "application/octet-stream"
    one = await alice.data("attachment", "get", id=first, **named)
    assert (one["file_size"], one["module"], one["filename"]) == (5, module, "a.txt")
    async with alice.raw("attachment", "zipDocuments", body=[first, second], **named) as response:
        packed = zipfile.ZipFile(io.BytesIO(await response.read()))
    assert {name: packed.read(name) for name in packed.namelist()} == {"a.txt": b"first", "b.bin": b"\x00\xff"}
    assert (await alice.call("attachment", "detach", body=[first, 999], **named))["data"] == ""
    assert await names(alice, named) == ["b.bin"]
    assert (await alice.call("attachment", "get", id=first, **named))["code"] == "ATT-0405"
    await alice.call("attachment", "detach", body=[second], **named)
    assert await names(alice, named) == []


async def test_attachments_of_an_appointment_are_those_of_the_event(alice: OXClient) -> None:
    named = await holder_of(alice, EVENTS)
    (number,) = (await attach(alice, named, ("a.txt", b"text")))["data"]
    event = await alice.data("chronos", "get", folder="cal://0/31", id=named["attached"])
    assert [(one["managedId"], one["filename"]) for one in event["attachments"]] == [(number, "a.txt")]


async def test_the_task_tells_of_its_files(alice: OXClient) -> None:
    named = await holder_of(alice, TASKS)
    before = (await get(alice, named["attached"]))["last_modified_utc"]
    answer = await attach(alice, named, ("a.txt", b"text"))
    task = await get(alice, named["attached"])
    assert (task["number_of_attachments"], task["last_modified_utc"]) == (1, answer["timestamp"])
    assert before < task["lastModifiedOfNewestAttachmentUTC"] < answer["timestamp"]
    assert (await since(alice, before, columns="1,104"))["data"] == [[named["attached"], 1]]
    gone = await alice.call("attachment", "detach", body=answer["data"], **named)
    task = await get(alice, named["attached"])
    assert (task["number_of_attachments"], task["last_modified_utc"]) == (0, gone["timestamp"])
    assert "lastModifiedOfNewestAttachmentUTC" not in task


async def test_what_is_detached_is_told_by_updates(alice: OXClient) -> None:
    named = await holder_of(alice, TASKS)
    first, second = (await attach(alice, named, ("a", b"a"), ("b", b"b")))["data"]
    stamp = (await alice.call("attachment", "updates", timestamp=0, columns="1", **named))["timestamp"]
    await alice.call("attachment", "detach", body=[first], **named)
    assert (await alice.call("attachment", "updates", timestamp=stamp, columns="1", **named))["data"] == [first]
    assert (await alice.call("attachment", "updates", timestamp=0, columns="1", **named))["data"] == [[second], first]
    without = await alice.call("attachment", "updates", timestamp=0, columns="1", ignore="deleted", **named)
    assert without["data"] == [[second]]


@pytest.mark.parametrize("module", [TASKS, CONTACTS])
async def test_files_go_with_their_object(alice: OXClient, module: int) -> None:
    named = await holder_of(alice, module)
    await attach(alice, named, ("a.txt", b"text"))
    quota = await alice.data("quota", "get", module="attachment", account="0")
    assert (quota["countuse"], quota["use"]) == (1, 4)
    if module == TASKS:
        await remove(alice, named["attached"])
    else:
        body = [{"id": named["attached"], "folder": "32"}]
        await alice.data("contacts", "delete", timestamp=FAR_FUTURE, body=body)
    assert (await alice.data("quota", "filestore"))["use"] == 0


async def test_who_may_only_read_may_not_attach(alice: OXClient, bob: OXClient) -> None:
    reader = {"entity": 4, "group": False, "bits": 257}
    folder = await new_list(alice, permissions=[{"entity": 3, "group": False, "bits": 403710016}, reader])
    named = {"module": TASKS, "folder": folder, "attached": await add(alice, folder)}
    (number,) = (await attach(alice, named, ("a.txt", b"text")))["data"]
    assert await names(bob, named) == ["a.txt"]
    assert (await attach(bob, named, ("b.txt", b"text")))["code"] == "TSK-0033"
    assert (await bob.call("attachment", "detach", body=[number], **named))["code"] == "TSK-0033"
    mine: dict[str, Any] = {"module": TASKS, "folder": MINE, "attached": await add(alice)}
    assert (await attach(bob, mine, ("b.txt", b"text")))["code"] == "TSK-0006"
    assert (await attach(bob, {**mine, "folder": BOBS}, ("b.txt", b"text")))["code"] == "TSK-0048"
    assert (await get(alice, mine["attached"]))["number_of_attachments"] == 0


async def test_bad_requests(alice: OXClient) -> None:
    named = await holder_of(alice, TASKS)
    assert (await alice.call("attachment", "all", **named))["code"] == "SVL-0011"
    assert (await alice.call("attachment", "all", columns="1", **{**named, "module": 9}))["code"] == "SVL-0010"
    assert (await alice.call("attachment", "all", columns="1", folder=MINE, module=4))["code"] == "SVL-0002"
    assert (await attach(alice, {}, ("a", b"a")))["code"] == "SVL-0002"
    assert (await attach(alice, named))["code"] == "SVL-0002"
    assert (await alice.call("attachment", "detach", body={}, **named))["code"] == "SVL-0031"
    params = {"action": "attach", "session": alice.session}
    form = aiohttp.FormData()
    form.add_field("json_0", json.dumps(named))
    form.add_field("file_0", b"text", filename="a.txt")
    async with alice.http.post(alice.url + "attachment", params=params, data=form) as response:
        assert "callback_attach" in await response.text()
