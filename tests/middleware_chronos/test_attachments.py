"""Attachments: files uploaded with an event, and links."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, meeting


async def upload(person: Person, action: str, event: Any, files: dict[str, tuple[str, bytes]], **params: Any) -> str:
    """The text of the answer to a multipart call."""
    form = aiohttp.FormData()
    form.add_field("json_0", json.dumps(event))
    for name, (filename, data) in files.items():
        form.add_field(name, data, filename=filename, content_type="text/plain")
    client = person.client
    query = {"action": action, "session": client.session, "folder": person.folder, **params}
    async with client.http.post(client.url + "chronos", params=query, data=form) as response:
        return await response.text()


def file(name: str, part: str) -> dict[str, str]:
    """An attachment whose bytes are in a part of the form."""
    return {"filename": name, "fmtType": "text/plain", "uri": f"cid:{part}"}


async def test_upload_keep_and_remove(alice: Person) -> None:
    event = meeting(attachments=[file("hello.txt", "file_0")])
    text = await upload(alice, "new", event, {"file_0": ("hello.txt", b"Hello")}, force_json_response="true")
    created = json.loads(text)["data"]["created"][0]
    first = created["attachments"][0]
    assert {name: first[name] for name in ("filename", "fmtType", "size")} == {
        "filename": "hello.txt",
        "fmtType": "text/plain",
        "size": 5,
    }
    assert created["flags"][0] == "attachments"
    where = {"folder": alice.folder, "id": created["id"]}
    async with alice.client.raw("chronos", "getAttachment", **where, managedId=first["managedId"]) as response:
        assert (await response.read(), response.content_type) == (b"Hello", "application/octet-stream")
    two = {"event": {"attachments": [first, file("b.txt", "file_0")]}}
    text = await upload(
        alice,
        "update",
        two,
        {"file_0": ("b.txt", b"B")},
        plainJson="true",
        id=created["id"],
        timestamp=str(FAR_FUTURE),
    )
    both = json.loads(text)["data"]["updated"][0]["attachments"]
    assert both[0] == first
    assert (await alice.update(created["id"], {"summary": "x"}))["updated"][0]["attachments"] == both
    kept = (await alice.update(created["id"], {"attachments": both[1:]}))["updated"][0]["attachments"]
    assert kept == both[1:]
    answer = await alice.call("getAttachment", **where, managedId=first["managedId"])
    assert (answer["code"], answer["error_params"]) == ("CAL-4047", [first["managedId"], created["id"], alice.folder])


async def test_answer_in_a_page(alice: Person) -> None:
    event = meeting("</script>", attachments=[file("a.txt", "file_0")])
    text = await upload(alice, "new", event, {"file_0": ("a.txt", b"A")})
    assert "callback_new" in text
    assert text.count("</script>") == 1


async def test_missing_parts_and_foreign_attachments(alice: Person, bob: Person) -> None:
    event = meeting(attachments=[file("a.txt", "file_7")])
    text = await upload(alice, "new", event, {"file_0": ("a.txt", b"A")}, plainJson="true")
    assert json.loads(text)["code"] == "CAL-1991"
    text = await upload(
        alice, "new", meeting(attachments=[file("a", "file_0")]), {"file_0": ("a", b"A")}, plainJson="true"
    )
    managed = json.loads(text)["data"]["created"][0]["attachments"][0]["managedId"]
    assert await bob.code("new", meeting(attachments=[{"managedId": managed}]), folder=bob.folder) == "CAL-4047"
    assert len(ids(await alice.all())) == 1
