"""Answers of an OX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `body` is the parsed JSON, None when it is none; `raw` are its octets."""

    status: int
    content_type: str
    body: Any
    raw: bytes

    @property
    def envelope(self) -> Mapping[str, Any]:
        """The members of the answer; empty when it is no JSON object."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def data(self) -> Any:
        """The member `data`."""
        return self.envelope.get("data")

    @property
    def timestamp(self) -> Any:
        """The member `timestamp`."""
        return self.envelope.get("timestamp")

    @property
    def code(self) -> str:
        """The code of an error or warning, empty when there is none."""
        return str(self.envelope.get("code", ""))

    @property
    def category(self) -> str:
        """The category of an error or warning: "USER_INPUT", "WARNING", ..."""
        return str(self.envelope.get("categories", ""))

    @property
    def failed(self) -> bool:
        """Whether it reports an error; a warning beside valid data is none."""
        return "error" in self.envelope and self.category != "WARNING"

    def describe(self) -> str:
        """What it is, in a few words and without its content."""
        if self.failed:
            return f"{self.code} {self.category}"
        if self.body is None:
            return f"HTTP {self.status} with {len(self.raw)} octets of {self.content_type or 'nothing'}"
        return f"HTTP {self.status} with JSON"
