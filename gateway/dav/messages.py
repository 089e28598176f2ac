"""Decoded requests and answers between the HTTP edge and the protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from gateway.dav.paths import Base, Path


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, as far as the protocol cares.

    ``headers``: names in lower case, values joined by ``, `` when repeated. ``body``: whole, within the edge's limit.
    """

    method: str
    path: Path
    base: Base
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        return self.headers.get(name)


@dataclass(slots=True)
class Response:
    """``body`` is bytes, or chunks to be sent as they come; an exception while iterating aborts the connection."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | AsyncIterator[bytes] = b""
