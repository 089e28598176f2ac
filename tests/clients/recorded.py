"""What replayed clients have in common: recorded bodies, sent with the headers that the client sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tests.davclient import DAV, Answer


class Client:
    """A client that begins each body with ``prolog`` and sends ``headers`` with it."""

    prolog: ClassVar[str]
    headers: ClassVar[Mapping[str, str]]

    def __init__(self, dav: DAV) -> None:
        self.dav = dav

    async def ask(self, method: str, href: str, body: str, depth: int | None = 0, /, **filled_in: str) -> Answer:
        """``filled_in``: what stands in ``body`` in the place of ``{name}``."""
        for name, value in filled_in.items():
            body = body.replace(f"{{{name}}}", value)
        headers = {**self.headers, **({} if depth is None else {"Depth": str(depth)})}
        return await self.dav.request(method, href, self.prolog + body, headers)
