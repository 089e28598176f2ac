"""Reading HTTP requests of the API: parameters, JSON bodies, forms and uploads, client address and cookies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from aiohttp import BodyPartReader, web

from middleware.call import Http, Upload
from middleware.errors import invalid_json


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request, read completely. `path` is what follows the prefix, without slashes at the ends."""

    path: str
    method: str
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""

    @property
    def params(self) -> dict[str, str]:
        """Form and query parameters together; the query wins."""
        return {**self.form, **self.query}

    @property
    def user_agent(self) -> str:
        """The User-Agent header; empty when absent."""
        return self.headers.get("user-agent", "")

    @property
    def http(self) -> Http:
        """What modules may see of it."""
        return Http(self.method, self.headers)

    @property
    def is_upload(self) -> bool:
        """Whether it is a multipart form, as browsers send files."""
        return self.headers.get("content-type", "").startswith("multipart/")

    @property
    def body(self) -> str:
        """What should be JSON: the form field `json`, with PUT the body, as on the real server."""
        return self.text if self.method == "PUT" else self.form.get("json", self.form.get("json_0", ""))

    def json(self) -> Any:
        """The JSON value of `body`, None without one; SVL-0029 when malformed."""
        return parsed(self.body)


def parsed(text: str) -> Any:
    """A JSON value, None for nothing but white space; SVL-0029 when malformed."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise invalid_json() from None


async def read_request(request: web.Request, path: str) -> Incoming:
    """Read a request with its body; HTTP 400 for a malformed multipart form."""
    form: dict[str, str] = {}
    files: list[Upload] = []
    text = ""
    if request.content_type.startswith("multipart/"):
        try:
            await _read_parts(request, form, files)
        except ValueError:
            raise web.HTTPBadRequest(text="The request is not a multipart form.") from None
    elif request.content_type == "application/x-www-form-urlencoded":
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    else:
        text = (await request.read()).decode("utf-8", "replace")
    return Incoming(
        path=path.strip("/"),
        method=request.method,
        query=dict(request.query),
        form=form,
        files=tuple(files),
        text=text,
        headers={name.lower(): value for name, value in request.headers.items()},
        cookies=_cookies(request.headers.get("Cookie", "")),
        address=_address(request),
    )


@lru_cache(maxsize=1024)
def _cookies(header: str) -> Mapping[str, str]:
    """What a client sends is a plain list (RFC 6265 4.2.1), which needs none of what Set-Cookie needs. A client sends
    the same with every request."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return MappingProxyType({name.strip(): value.strip().strip('"') for name, equals, value in pairs if equals})


async def _read_parts(request: web.Request, form: dict[str, str], files: list[Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            form[part.name or ""] = data.decode("utf-8", "replace")
        else:
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            files.append(Upload(part.name or "", part.filename, content_type, data))


def _address(request: web.Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[0].strip()
    return forwarded or request.remote or ""
