"""One line a request: what, how it ended, how long it took. Never names of objects, queries, bodies, credentials."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Sequence
from typing import Any

import structlog

_JSON = json.JSONEncoder(default=repr)
"""One for all lines: ``json.dumps`` would make one for each."""
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


def configure(level: str, form: str) -> None:
    """Set up structlog and the standard library's loggers once per process."""
    for_people = form == "console"
    shared: Sequence[structlog.typing.Processor] = (
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    )
    structlog.configure(
        processors=[*shared, structlog.dev.ConsoleRenderer() if for_people else _json_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Octets take less than half of the time that text does.
        logger_factory=structlog.PrintLoggerFactory() if for_people else structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))


def _json_line(_logger: Any, _level: str, event: structlog.typing.EventDict) -> bytes:
    return _JSON.encode(event).encode()


def request_id(given: str | None) -> str:
    """The proxy's id when it is a plain one, else a new one."""
    return given if given is not None and _REQUEST_ID.match(given) else secrets.token_hex(8)


def loggable_path(raw: str) -> str:
    """The path without the names of objects and files: ``/calendars/3/31/*``, ``/attachments/*``."""
    segments = raw.split("/")
    if "attachments" in segments:
        return "/".join([*segments[: segments.index("attachments") + 1], "*"])
    if len(segments) > 4 and segments[4]:
        return "/".join([*segments[:4], "*"])
    return raw[:200]
