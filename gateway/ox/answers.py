"""From an HTTP status to the undecoded answer of a call, or to the error it stands for.

Application errors come with status 200 inside the envelope; other statuses are those of OAuth, of rate limits, of
fronts and proxies, and of a middleware in trouble.
"""

from __future__ import annotations

from typing import Any

from gateway.ox import envelope
from gateway.ox.call import Call
from gateway.ox.codes import classify
from gateway.ox.errors import (
    InvalidValue,
    LoginReason,
    LoginRefused,
    Malformed,
    MissingScope,
    ObjectNotFound,
    OutcomeUnknown,
    Overloaded,
    OXError,
    PermissionDenied,
    ServiceDown,
    TooLong,
    Unsupported,
)
from gateway.ox.transport import Reply


def interpret(reply: Reply, call: Call[Any]) -> Any:
    """The JSON value, or the bytes of a binary answer. Raises the error that the status stands for."""
    if not 200 <= reply.status < 300:
        raise _refusal(reply, call)
    if call.binary and reply.is_file:
        return reply.body
    try:
        return (call.read or envelope.parse)(reply.body)
    except Malformed as error:
        if call.write:
            raise OutcomeUnknown from error
        raise


def _refusal(reply: Reply, call: Call[Any]) -> OXError:
    status = reply.status
    reported = _reported(reply.body)
    if reported is not None:
        return reported
    if status == 429 or (status == 503 and (reply.retry_after is not None or not call.write)):
        return Overloaded(reply.retry_after)
    if status >= 500:
        return OutcomeUnknown() if call.write else ServiceDown()
    return _CLIENT_ERRORS.get(status, _unexpected)(status, call)


def _reported(body: bytes) -> OXError | None:
    """An OX error, or one of OAuth (RFC 6750 3.1), that came with an HTTP error status."""
    try:
        value = envelope.parse(body)
    except Malformed:
        return None
    if not isinstance(value, dict):
        return None
    if value.get("error") == "invalid_token":
        return LoginRefused(LoginReason.WRONG_CREDENTIALS)
    if value.get("error") == "insufficient_scope":
        return MissingScope()
    fault = envelope.fault_of(value)
    return classify(fault) if fault is not None and fault.code else None


def _forbidden(status: int, call: Call[Any]) -> OXError:
    return PermissionDenied()


def _missing(status: int, call: Call[Any]) -> OXError:
    return ObjectNotFound() if call.binary else Unsupported()


def _too_large(status: int, call: Call[Any]) -> OXError:
    return TooLong()


def _bad(status: int, call: Call[Any]) -> OXError:
    return InvalidValue()


def _unexpected(status: int, call: Call[Any]) -> OXError:
    return Malformed(f"HTTP status {status}")


_CLIENT_ERRORS = {
    400: _bad,
    403: _forbidden,
    404: _missing,
    413: _too_large,
}
