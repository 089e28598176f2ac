"""A call of the OX HTTP API as a value: what to send, and how to read what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from gateway.ox.errors import OXError

T_co = TypeVar("T_co", covariant=True)

FAR_FUTURE = 9007199254740991
"""A stamp that is never older than the stored one (2^53-1): writes with it are not checked for conflicts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The successful part of an envelope. ``timestamp`` is what the envelope says: on empty or unchanged
    answers it echoes the request, so sync stamps are taken from objects. ``warnings`` are no failures."""

    data: Any
    timestamp: int | None = None
    warnings: tuple[OXError, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that travels beside the JSON body (multipart POST) in the form field ``field``. ``description``: the form
    field and the JSON that belong to this file alone."""

    filename: str
    content_type: str
    data: bytes
    field: str = "file"
    description: tuple[str, Mapping[str, Any]] | None = None


def _as_it_is(error: OXError) -> OXError:
    return error


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One action of one OX module.

    ``module`` is the path below the prefix (``chronos``, ``contacts/picture``, ``config/timezone``); ``action`` is
    None for path-only modules. ``params`` without session and timezone, which are added. ``body``: JSON, as octets if
    it was encoded already, or None.
    ``write``: it may change something, so it is never sent twice. ``decode`` raises ``Malformed``.
    ``binary``: the answer is no JSON, ``Answer.data`` is ``bytes``. ``refine`` may give an error of this call a more
    precise class.
    """

    module: str
    action: str | None
    decode: Callable[[Answer], T_co]
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    method: str = "GET"
    write: bool = False
    uploads: tuple[Upload, ...] = ()
    json_field: str = "json"
    """Of the form that holds uploads."""
    binary: bool = False
    refine: Callable[[OXError], OXError] = _as_it_is
    read: Callable[[bytes], Any] | None = None
    """Makes the JSON value of an answer's octets, where ``envelope.parse`` is not to do it; raises ``Malformed``."""

    @property
    def bundleable(self) -> bool:
        """May travel inside ``multiple``: neither uploads, nor binary answers, nor path-only modules may, nor what has
        a parameter that is called as the module is there."""
        return self.action is not None and not self.uploads and not self.binary and "module" not in self.params
