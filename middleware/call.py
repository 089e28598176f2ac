"""One call of an OX module: parameters, body, uploads and the session it runs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from middleware.errors import illegal_body, invalid_parameter, missing_parameter
from middleware.sessions import Session
from middleware.times import zone_names

LONG_LIMIT = 2**63
NO_HEADERS: Mapping[str, str] = {}


def comma_separated(text: str) -> tuple[str, ...]:
    """The parts of a list, without empty ones."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    field: str
    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Http:
    """What a module may want to know of the HTTP request; header names are lower case."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `body` is the parsed JSON (of the body or of the form field `json`), None when there is none.

    `path` is what follows the module name in the URL ("calendar" in /ajax/config/calendar).
    """

    module: str
    action: str
    params: Mapping[str, str]
    session: Session
    body: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    http: Http = field(default_factory=Http)
    path: str = ""

    @property
    def user(self) -> int:
        """The id of the calling user."""
        return self.session.user_id

    def require(self, name: str) -> str:
        """A parameter that must be there; SVL-0002 without it."""
        value = self.params.get(name)
        if value is None:
            raise missing_parameter(name)
        return value

    def text(self, name: str, default: str = "") -> str:
        """An optional parameter."""
        return self.params.get(name, default)

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number of 64 bits; SVL-0010 when it is none, and when it is absent without a default."""
        value = self.params.get(name)
        if value is None and default is not None:
            return default
        try:
            number = int(value or "")
        except ValueError:
            raise invalid_parameter(name, value) from None
        if not -LONG_LIMIT <= number < LONG_LIMIT:
            raise invalid_parameter(name, value)
        return number

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: only the word true counts as true."""
        value = self.params.get(name)
        return default if value is None else value.strip().lower() == "true"

    def csv(self, name: str) -> tuple[str, ...]:
        """A comma separated list; empty when absent."""
        return comma_separated(self.params.get(name, ""))

    def columns(self) -> tuple[int, ...]:
        """The required column ids of `columns`."""
        text = self.require("columns")
        try:
            return tuple(int(part) for part in text.split(",") if part.strip())
        except ValueError:
            raise invalid_parameter("columns", text) from None

    def timezone(self) -> ZoneInfo:
        """The zone of the request: parameter `timezone`, else the zone of the user, else UTC."""
        for name in (self.params.get("timezone"), self.session.timezone):
            if name in zone_names():
                return ZoneInfo(name)
        return ZoneInfo("UTC")

    def object(self) -> dict[str, Any]:
        """The body, which must be a JSON object; SVL-0031 otherwise."""
        if not isinstance(self.body, dict):
            raise illegal_body()
        return self.body

    def array(self) -> list[Any]:
        """The body, which must be a JSON array; SVL-0031 otherwise."""
        if not isinstance(self.body, list):
            raise illegal_body()
        return self.body

    def upload(self, field_name: str) -> Upload | None:
        """The first uploaded file of a form field."""
        return next((file for file in self.files if file.field == field_name), None)
