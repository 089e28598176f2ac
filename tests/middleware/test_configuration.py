"""Modules system, config, jslob, capabilities, quota, manifests and multiple: as recorded in misc/quota-..."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from middleware.running import Running
from tests.middleware.client import OXClient


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("identifier", 3),
        ("context_id", 2),
        ("contact_id", 2),
        ("timezone", "Europe/Berlin"),
        ("language", "en_US"),
        ("folder/calendar", "31"),
        ("folder/contacts", "32"),
        ("folder/addressbooks", "con://0/32"),
        ("folder/tasks", "33"),
        ("mail/addresses", ["alice@example.com"]),
        ("tombstoneCleanup", {"timespan": 7257600000}),
        ("modules/calendar/module", True),
    ],
)
async def test_config_paths(alice: OXClient, path: str, value: Any) -> None:
    assert await alice.data(f"config/{path}") == value


async def test_unknown_config_paths(alice: OXClient) -> None:
    answer = await alice.call("config/modules/carddav")
    assert (answer["code"], answer["error_params"]) == ("USS-0004", ["/modules/carddav"])


@pytest.mark.parametrize("body", ["Europe/Paris", {"data": "Europe/Paris"}])
async def test_setting_the_time_zone(alice: OXClient, body: Any) -> None:
    assert await alice.call("config/timezone", body=body) == {"data": None}
    assert await alice.data("config/timezone") == "Europe/Paris"
    assert (await alice.data("user", "get"))["timezone"] == "Europe/Paris"


async def test_properties(alice: OXClient) -> None:
    name = "com.openexchange.caldav.enabled"
    assert await alice.data("config", "get_property", name=name) == {"name": name, "value": "true"}
    assert await alice.data("config", "get_property", name="nosuch") == {"name": "nosuch"}


async def test_jslob(alice: OXClient, bob: OXClient) -> None:
    assert await alice.call("jslob", "set", id="dav", body={"x": 1}) == {}
    assert await alice.call("jslob", "update", id="dav", body={"y": {"z": 2}}) == {}
    assert await alice.call("jslob", "update", id="dav", body={"path": "y/w", "value": 3}) == {}
    expected = {"id": "dav", "tree": {"x": 1, "y": {"z": 2, "w": 3}}, "meta": {}}
    assert await alice.data("jslob", "get", id="dav") == expected
    assert (await bob.data("jslob", "get", id="dav"))["tree"] == {}
    listed = await alice.data("jslob", "list", body=["io.ox/calendar", "nosuch"])
    assert listed[0]["tree"]["chronos"]["defaultFolderId"] == "cal://0/31"
    assert listed[1] == {"id": "nosuch", "tree": {}, "meta": {}}
    assert (await alice.call("jslob", "list"))["code"] == "SVL-0023"
    assert expected in await alice.data("jslob", "all")
    assert await alice.call("jslob", "set", id="dav") == {}
    assert (await alice.data("jslob", "get", id="dav"))["tree"] == {}


async def test_capabilities_and_manifests(ox: Running, alice: OXClient) -> None:
    assert await alice.data("capabilities", "get", id="caldav") == {"id": "caldav", "attributes": {}}
    assert await alice.call("capabilities", "get", id="nosuch") == {}
    names = {one["id"] for one in await alice.data("capabilities", "all")}
    assert {"calendar", "contacts", "calendar_chronos"} <= names
    url = ox.url + "apps/manifests?action=config"
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        assert (await response.json())["data"]["serverVersion"] == "8.19.0"


async def test_quota(alice: OXClient) -> None:
    calendar = await alice.data("quota", "get", module="calendar", account="0")
    assert (calendar["account_name"], calendar["countquota"]) == ("Internal Calendar", 250000)
    everything = await alice.data("quota", "get")
    assert everything["contact"]["accounts"][0]["account_name"] == "Contacts"
    assert isinstance(await alice.data("quota", "get", module="task"), list)
    async with alice.raw("quota", "get", module="nosuch", account="0") as response:
        assert response.status == 400
    assert "quota" in await alice.data("quota", "filestore")


async def test_system(alice: OXClient) -> None:
    assert await alice.data("system", "ping") is True
    answer = await alice.call("system", "nosuch")
    assert (answer["code"], answer["error_params"]) == ("SVL-0021", ["nosuch", "system"])


async def test_unknown_modules_are_plain_pages(alice: OXClient) -> None:
    async with alice.raw("templating") as response:
        assert response.status == 404
        assert response.content_type == "text/html"


async def test_any_method_will_do_and_the_other_prefix_works(ox: Running, alice: OXClient) -> None:
    url = ox.url.replace("/ajax/", "/appsuite/api/")
    params = {"action": "get", "id": "31", "session": alice.session}
    async with alice.http.delete(url + "folders", params=params) as response:
        assert (await response.json())["data"]["id"] == "31"


async def test_a_body_that_is_no_json(alice: OXClient) -> None:
    params = {"action": "new", "folder_id": "1", "session": alice.session}
    async with alice.http.put(alice.url + "folders", params=params, data="{nope") as response:
        assert (await response.json())["code"] == "SVL-0029"
    async with alice.http.post(alice.url + "folders", params=params, json={"title": "x"}) as response:
        assert (await response.json())["code"] == "SVL-0031"


@pytest.mark.parametrize("params", [{}, {"continue": "false"}])
async def test_multiple_never_stops(alice: OXClient, params: dict[str, str]) -> None:
    calls = [
        {"module": "folders", "action": "get", "id": "99999"},
        {"module": "folders", "action": "get", "id": 31, "timezone": "UTC"},
        {"module": "config/identifier"},
        {"module": "folders", "action": "new", "folder_id": 1, "data": {"title": "x", "module": "tasks"}},
    ]
    first, second, third, fourth = await alice.call("multiple", body=calls, **params)
    assert first["code"] == "FLD-0008"
    assert second["data"]["id"] == "31"
    assert third == {"data": 3}
    assert fourth["data"] == "61"


async def test_a_multiple_with_an_unknown_module_breaks_and_does_nothing(alice: OXClient) -> None:
    new = {"module": "folders", "action": "new", "folder_id": 1, "data": {"title": "x", "module": "tasks"}}
    for odd in ({"module": "nosuch", "action": "x"}, {"action": "all"}, "text"):
        async with alice.raw("multiple", body=[new, odd]) as response:
            assert response.status == 500
    assert await alice.data("folders", "allVisible", content_type="tasks", columns="1") == {"private": [["33"]]}
    assert await alice.call("multiple", body=[]) == []
    async with alice.raw("multiple", body={}) as response:
        assert response.status == 400


async def test_malformed_bodies_are_refused_not_fatal(alice: OXClient) -> None:
    params = {"action": "new", "folder_id": "1", "session": alice.session}
    nested = "[" * 100_000
    async with alice.http.put(alice.url + "folders", params=params, data=nested) as response:
        assert (await response.json())["code"] == "SVL-0029"
    broken = {"Content-Type": "multipart/form-data"}
    async with alice.http.post(alice.url + "folders", params=params, data="x", headers=broken) as response:
        assert response.status == 400


@pytest.mark.parametrize("value", [{"x": 1}, ["UTC"], 5, "Nowhere/Town"])
@pytest.mark.parametrize("name", ["timezone", "language"])
async def test_odd_preferences_are_refused(alice: OXClient, name: str, value: Any) -> None:
    before = await alice.call(f"config/{name}")
    assert (await alice.call(f"config/{name}", body=value))["code"] == "SVL-0010"
    assert (await alice.call(f"config/{name}"))["data"] == before["data"]
