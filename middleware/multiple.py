"""The module `multiple`: several calls in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleware.call import Call, Http
from middleware.context import Context
from middleware.envelope import Bare, Binary, Result, envelope_of
from middleware.errors import OXError, illegal_body, missing_parameter
from middleware.sessions import Session

_OWN_MEMBERS = frozenset({"module", "action", "data", "session"})


def inner_calls(body: Any) -> list[tuple[str, str]]:
    """The (module, action) pairs in the body of a multiple request."""
    items = body if isinstance(body, list) else []
    return [(str(item.get("module", "")), str(item.get("action", ""))) for item in items if isinstance(item, dict)]


def run_multiple(context: Context, session: Session, items: list[Any], http: Http) -> Bare:
    """Run the calls in order; every one has an answer of its own, a failure does not stop the others."""
    return Bare([envelope_of(_run(context, session, item, http)) for item in items])


def _run(context: Context, session: Session, item: Any, http: Http) -> Result | Bare | OXError:
    try:
        call = _call(session, item, http)
        action = context.registry.require(call.module).find(call.action)
        answer = action.handler(call, context)
    except OXError as error:
        return error
    return illegal_body() if isinstance(answer, Binary) else answer


def _call(session: Session, item: Any, http: Http) -> Call:
    if not isinstance(item, Mapping):
        raise illegal_body()
    for name in ("module", "action"):
        if name not in item:
            raise missing_parameter(name)
    params = {name: _text(value) for name, value in item.items() if name not in _OWN_MEMBERS}
    return Call(
        module=str(item["module"]),
        action=str(item["action"]),
        params=params,
        session=session,
        body=item.get("data"),
        http=http,
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
