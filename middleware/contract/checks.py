"""Comparing what a server does with what is expected; differences are collected, not raised."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from middleware.contract.answers import Answer

_SHOWN = 160


class Stopped(Exception):
    """The scenario cannot go on after a difference."""


class Checks:
    """What one scenario found. `notes` tell which of several right answers came."""

    def __init__(self) -> None:
        self.differences: list[str] = []
        self.notes: list[str] = []

    def differs(self, text: str) -> None:
        """Note a difference."""
        if text not in self.differences:
            self.differences.append(text)

    def note(self, text: str) -> None:
        """Note which of several right answers came."""
        if text not in self.notes:
            self.notes.append(text)

    def equal(self, what: str, actual: Any, expected: Any) -> bool:
        """Both are the same JSON value."""
        if type(actual) is type(expected) and actual == expected:
            return True
        self.differs(f"{what}: {shown(actual)} instead of {shown(expected)}")
        return False

    def true(self, what: str, condition: bool, seen: Any = None) -> bool:
        """A statement holds; `seen` is what speaks against it."""
        if not condition:
            self.differs(f"not so: {what}" + ("" if seen is None else f" (seen: {shown(seen)})"))
        return condition

    def members(self, what: str, value: Any, /, **types: type) -> None:
        """An object has these members of these JSON types."""
        if not isinstance(value, Mapping):
            self.differs(f"{what}: {shown(value)} is no object")
            return
        for name, expected in types.items():
            if name not in value:
                self.differs(f"{what}: {name} is missing")
            elif type(value[name]) is not expected:
                self.differs(f"{what}: {name} is {shown(value[name])}, not of type {expected.__name__}")

    def lacks(self, what: str, value: Any, *names: str) -> None:
        """An object does not have these members."""
        for name in names:
            if isinstance(value, Mapping) and name in value:
                self.differs(f"{what}: has {name} ({shown(value[name])})")

    def contains(self, what: str, value: Any, *expected: Any) -> None:
        """An array holds these, among others."""
        items = value if isinstance(value, Collection) else ()
        for one in expected:
            if one not in items:
                self.differs(f"{what}: {shown(one)} is not in {shown(value)}")

    def error(self, what: str, answer: Answer, code: str, category: str, *, status: int = 200) -> None:
        """An answer is that error, in an envelope without data."""
        if not answer.failed:
            self.differs(f"{what}: {answer.describe()} instead of {code}")
            return
        self.equal(f"{what}: HTTP status", answer.status, status)
        self.failure(what, answer.envelope, code, category)
        self.lacks(what, answer.envelope, "data")

    def failure(self, what: str, found: Any, code: str, category: str) -> None:
        """The members of an error, wherever they stand."""
        if not isinstance(found, Mapping):
            self.differs(f"{what}: {shown(found)} instead of {code}")
            return
        seen = (found.get("code"), found.get("categories"))
        if seen != (code, category):
            self.differs(f"{what}: {seen[0]} {seen[1]} instead of {code} {category}")
        self.members(what, found, error=str, error_params=list, category=int, error_id=str, error_desc=str)

    def success(self, what: str, answer: Answer) -> Answer:
        """The answer itself; without it the scenario stops."""
        if answer.status != 200 or answer.failed or not isinstance(answer.body, dict):
            self.differs(f"{what}: {answer.describe()}")
            raise Stopped
        return answer

    def need(self, what: str, condition: bool, seen: Any = None) -> None:
        """A statement without which the scenario stops."""
        if not self.true(what, condition, seen):
            raise Stopped


def shown(value: Any) -> str:
    """A value for a reader, cut when it is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
