"""What was asked of the server: tests count the requests of the gateway with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Entry:
    """One HTTP request. A `multiple` is one request; `inner` names the calls in it."""

    module: str
    action: str
    params: Mapping[str, str]
    inner: tuple[tuple[str, str], ...] = ()


KEPT = 10_000


class Journal:
    """The requests since the start or since `clear`, in order of arrival; only the last ones of a long life."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Record a request."""
        self.entries.append(entry)
        if len(self.entries) > 2 * KEPT:
            del self.entries[:KEPT]

    def clear(self) -> None:
        """Forget everything recorded so far."""
        self.entries.clear()

    def count(self, module: str | None = None, action: str | None = None) -> int:
        """How many requests were received (of a module and action when given); a `multiple` counts as one."""
        return sum(1 for entry in self.entries if module in (None, entry.module) and action in (None, entry.action))

    def calls(self) -> list[tuple[str, str]]:
        """Every module call as (module, action), those inside `multiple` in the place of their request."""
        return [call for entry in self.entries for call in (entry.inner or ((entry.module, entry.action),))]


JOURNAL: web.AppKey[Journal] = web.AppKey("journal", Journal)
