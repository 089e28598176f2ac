"""OX's answers as bytes: JSON of any content type, the HTML page around it after uploads, errors and warnings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from gateway.ox.call import Answer
from gateway.ox.codes import classify
from gateway.ox.errors import Fault, Malformed, OXError, SessionLost
from gateway.ox.shape import optional_stamp

_WARNING = "WARNING"


def parse(body: bytes) -> Any:
    """The JSON value of an answer, whatever its content type. Raises ``Malformed``."""
    try:
        text = body.decode("utf-8-sig").strip()
        if text.startswith("<"):
            text = _callback_argument(text)
        return _JSON.decode(text)
    except (ValueError, RecursionError) as error:  # ValueError: no UTF-8, no JSON, an absurdly long number
        raise Malformed("no JSON") from error


def open_envelope(value: Any) -> Answer:
    """The payload of ``{"data":..., "timestamp":..., "error":...}``. Raises the error that it reports.

    A warning beside data fills the error members, too; only its category tells it from an error.
    """
    if not isinstance(value, dict):
        raise Malformed("the answer is no envelope")
    reported = fault_of(value)
    if reported is not None and reported.category != _WARNING:
        raise classify(reported)
    return Answer(value.get("data"), optional_stamp(value.get("timestamp"), "timestamp"), _warnings(value, reported))


def fault_of(value: Any) -> Fault | None:
    """The error members of an envelope or of a result entry, None if there are none."""
    if not isinstance(value, dict) or not ("error" in value or "code" in value):
        return None
    categories = value.get("categories")
    names = [categories] if isinstance(categories, str) else categories if isinstance(categories, list) else []
    params = value.get("error_params")
    problematic = value.get("problematic")
    return Fault(
        code=_text(value.get("code")),
        category=next((str(name) for name in names if name != _WARNING), _WARNING if names else ""),
        message=_text(value.get("error")),
        description=_text(value.get("error_desc")),
        params=tuple(params) if isinstance(params, list) else (),
        problematic=tuple(item for item in problematic if isinstance(item, dict))
        if isinstance(problematic, list)
        else (),
    )


def is_session_lost(value: Any) -> bool:
    """Whether this envelope says that the session is gone."""
    reported = fault_of(value)
    return reported is not None and isinstance(classify(reported), SessionLost)


def _warnings(value: Mapping[str, Any], reported: Fault | None) -> tuple[OXError, ...]:
    given = value.get("warnings")
    if given is None and reported is None:
        return ()
    items = given if isinstance(given, list) else [given]
    faults = [fault for fault in map(fault_of, items) if fault is not None]
    if not faults and reported is not None:
        faults = [reported]
    return tuple(classify(fault) for fault in faults)


def _callback_argument(page: str) -> str:
    """``<script>...callback_new(  {envelope} )</script>``: the argument."""
    start, end = page.find("({"), page.rfind("})")
    if start < 0 or end < start:
        raise ValueError("a page without a callback")
    return page[start + 1 : end + 1]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
"""One for all answers: ``json.loads`` would make one for each."""
