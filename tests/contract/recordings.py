"""The recorded exchanges with a real OX: one JSON file per scenario below `recordings/<area>/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REPEATED = re.compile(r"<(\d+) times (.)>")  # long runs of one character are written short

_MODULE_OF_FORMAT = {"ICAL": "chronos", "VCARD": "contacts"}

FOLDER = Path(__file__).with_name("recordings")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its recorded answer. `at` is the time of the recorded server then, ms since 1970."""

    number: int
    user: str
    note: str
    at: int
    request: Mapping[str, Any]
    response: Mapping[str, Any]

    @property
    def module(self) -> str:
        """The module whose objects a request is about: the one in its path, without what follows.

        It is "chronos" also for "chronos/alarm", but "config/timezone" as it is. What is imported and exported are
        objects of "chronos" and "contacts".
        """
        path = str(self.request["path"])
        if path in ("import", "export"):
            return _MODULE_OF_FORMAT.get(self.action, path)
        return path if path.startswith("config/") else path.partition("/")[0]

    @property
    def action(self) -> str:
        """The action, empty when there is none."""
        return str(self.query.get("action", ""))

    @property
    def query(self) -> Mapping[str, Any]:
        """The query parameters."""
        query: Mapping[str, Any] = self.request.get("query", {})
        return query


@dataclass(frozen=True, slots=True)
class Recording:
    """A scenario. `context` is the number of the recorded context, `before` what others had done and still shows.

    `setting` names how the recorded server was set up, empty as usual.
    """

    name: str
    shows: str
    context: int
    setting: str
    before: tuple[Exchange, ...]
    exchanges: tuple[Exchange, ...]


def names() -> tuple[str, ...]:
    """All scenarios, as "area/scenario"."""
    return tuple(sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.json")))


def load(name: str) -> Recording:
    """The scenario of that name."""
    text = (FOLDER / f"{name}.json").read_text("utf-8")
    document = json.loads(_REPEATED.sub(lambda found: int(found[1]) * found[2], text))
    exchanges = tuple(
        Exchange(number, one["user"], one.get("note", ""), one["at"], one["request"], one["response"])
        for number, one in enumerate(document["exchanges"])
    )
    before = tuple(
        Exchange(-1, one["user"], "", 0, one["request"], one.get("response", {})) for one in document.get("before", ())
    )
    return Recording(
        document["scenario"], document["shows"], document["context"], document.get("with", ""), before, exchanges
    )
