"""The module `multiple`: several calls in one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from middleware.call import Call, Http
from middleware.envelope import Answer, Bare, Binary, Result, envelope_of
from middleware.errors import OXError, illegal_body
from middleware.registry import Addressed, Registry
from middleware.sessions import Session

_OWN_MEMBERS = frozenset({"module", "action", "data", "session"})


def inner_calls(body: Any) -> list[tuple[str, str]]:
    """The (module, action) pairs in the body of a multiple request."""
    items = body if isinstance(body, list) else []
    return [(str(item.get("module", "")), str(item.get("action", ""))) for item in items if isinstance(item, dict)]


def run_multiple(
    registry: Registry, session: Session, items: list[Any], http: Http, run: Callable[[Call], Answer]
) -> Bare | None:
    """Run the calls in order; every one has an answer of its own, a failure does not stop the others.

    None (the server breaks, and nothing is done) when an item is no call of a known module.
    """
    located = [registry.locate(str(item.get("module", ""))) if isinstance(item, Mapping) else None for item in items]
    calls = [_call(session, item, found, http) for item, found in zip(items, located, strict=True) if found]
    if len(calls) < len(items):
        return None
    return Bare([envelope_of(_answer(call, run)) for call in calls])


def _answer(call: Call, run: Callable[[Call], Answer]) -> Result | Bare | OXError:
    try:
        answer = run(call)
    except OXError as error:
        return error
    return illegal_body() if isinstance(answer, Binary) else answer


def _call(session: Session, item: Mapping[str, Any], found: Addressed, http: Http) -> Call:
    params = {name: _text(value) for name, value in item.items() if name not in _OWN_MEMBERS}
    return Call(
        module=found.module.name,
        action=str(item.get("action", "")),
        params=params,
        session=session,
        body=item.get("data"),
        http=replace(http, method="PUT" if "data" in item else "GET"),
        path=found.rest,
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
