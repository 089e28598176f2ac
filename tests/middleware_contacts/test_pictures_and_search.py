"""Pictures to the byte, and the ways to search."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp

from tests.middleware.client import OXClient
from tests.middleware_contacts.test_contacts import FAR_FUTURE, add, book

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def upload(client: OXClient, action: str, json: str, **params: Any) -> str:
    form = aiohttp.FormData()
    form.add_field("json", json)
    form.add_field("file", PIXEL, filename="p.png", content_type="image/png")
    query = {"action": action, "session": client.session, **{name: str(value) for name, value in params.items()}}
    async with client.http.post(client.url + "contacts", params=query, data=form) as response:
        return await response.text()


async def test_upload_read_and_remove(alice: OXClient) -> None:
    folder = await book(alice)
    page = await upload(alice, "new", f'{{"folder_id": "{folder}", "display_name": "Pic"}}')
    assert "callback_new" in page
    rows = await alice.data("contacts", "all", folder=folder, columns="1,601,606,596,597,6")
    ((identifier, kind, url, count, stamp, modified),) = rows
    assert (kind, count, stamp) == ("image/png", 1, modified)
    async with alice.http.get(alice.url.removesuffix("/ajax/") + f"{url}&session={alice.session}") as response:
        assert await response.read() == PIXEL
        assert response.headers["Content-Type"] == "image/png"
    await alice.data("contacts", "update", id=identifier, folder=folder, timestamp=FAR_FUTURE, body={"image1": None})
    shown = await alice.data("contacts", "get", id=identifier, folder=folder)
    assert shown["number_of_images"] == 0
    assert "image1_url" not in shown


async def test_base64_in_the_body(alice: OXClient) -> None:
    encoded = base64.b64encode(PIXEL).decode()
    identifier = await add(alice, display_name="Inline", image1=encoded, image1_content_type="image/png")
    shown = await alice.data("contacts", "get", id=identifier, folder=await book(alice))
    assert shown["image1_content_type"] == "image/png"
    assert "image1" not in shown
    query = f"contacts/picture?action=get&contact_id={identifier}&folder_id={await book(alice)}"
    async with alice.http.get(f"{alice.url}{query}&session={alice.session}") as response:
        assert await response.read() == PIXEL


async def found(client: OXClient, action: str, body: Any = None, **params: Any) -> list[Any]:
    rows = await client.data("contacts", action, body=body, columns="223", **params)
    return [row[0] for row in rows]


async def test_search_terms(alice: OXClient) -> None:
    await add(alice, uid="u1", first_name="Find", last_name="Me", email1="findme@example.org")
    await add(alice, uid="u2", display_name="Other", company="Firm")
    folders = [await book(alice)]
    cases = [
        (["=", {"field": "uid"}, "u1"], ["u1"]),
        (["=", {"field": "last_name"}, "m?"], ["u1"]),
        (["not", ["isNull", {"field": "company"}]], ["u2"]),
        (["and", ["=", {"field": "company"}, "F*"], ["=", {"field": "display_name"}, "other"]], ["u2"]),
        (["or", ["=", {"field": "uid"}, "u1"], ["=", {"field": "uid"}, "u2"]], ["u1", "u2"]),
    ]
    for filter_, expected in cases:
        assert await found(alice, "advancedSearch", {"filter": filter_, "folders": folders}) == expected
    refused = await alice.call(
        "contacts", "advancedSearch", columns="1", body={"filter": ["=", {"field": "filename"}, "x"]}
    )
    assert refused["code"] == "SEARCH-0007"
    broken = await alice.call("contacts", "advancedSearch", columns="1", body={"filter": ["?"]})
    assert broken["code"] == "SEARCH-0001"


async def test_patterns_completion_and_birthdays(alice: OXClient) -> None:
    await add(alice, uid="u1", first_name="Find", email1="findme@example.org", birthday=631152000000)
    assert await found(alice, "search", {"pattern": "Find*", "folder": await book(alice)}) == []
    assert await found(alice, "search", {"email1": "findme*", "orSearch": True}) == ["u1"]
    assert await found(alice, "autocomplete", query="fin") == ["u1"]
    assert await found(alice, "birthdays", start=1735689600000, end=1767225600000) == ["u1"]
    assert await found(alice, "birthdays", start=1738368000000, end=1740787200000) == []
