"""Sessions: what a request needs, and how a session ends. After the recordings login/*."""

from __future__ import annotations

import aiohttp
import pytest

from middleware.accounts import add_user
from middleware.context import Settings
from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient


async def test_login_answers_a_bare_object_and_sets_the_cookies(ox: Running) -> None:
    async with OXClient(ox.url) as client:
        answer = await client.login("alice")
        assert set(answer) == {"session", "user", "user_id", "context_id", "locale"}
        assert answer["user"] == "alice"
        assert (answer["user_id"], answer["context_id"], answer["locale"]) == (3, 2, "en_US")
        names = sorted(cookie.key for cookie in client.http.cookie_jar)
    prefixes = ("JSESSIONID", "open-xchange-public-session-", "open-xchange-secret-", "open-xchange-session-")
    assert len(names) == 4
    for prefix in prefixes:
        assert any(name.startswith(prefix) for name in names)


async def test_the_mail_address_is_a_login_name_too(ox: Running) -> None:
    async with OXClient(ox.url) as client:
        answer = await client.login("alice@example.com")
    assert (answer["user"], answer["user_id"]) == ("alice@example.com", 3)


@pytest.mark.parametrize(
    ("form", "query", "code", "category"),
    [
        ({"name": "alice", "password": "wrong", "client": "x"}, {}, "LGI-0006", "USER_INPUT"),
        ({"name": "nobody", "password": "demo", "client": "x"}, {}, "LGI-0006", "USER_INPUT"),
        ({"name": "oxadmin", "password": "", "client": "x"}, {}, "LGI-0006", "USER_INPUT"),
        ({"name": "alice"}, {}, "SVL-0002", "USER_INPUT"),
        ({"password": "demo"}, {}, "SVL-0002", "USER_INPUT"),
        ({"name": "alice", "password": "demo", "client": "ox-test/1.0"}, {}, "LGI-0021", "USER_INPUT"),
        ({}, {"password": "demo", "name": "alice"}, "SVL-0030", "ERROR"),
        ({}, {"action": "nosuch"}, "SVL-0001", "USER_INPUT"),
    ],
)
async def test_refused_logins(
    ox: Running, form: dict[str, str], query: dict[str, str], code: str, category: str
) -> None:
    async with OXClient(ox.url) as client:
        params = {"action": "login", **query}
        async with client.http.post(ox.url + "login", params=params, data=form) as response:
            answer = await response.json()
            assert response.status == 200
    assert (answer["code"], answer["categories"]) == (code, category)
    assert set(answer) == {
        "error",
        "error_params",
        "categories",
        "category",
        "code",
        "error_id",
        "error_desc",
    }


async def test_a_second_login_with_the_same_auth_id_is_refused(ox: Running) -> None:
    async with OXClient(ox.url) as client:
        await client.login("alice", authId="one")
        answer = await client.login("alice", authId="one")
    assert answer["code"] == "SES-0008"


async def test_too_many_wrong_passwords_lock_the_name_only() -> None:
    context = open_context(None, Settings(failed_logins=3))
    add_user(context, "alice", "demo", "Alice", "Archer")
    add_user(context, "bob", "demo", "Bob", "Baker")
    running = await serve(context)
    try:
        async with OXClient(running.url) as client:
            codes = [(await client.login("alice", "no")).get("code") for _ in range(4)]
            assert codes == ["LGI-0006"] * 3 + ["LGI-0028"]
            assert (await client.login("alice"))["code"] == "LGI-0028"
            assert "session" in await client.login("bob")
    finally:
        await running.stop()


async def test_whoami_and_logout(alice: OXClient) -> None:
    who = await alice.data("system", "whoami")
    assert who["user_id"] == 3
    async with alice.raw("login", "logout") as response:
        assert (response.status, await response.text()) == (200, "")
    assert (await alice.call("system", "whoami"))["code"] == "SES-0203"
    async with alice.raw("login", "logout") as response:
        assert response.status == 403


async def test_logout_without_session_is_a_bad_request(ox: Running) -> None:
    async with aiohttp.ClientSession() as http, http.get(ox.url + "login?action=logout") as response:
        assert response.status == 400


async def test_the_secret_cookie_is_needed_and_enough(ox: Running, alice: OXClient) -> None:
    secrets = {
        cookie.key: cookie.value for cookie in alice.http.cookie_jar if cookie.key.startswith("open-xchange-secret-")
    }
    url = f"{ox.url}system?action=whoami&session={alice.session}"
    agent = {"User-Agent": "ox-test/1.0"}
    async with aiohttp.ClientSession(headers=agent) as http:
        async with http.get(url) as response:
            assert (await response.json())["code"] == "SES-0203"
        async with http.get(url, cookies=secrets) as response:
            assert "data" in await response.json()


async def test_another_user_agent_is_refused_but_does_not_end_the_session(alice: OXClient) -> None:
    url = alice.url + "system"
    params = {"action": "whoami", "session": alice.session}
    async with alice.http.get(url, params=params, headers={"User-Agent": "other"}) as response:
        assert (await response.json())["code"] == "SES-0203"
    assert "data" in await alice.call("system", "whoami")


async def test_another_address_ends_the_session(alice: OXClient) -> None:
    url = alice.url + "system"
    params = {"action": "whoami", "session": alice.session}
    async with alice.http.get(url, params=params, headers={"X-Forwarded-For": "10.1.2.3"}) as response:
        assert (await response.json())["code"] == "SES-0203"
        assert any(morsel["max-age"] == 0 or morsel["expires"] for morsel in response.cookies.values())
    assert (await alice.call("system", "whoami"))["code"] == "SES-0203"


async def test_a_changed_address_is_accepted_after_changeip(alice: OXClient) -> None:
    assert await alice.data("login", "changeip", clientIP="10.1.2.3") == "1"
    params = {"action": "whoami", "session": alice.session}
    headers = {"X-Forwarded-For": "10.1.2.3"}
    async with alice.http.get(alice.url + "system", params=params, headers=headers) as response:
        assert "data" in await response.json()


async def test_the_session_of_another_user_does_not_open_with_own_cookies(alice: OXClient, bob: OXClient) -> None:
    answer = await alice.call("system", "whoami", session=bob.session)
    assert answer["code"] == "SES-0203"


async def test_missing_and_malformed_session(alice: OXClient) -> None:
    async with alice.http.get(alice.url + "system", params={"action": "whoami"}) as response:
        answer = await response.json()
    assert (answer["code"], answer["error_params"]) == ("SVL-0002", ["session"])
    answer = await alice.call("system", "whoami", session="ffff")
    assert answer["error_params"] == ["<invalid_sessionid>"]


async def test_refresh_store_and_autologin(alice: OXClient) -> None:
    assert await alice.data("login", "refreshSecret") == "1"
    async with alice.raw("login", "store") as response:
        assert response.status == 200
        assert "Deprecation" in response.headers
    again = await alice.call("login", "autologin", client="ox-test")
    assert (again["session"], again["user_id"]) == (alice.session, 3)


async def test_an_idle_session_ends() -> None:
    context = open_context(None, Settings(session_idle_ms=-1))
    add_user(context, "alice", "demo", "Alice", "Archer")
    running = await serve(context)
    try:
        async with OXClient(running.url) as client:
            await client.login("alice")
            assert (await client.call("system", "whoami"))["code"] == "SES-0203"
    finally:
        await running.stop()
