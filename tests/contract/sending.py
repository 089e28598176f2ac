"""Sending recorded requests: ids, stamps and sessions replaced by those of the server under test."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from multidict import CIMultiDictProxy

from tests.contract.compare import zone_offset
from tests.contract.kinds import Kind, kind_of
from tests.contract.names import Names
from tests.contract.recordings import Exchange

USER_AGENT = "ox-recorder/1.0"
CLIENT = "dav-gateway"
PASSWORD = "demo"

# The cookies of a session, as recordings name them.
_COOKIES = {
    "route": "JSESSIONID",
    "secret": "open-xchange-secret-",
    "public": "open-xchange-public-session-",
    "session": "open-xchange-session-",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server under test answered; `body` is JSON when it says so, else text, else bytes."""

    status: int
    content_type: str
    cookies: tuple[str, ...]
    etag: str
    disposition: str
    body: Any


@dataclass(slots=True)
class Browser:
    """The cookies of one user."""

    cookies: dict[str, str] = field(default_factory=dict)

    def header(self, hints: Mapping[str, Any]) -> str:
        """The Cookie header: all cookies, or the ones that the hints of the request name."""
        wanted = hints.get("cookies", list(_COOKIES))
        chosen = {
            name: value
            for name, value in self.cookies.items()
            if any(name.startswith(_COOKIES[role]) for role in wanted)
        }
        for name in [one for one in chosen if one.startswith(_COOKIES["secret"])]:
            value = chosen.pop(name)
            chosen[hints.get("secret_name", name)] = hints.get("secret", value)
        return "; ".join(f"{name}={value}" for name, value in chosen.items())

    def learn(self, headers: CIMultiDictProxy[str]) -> tuple[str, ...]:
        """Take over the cookies of an answer; their names."""
        changed: list[str] = []
        for line in headers.getall("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                changed.append(name)
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return tuple(changed)


class Sender:
    """Sends the requests of a recording to the server at `url` (".../ajax/")."""

    def __init__(self, url: str, names: Names, zone: ZoneInfo) -> None:
        self._url = url
        self._names = names
        self._zone = zone
        self._browsers: dict[str, Browser] = {}
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), skip_auto_headers=["User-Agent", "Content-Type"]
        )
        self.sent_uids: set[str] = set()
        self._app_password = ""

    async def __aenter__(self) -> Sender:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def sign_in(self, user: str) -> None:
        """Start a session of a user, unless he has one."""
        if user in self._browsers:
            return
        form = {"name": user, "password": PASSWORD, "client": CLIENT, "version": "1.0"}
        request = {"method": "POST", "path": "login", "query": {"action": "login"}, "form": form}
        await self.send(Exchange(-1, user, "", 0, request, {}))

    async def send(self, exchange: Exchange) -> Answer:
        """Send one request and read the answer."""
        request = exchange.request
        hints = request.get("send", {})
        browser = self._browsers.setdefault(exchange.user, Browser())
        headers = self._headers(request, hints, browser)
        body = self._body(exchange)
        if isinstance(body, aiohttp.MultipartWriter):
            headers["Content-Type"] = body.headers["Content-Type"]
        async with self._http.request(
            request["method"],
            self._url + request["path"],
            params=self._query(exchange),
            data=body,
            headers=headers,
        ) as response:
            content_type = response.headers.get("Content-Type", "").partition(";")[0]
            answer = Answer(
                response.status,
                content_type,
                browser.learn(response.headers),
                response.headers.get("ETag", ""),
                response.headers.get("Content-Disposition", ""),
                _parsed(content_type, await response.read()),
            )
        if exchange.module == "login" and isinstance(answer.body, dict) and "session" in answer.body:
            self._names.put_session(exchange.user, answer.body["session"])
        if exchange.module == "appPasswords" and exchange.action == "add" and isinstance(answer.body, dict):
            self._app_password = answer.body["data"]["password"]
        return answer

    def _headers(self, request: Mapping[str, Any], hints: Mapping[str, Any], browser: Browser) -> dict[str, str]:
        headers = {"User-Agent": hints.get("user_agent", USER_AGENT), "Cookie": browser.header(hints)}
        if "address" in hints:
            headers["X-Forwarded-For"] = hints["address"]
        if "form" in request:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        elif "body" in request or "text" in request:
            headers["Content-Type"] = "application/json; charset=UTF-8"
        return {name: value for name, value in headers.items() if value}

    def _query(self, exchange: Exchange) -> dict[str, str]:
        module = exchange.module
        return {name: _query_text(self.translated(module, value, (name,))) for name, value in exchange.query.items()}

    def _body(self, exchange: Exchange) -> Any:
        request, module = exchange.request, exchange.module
        if "form" in request:
            return aiohttp.FormData(
                {name: self._form_value(module, name, value) for name, value in request["form"].items()}
            )()
        if "parts" in request:
            return self._multipart(module, request["parts"])
        if "text" in request:
            return request["text"].encode()
        if "body" not in request:
            return None
        if module == "multiple":
            translated: Any = self._multiple(request["body"])
        else:
            translated = self.translated(module, request["body"], _root(exchange))
        return json.dumps(translated).encode()

    def _form_value(self, module: str, name: str, value: str) -> str:
        if name == "body":
            return json.dumps(self.translated(module, json.loads(value), ()))
        return {"<password>": PASSWORD, "<app-password>": self._app_password}.get(value, value)

    def _multiple(self, items: Any) -> Any:
        if not isinstance(items, list):
            return items
        return [self.translated(str(item.get("module", "")).partition("/")[0], item, ()) for item in items]

    def _multipart(self, module: str, parts: list[Mapping[str, str]]) -> aiohttp.MultipartWriter:
        writer = aiohttp.MultipartWriter("form-data")
        for part in parts:
            data = base64.b64decode(part["base64"]) if "base64" in part else self._part_text(module, part).encode()
            headers = {"Content-Type": part["type"]} if "type" in part else {}
            payload = writer.append(data, headers)
            if "filename" in part:
                payload.set_content_disposition("form-data", name=part["name"], filename=part["filename"])
            else:
                payload.set_content_disposition("form-data", name=part["name"])
        return writer

    def _part_text(self, module: str, part: Mapping[str, str]) -> str:
        if "filename" in part:
            return part["text"]
        return json.dumps(self.translated(module, json.loads(part["text"]), ()))

    def translated(self, module: str, value: Any, place: tuple[str, ...]) -> Any:
        """A value of a request with everything that the recorded server made replaced."""
        if isinstance(value, dict):
            return {name: self.translated(module, inner, (*place, name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.translated(module, inner, place) for inner in value]
        kind = kind_of(module, place)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number(kind, value)
        if not isinstance(value, str):
            return value
        if kind is Kind.STAMP and value.isdigit():
            return str(self._number(kind, int(value)))
        if kind is Kind.UID and self._names.find(kind, value) is None:
            self.sent_uids.add(value)
        found = self._names.find(kind, value) if kind is not None else None
        return found or self._names.find(Kind.UID, value) or self._names.sessions(value)

    def _number(self, kind: Kind | None, value: int) -> int:
        if kind is Kind.STAMP:
            return self._names.stamps.sent(value)
        if kind is Kind.ZONED_STAMP:
            offset = zone_offset(value, self._zone)
            return self._names.stamps.sent(value - offset) + offset
        found = self._names.find(kind, value) if kind is not None else None
        return value if found is None else int(found)


def _root(exchange: Exchange) -> tuple[str, ...]:
    """Bare ids in the body of a request stand where the answer has its data, or are ids of attachments."""
    if exchange.module == "attachment" and isinstance(exchange.request["body"], list):
        return ("id",)
    return ("data",) if exchange.module == "folders" and isinstance(exchange.request["body"], list) else ()


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _parsed(content_type: str, body: bytes) -> Any:
    if content_type == "application/json" and body:
        return json.loads(body)
    if content_type.startswith("image/"):
        return body
    return body.decode("utf-8", "replace")
