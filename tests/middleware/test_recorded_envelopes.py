"""Whole error envelopes exactly as an OX 8.19 sent them, apart from the incident number."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from middleware.running import Running
from tests.middleware.client import OXClient

GENERAL = "An error occurred inside the server which prevented it from fulfilling the request."
MISSING = "Missing the following request parameter: "
LATEST = 9007199254740991

# Module, action, query, body, then: message, parameters, category, its number, code, technical text, further members.
RECORDED: list[tuple[str, str, dict[str, Any], Any, str, list[Any], str, int, str, str, dict[str, Any]]] = [
    (
        "folders",
        "get",
        {"id": "cal://0/99999"},
        None,
        "Such a folder does not exist.",
        [99999, 2],
        "ERROR",
        8,
        "FLD-0008",
        "Folder 99999 does not exist in context 2",
        {},
    ),
    (
        "folders",
        "get",
        {"id": "cal://0/41"},
        None,
        "You do not have appropriate permissions to view the folder.",
        ["41", "3", "2"],
        "PERMISSION_DENIED",
        3,
        "FLD-0003",
        'Folder "41" is not visible to user "3" in context "2"',
        {},
    ),
    ("folders", "get", {}, None, GENERAL, ["id"], "USER_INPUT", 1, "SVL-0002", MISSING + "id", {}),
    ("folders", "nosuch", {}, None, GENERAL, [], "USER_INPUT", 1, "SVL-0001", "Unknown AJAX action.", {}),
    (
        "folders",
        "allVisible",
        {"content_type": "nosuch", "columns": "1"},
        None,
        GENERAL,
        ["content_type", "nosuch"],
        "USER_INPUT",
        1,
        "SVL-0010",
        'Invalid parameter "content_type": nosuch',
        {},
    ),
    (
        "folders",
        "new",
        {"folder_id": "1"},
        {"title": "x" * 1000, "module": "event"},
        "The specified folder name exceeds the limit of 767 characters. Please shorten the name and try again.",
        ["fname", 767, 1000],
        "TRUNCATED",
        12,
        "FLD-0064",
        "The value for attribute fname contains more than the allowed number of 767 characters. "
        "Current length: 1000 characters.",
        {"problematic": [{"id": 300, "length": 1000, "max_size": 767}], "truncated": [300]},
    ),
    (
        "folders",
        "new",
        {"folder_id": "31"},
        {"title": "x", "module": "event"},
        "The content type you provided is not allowed for the given folder.",
        ["31", "event", "0", 3, 2],
        "ERROR",
        8,
        "FLD-1012",
        'Parent folder "31" does not allow folder content type "event" in tree "0" for user 3 in context 2.',
        {},
    ),
    (
        "folders",
        "update",
        {"id": "cal://0/31", "timestamp": LATEST},
        {"title": "Mein Kalender"},
        "The folder is a default folder and cannot be renamed.",
        [31, 2],
        "PERMISSION_DENIED",
        3,
        "FLD-0011",
        "Default folder 31 cannot be renamed in context 2",
        {},
    ),
    (
        "folders",
        "update",
        {"id": "31", "timestamp": 1},
        {"title": "x"},
        GENERAL,
        [],
        "CONFLICT",
        9,
        "FLD-1022",
        "The object has been changed in the meantime.",
        {},
    ),
    (
        "config/nosuchnode",
        "",
        {},
        None,
        GENERAL,
        ["/nosuchnode"],
        "ERROR",
        8,
        "USS-0004",
        "Unknown setting path /nosuchnode.",
        {},
    ),
    (
        "group",
        "get",
        {"id": 999},
        None,
        'Cannot find group with identifier "999" in context 2.',
        [999, 2],
        "ERROR",
        8,
        "GRP-0017",
        "Cannot find group with identifier 999 in context 2.",
        {},
    ),
    (
        "system",
        "nosuch",
        {},
        None,
        GENERAL,
        ["nosuch", "system"],
        "ERROR",
        8,
        "SVL-0021",
        "Unknown AJAX action nosuch in module system.",
        {},
    ),
]


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda one: f"{one[0]}-{one[1]}-{one[8]}")
async def test_recorded_envelopes(alice: OXClient, recorded: Any) -> None:
    module, action, query, body, message, params, category, number, code, desc, further = recorded
    async with alice.raw(module, action, body=body, **query) as response:
        assert response.status == 200
        assert response.headers["Content-Disposition"] == "inline"
        answer = await response.json()
    assert answer.pop("error_id")
    assert answer == {
        "error": message,
        "error_params": params,
        "categories": category,
        "category": number,
        "code": code,
        "error_desc": desc,
        **further,
    }


async def test_pictures_open_with_the_public_cookie_alone(ox: Running, alice: OXClient) -> None:
    params = {"action": "get", "contact_id": "2", "folder_id": "6"}
    url = ox.url + "contacts/picture"
    await alice.call("system", "ping")
    async with alice.http.get(url, params=params) as response:
        assert "valid session" not in await response.text()
    async with aiohttp.ClientSession() as stranger, stranger.get(url, params=params) as response:
        answer = await response.json()
    assert answer["code"] == "SVL-0002"
    assert answer["error"] == "The requested operation requires a valid session. Please login and try again."
    assert answer["error_params"][0].startswith("open-xchange-public-session-")
