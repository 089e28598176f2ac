"""A tiny client of the OX HTTP API for tests."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import aiohttp


class OXClient:
    """One user's session: `await client.login("alice")`, then `await client.call("folders", "get", id="31")`.

    Keyword `body` is sent as JSON with PUT; all other keywords become query parameters.
    """

    def __init__(self, url: str, user_agent: str = "ox-test/1.0") -> None:
        self.url = url
        self.session = ""
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"User-Agent": user_agent})

    async def __aenter__(self) -> OXClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; the session at the server stays."""
        await self.http.close()

    async def login(self, name: str, password: str = "demo", **form: str) -> dict[str, Any]:
        """Log in; the parsed answer, be it a success or an error."""
        fields = {"name": name, "password": password, "client": "ox-test", **form}
        async with self.http.post(self.url + "login", params={"action": "login"}, data=fields) as response:
            answer: dict[str, Any] = await response.json()
        self.session = answer.get("session", "")
        return answer

    async def call(self, module: str, action: str = "", /, *, body: Any = None, **params: Any) -> Any:
        """The parsed envelope of one call."""
        async with self.raw(module, action, body=body, **params) as response:
            return await response.json(content_type=None)

    async def data(self, module: str, action: str = "", /, *, body: Any = None, **params: Any) -> Any:
        """The `data` of a call that must succeed."""
        answer = await self.call(module, action, body=body, **params)
        assert "data" in answer, answer
        return answer["data"]

    def raw(self, module: str, action: str = "", /, *, body: Any = None, **params: Any) -> Any:
        """The HTTP response of one call, as an async context manager."""
        query = {name: _text(value) for name, value in params.items()}
        if self.session:
            query.setdefault("session", self.session)
        if action:
            query["action"] = action
        if body is None:
            return self.http.get(self.url + module, params=query)
        return self.http.put(self.url + module, params=query, json=body)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
