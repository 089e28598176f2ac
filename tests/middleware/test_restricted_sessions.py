"""Sessions that may do less than their user: application passwords, a missing second factor; and access tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from middleware.context import Settings
from middleware.running import Running, open_context, serve
from middleware.scopes import AppType
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

OWN = AppType("reader", "Reads calendars", 10, frozenset({"read_calendar"}))
SETTINGS = Settings(
    app_passwords=True,
    app_types=(OWN,),
    multifactor=frozenset({"bob"}),
    bearer_tokens={"token-of-alice": "alice", "token-of-nobody": "nobody"},
)


@pytest.fixture
async def ox() -> AsyncIterator[Running]:
    context = open_context(None, settings=SETTINGS)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()


async def app_password(client: OXClient, app_type: str) -> str:
    data = await client.data("appPasswords", "add", appScope=app_type, appName="Phone")
    return str(data["password"])


async def code(client: OXClient, module: str, action: str = "", /, **params: Any) -> str:
    answer = await client.call(module, action, **params)
    return str(answer.get("code", ""))


async def test_stock_types_sign_in_and_reach_nothing(ox: Running, alice: OXClient) -> None:
    password = await app_password(alice, "calcarddav")
    async with OXClient(ox.url) as phone:
        assert (await phone.login("alice", password))["user"] == "alice"
        assert await code(phone, "chronos", "updates", folder="cal://0/31", timestamp=0) == "RA-0002"
        assert await code(phone, "contacts", "all", folder="32", columns="1") == "RA-0002"
        assert await code(phone, "folders", "allVisible", content_type="event", columns="1") == "RA-0002"
        assert await code(phone, "folders", "get", id="cal://0/31") == "FLD-0003"
        assert await code(phone, "appPasswords", "list") == "RA-0005"
        assert await code(phone, "user", "get") == ""
        answers = await phone.call("multiple", body=[{"module": "chronos", "action": "all", "folder": "cal://0/31"}])
        assert answers[0]["code"] == "RA-0002"


async def test_files_and_tasks_need_the_scope_of_their_module(ox: Running, alice: OXClient) -> None:
    task = await alice.data("tasks", "new", body={"folder_id": "33", "title": "x"})
    contact = await alice.data("contacts", "new", body={"folder_id": "32", "display_name": "x"})
    password = await app_password(alice, "reader")
    async with OXClient(ox.url) as phone:
        await phone.login("alice", password)
        assert await code(phone, "tasks", "all", folder="33", columns="1") == "RA-0002"
        assert await code(phone, "export", "ICAL", folder="33") == "RA-0002"
        files = {"columns": "1", "folder": "33", "attached": task["id"], "module": 4}
        assert await code(phone, "attachment", "all", **files) == "RA-0002"
        files = {"columns": "1", "folder": "32", "attached": contact["id"], "module": 7}
        assert await code(phone, "attachment", "all", **files) == "RA-0002"
        assert await code(phone, "reminder", "range", end=0) == "RA-0002"


async def test_own_types_reach_what_their_scopes_say(ox: Running, alice: OXClient) -> None:
    password = await app_password(alice, "reader")
    async with OXClient(ox.url) as phone:
        await phone.login("alice", password)
        assert await code(phone, "chronos", "updates", folder="cal://0/31", timestamp=0) == ""
        assert await code(phone, "folders", "get", id="cal://0/31") == ""
        assert await code(phone, "chronos", "new", folder="cal://0/31", body={"summary": "x"}) == "RA-0002"
        rename: dict[str, Any] = {"body": {"title": "x"}, "id": "cal://0/31"}
        assert await code(phone, "folders", "update", **rename) == "RA-0002"
        answer = await phone.call("folders", "delete", body=["32"])
        assert answer["code"] == "RA-0002"
        assert await code(phone, "folders", "list", parent="1", columns="1,300") == ""
        listed = await phone.data("folders", "list", parent="1", columns="1,300")
        assert {row[0] for row in listed} <= {"cal://0/31", "cal://1/0", "31"}


async def test_a_removed_password_ends_its_sessions(ox: Running, alice: OXClient) -> None:
    password = await app_password(alice, "reader")
    (entry,) = await alice.data("appPasswords", "list")
    assert set(entry) == {"UUID", "Scope", "Name"}
    async with OXClient(ox.url) as phone:
        await phone.login("alice", password)
        (entry,) = await alice.data("appPasswords", "list")
        assert (entry["Scope"], entry["LastDevice"]) == ("reader", "ox-test")
        assert await alice.data("appPasswords", "remove", uuid=entry["UUID"]) == {"result": "OK"}
        assert await code(phone, "folders", "get", id="cal://0/31") == "SES-0203"
        assert (await phone.login("alice", password))["code"] == "LGI-0006"
    assert await code(alice, "appPasswords", "remove", uuid=entry["UUID"]) == "SVL-0010"
    assert await code(alice, "appPasswords", "add", appScope="mail", appName="x") == "SVL-0010"


async def test_app_passwords_open_one_account_and_no_web_client(ox: Running, alice: OXClient) -> None:
    password = await app_password(alice, "reader")
    async with OXClient(ox.url) as other:
        assert (await other.login("carol", password))["code"] == "LGI-0006"
        assert (await other.login("alice", password, client="open-xchange-appsuite"))["code"] == "LGI-0006"


async def test_a_second_factor_is_needed(ox: Running) -> None:
    async with OXClient(ox.url) as bob:
        answer = await bob.login("bob")
        assert answer["requires_multifactor"] is True
        assert (await bob.data("system", "whoami"))["requires_multifactor"] is True
        answer = await bob.call("chronos", "all", folder="cal://0/41")
        assert answer["categories"] == "PERMISSION_DENIED"


async def test_access_tokens(ox: Running) -> None:
    async with OXClient(ox.url) as client:
        client.http.headers["Authorization"] = "Bearer token-of-alice"
        me = await client.data("user/me")
        assert me["user_id"] == 3
        assert await code(client, "chronos", "updates", folder="cal://0/31", timestamp=0) == ""
        for wrong in ("nothing", "token-of-nobody", ""):
            client.http.headers["Authorization"] = f"Bearer {wrong}"
            async with client.raw("user/me") as response:
                assert (response.status, (await response.json())["error"]) == (401, "invalid_token")
