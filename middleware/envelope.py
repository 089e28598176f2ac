"""Answers of modules, and the envelope in which they travel."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from middleware.errors import CATEGORY_NUMBERS, OXError

JSON_TYPE: Final = "application/json;charset=UTF-8"
_SERVER_HASH: Final = 81529225


class Incidents:
    """The numbers by which errors that were told could be found in a log; `told` is how many were given out."""

    def __init__(self) -> None:
        self.told = 0

    def next_id(self) -> str:
        """The id of a new one."""
        self.told += 1
        return f"{_SERVER_HASH}-{self.told}"


incidents: Final = Incidents()


class Absent:
    """The type of `ABSENT`: the envelope then has no member `data`."""


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Result:
    """A successful answer: `data` as JSON value, the new or greatest stamp in ms, problems that did not stop it."""

    data: Any = ABSENT
    timestamp: int | None = None
    warnings: tuple[OXError, ...] = ()


@dataclass(frozen=True, slots=True)
class Bare:
    """A JSON answer without an envelope (login, multiple)."""

    body: Any


@dataclass(frozen=True, slots=True)
class Binary:
    """An answer that is not JSON: pictures, attachments, pages."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Answer = Result | Bare | Binary


def error_members(error: OXError) -> dict[str, Any]:
    """The members that describe one error or warning."""
    return {
        "error": error.message,
        "error_params": error.params,
        "categories": error.category,
        "category": CATEGORY_NUMBERS[error.category],
        "code": error.code,
        "error_id": incidents.next_id(),
        "error_desc": error.desc,
        **error.extra,
    }


def result_envelope(result: Result) -> dict[str, Any]:
    """The envelope of a success; the first warning is repeated at the top, where old clients look for errors."""
    envelope: dict[str, Any] = {}
    if result.data is not ABSENT:
        envelope["data"] = result.data
    if result.timestamp is not None:
        envelope["timestamp"] = result.timestamp
    if result.warnings:
        warnings = [error_members(warning.as_warning()) for warning in result.warnings]
        envelope.update(warnings[0])
        envelope["warnings"] = warnings[0] if len(warnings) == 1 else warnings
    return envelope


def envelope_of(answer: Result | Bare | OXError) -> Any:
    """The JSON value that a client receives."""
    if isinstance(answer, OXError):
        return error_members(answer)
    return answer.body if isinstance(answer, Bare) else result_envelope(answer)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(value: Any) -> str:
    """JSON text as the server writes it: compact and unescaped."""
    return _ENCODER.encode(value)


def callback_page(action: str, text: str) -> str:
    """The HTML page by which an upload form in a browser receives its answer."""
    safe = text.replace("</", "<\\/")
    action = re.sub(r"\W", "", action)
    return (
        "<!DOCTYPE html><html><head>"
        '<META http-equiv="Content-Type" content="text/html; charset=UTF-8"><script type="text/javascript">'
        f'(parent["callback_{action}"] || window.opener && window.opener["callback_{action}"])({safe})'
        "</script></head></html>"
    )
