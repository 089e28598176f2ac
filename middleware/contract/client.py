"""A small client of OX's HTTP API: one signed-in user."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from types import TracebackType
from typing import Any

import aiohttp

from middleware.contract.answers import Answer

USER_AGENT = "oxdav-contract/1.0"
CLIENT = "oxdav contract"
FAR_FUTURE = 9007199254740991
_TIMEOUT = aiohttp.ClientTimeout(total=60)
_PATIENCE = 60  # seconds to wait at most when the server asks for it
_TRIES = 6


_WRONG_PLACE = ". Is that the address of the HTTP API? It mostly ends with /ajax/ or /appsuite/api/"


class Unreachable(Exception):
    """No answer came from the server."""


class SignInRefused(Exception):
    """The server did not let the user in; the text is what it said."""


class Person:
    """One user of the API below `url`, which ends with a slash. Raises Unreachable from every call."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url = url
        self.name = name
        self.password = password
        self.user_id = 0
        self.session = ""
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"User-Agent": USER_AGENT}, timeout=_TIMEOUT
        )
        self._stranger = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": USER_AGENT}, timeout=_TIMEOUT
        )

    async def __aenter__(self) -> Person:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()
        await self._stranger.close()

    async def log_in(self, **form: str) -> Answer:
        """Ask for a session; members of `form` replace the usual ones, an empty one leaves its member out."""
        fields = {"name": self.name, "password": self.password, "client": CLIENT, "version": "1.0", **form}
        data = {name: value for name, value in fields.items() if value}
        return await self._send("POST", "login", {"action": "login"}, data=data)

    async def sign_in(self) -> None:
        """Start the session that `call` uses. SignInRefused when the server says no."""
        answer = await self.log_in()
        if not isinstance(answer.envelope.get("session"), str):
            said = answer.envelope.get("error_desc") or answer.describe()
            hint = _WRONG_PLACE if answer.status == HTTPStatus.NOT_FOUND else ""
            raise SignInRefused(f"{self.name} could not sign in: {said}{hint}")
        self.session = answer.envelope["session"]
        self.user_id = answer.envelope.get("user_id", 0)

    async def sign_out(self) -> Answer:
        """End the session."""
        return await self.call("login", "logout")

    async def call(self, module: str, action: str = "", /, body: Any = None, **params: Any) -> Answer:
        """GET, or PUT with the body as JSON. Parameters that are None are left out, also `session`."""
        method = "GET" if body is None else "PUT"
        return await self._send(method, module, self._query(action, params), json=body)

    async def put(self, module: str, action: str, /, **params: Any) -> Answer:
        """PUT without a body."""
        return await self._send("PUT", module, self._query(action, params))

    async def upload(
        self, module: str, action: str, /, fields: Any, picture: bytes, content_type: str, **params: Any
    ) -> Answer:
        """POST a form with the JSON object in `json` and a file in `file`, as browsers do."""
        form = aiohttp.FormData()
        form.add_field("json", json.dumps(fields))
        form.add_field("file", picture, filename="picture.png", content_type=content_type)
        return await self._send("POST", module, self._query(action, params), data=form)

    async def attach(self, named: Any, filename: str, content: bytes, content_type: str) -> Answer:
        """POST a form that attaches a file to the object that `named` describes, with an answer in JSON."""
        form = aiohttp.FormData()
        form.add_field("json_0", json.dumps(named))
        form.add_field("file_0", content, filename=filename, content_type=content_type)
        query = self._query("attach", {"force_json_response": True})
        return await self._send("POST", "attachment", query, data=form)

    async def send_with_file(
        self, module: str, action: str, /, body: Any, content: bytes, content_type: str, **params: Any
    ) -> Answer:
        """POST a form with the JSON object in `json_0` and the file that it calls `cid:file_0`, answered in JSON."""
        form = aiohttp.FormData()
        form.add_field("json_0", json.dumps(body))
        form.add_field("file_0", content, filename="file", content_type=content_type)
        query = self._query(action, {"plainJson": True, **params})
        return await self._send("POST", module, query, data=form)

    async def call_as_stranger(self, module: str, action: str = "", /, agent: str = "", **params: Any) -> Answer:
        """A call without cookies or, with `agent`, with the cookies of the session but another User-Agent."""
        http = self._http if agent else self._stranger
        headers = {"User-Agent": agent or USER_AGENT}
        return await self._send("GET", module, self._query(action, params), http=http, headers=headers)

    def _query(self, action: str, params: dict[str, Any]) -> dict[str, str]:
        named = {"action": action or None, "session": self.session, **params}
        return {name: _text(value) for name, value in named.items() if value is not None}

    async def _send(self, method: str, path: str, query: dict[str, str], **more: Any) -> Answer:
        """Cancelling ends it only when the answer is there, so that nothing is made without being known."""
        exchange = asyncio.ensure_future(self._exchange(method, path, query, **more))
        try:
            return await asyncio.shield(exchange)
        except asyncio.CancelledError:
            await asyncio.wait([exchange])
            raise

    async def _exchange(
        self, method: str, path: str, query: dict[str, str], http: aiohttp.ClientSession | None = None, **more: Any
    ) -> Answer:
        for _ in range(_TRIES):
            try:
                async with (http or self._http).request(method, self.url + path, params=query, **more) as response:
                    answer = _answer(response, await response.read())
                    wait = response.headers.get("Retry-After", "1")
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Unreachable(f"{path}: {error or type(error).__name__}") from error
            if answer.status != 429:
                return answer
            await asyncio.sleep(min(int(wait), _PATIENCE) if wait.isdecimal() else 1)
        return answer


def _answer(response: aiohttp.ClientResponse, raw: bytes) -> Answer:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    return Answer(response.status, response.headers.get("Content-Type", "").partition(";")[0], body, raw)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
