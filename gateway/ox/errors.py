"""What can go wrong upstream, one class per reaction of the caller, decided by OX's ``code`` and never by its text.

``str()`` of an error names class and code only, so it may be logged. ``message``, ``description`` and ``params`` may
repeat what a user wrote: they belong in an answer to that user at most, never in a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """The error members of an OX envelope, or of one of its warnings (``ox-api`` envelope; nothing is trusted)."""

    code: str = ""
    category: str = ""
    message: str = ""
    description: str = ""
    params: tuple[Any, ...] = ()
    problematic: tuple[Mapping[str, Any], ...] = ()


class OXError(Exception):
    """OX refused or could not do what was asked. The base class stands for codes without a reaction of their own.

    ``code`` is empty when the error did not come from an OX envelope.
    """

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault or Fault()
        super().__init__(self.fault.code)

    @property
    def code(self) -> str:
        return self.fault.code

    @property
    def category(self) -> str:
        return self.fault.category

    @property
    def message(self) -> str:
        """Translated text for the user. Never log it."""
        return self.fault.message

    @property
    def params(self) -> tuple[Any, ...]:
        return self.fault.params

    @property
    def problematic(self) -> tuple[Mapping[str, Any], ...]:
        """Attributes at fault, e.g. ``{"id": 501, "length": 500, "max_size": 128}`` or ``{"name": "email1"}``."""
        return self.fault.problematic

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.code}".rstrip()


# -- the session -----------------------------------------------------------------------------------------------------


class SessionLost(OXError):
    """The session is unknown, expired, or bound to another address or secret. A new login helps."""


class LoginReason(Enum):
    """Why a login was refused."""

    WRONG_CREDENTIALS = "wrong-credentials"
    LOCKED = "locked"
    """Too many failed attempts for this login name; trying again prolongs it."""
    MULTIFACTOR_REQUIRED = "multifactor-required"
    CLIENT_REFUSED = "client-refused"
    """OX does not accept this client id. A matter of configuration, not of the user."""
    DISABLED = "disabled"
    """The account, its password or this way of logging in is switched off or expired."""


class LoginRefused(OXError):
    """OX answered the login and said no. The same credentials must not be sent again blindly."""

    def __init__(self, reason: LoginReason, fault: Fault | None = None) -> None:
        super().__init__(fault)
        self.reason = reason


class MissingScope(OXError):
    """The session or token may not use this module: an application password of the wrong type, or a narrow token."""


# -- what was asked --------------------------------------------------------------------------------------------------


class PermissionDenied(OXError):
    """The user's rights do not suffice."""


class ObjectNotFound(OXError):
    """No such event, contact, task, folder, user, ... (or not in that folder)."""


class AttachmentNotFound(ObjectNotFound):
    """The object has no such attachment."""


class Unsupported(OXError):
    """This server, account or provider does not know the module or action."""


class ChangedMeanwhile(OXError):
    """The object is newer in OX than the stamp that was sent. Nothing was stored."""


class UidConflict(OXError):
    """The calendar user already has an object with this UID. ``folder`` and ``id`` name it when OX tells."""

    @property
    def uid(self) -> str | None:
        return self._param(0)

    @property
    def folder(self) -> str | None:
        return self._param(1)

    @property
    def id(self) -> str | None:
        return self._param(2)

    def _param(self, index: int) -> str | None:
        if self.code != "CAL-4090" or len(self.params) <= index:
            return None
        return str(self.params[index])


class ResourceConflict(OXError):
    """A write was answered with conflicts and nothing was stored, e.g. a room that is already booked.

    ``conflicts`` as OX sent them: ``hard_conflict``, ``conflicting_attendees``, ``event``.
    """

    def __init__(self, conflicts: tuple[Mapping[str, Any], ...] = (), fault: Fault | None = None) -> None:
        super().__init__(fault)
        self.conflicts = conflicts


class SequenceTooLow(OXError):
    """``sequence`` is lower than the stored one."""


class NameTaken(OXError):
    """The parent already holds a folder of that title."""


class InvalidValue(OXError):
    """OX cannot store a value as it is. ``problematic`` and ``params`` say which."""


class PrivateRefused(InvalidValue):
    """OX takes what is private in folders of the user's own only, and in most places without other participants."""


class TooManyAttendees(InvalidValue):
    """More take part in an event than OX is configured to allow."""


class NothingChanged(OXError):
    """A write that would have changed nothing, and was not done. The stamp is what it was."""


class TooLong(InvalidValue):
    """A value is longer than OX's store allows."""


class FileTooLarge(OXError):
    """OX, or a front before it, does not take an upload of this size."""


class OverQuota(OXError):
    """No room left."""


class DeletionsOnly(OXError):
    """``contacts?action=updates`` cannot answer an interval that holds deletions but no change (SVL-0011).
    Ask for changes without deletions and for the ids instead."""


# -- the way to OX ---------------------------------------------------------------------------------------------------


class Overloaded(OXError):
    """OX asks to come back later. Nothing was done. ``retry_after`` in seconds when it said when."""

    def __init__(self, retry_after: int | None = None, fault: Fault | None = None) -> None:
        super().__init__(fault)
        self.retry_after = retry_after


class ServiceDown(OXError):
    """OX, or something behind it, does not work. Nothing was done."""


class Unreachable(OXError):
    """Nothing was done: no connection, or a read whose answer did not arrive (it was tried twice)."""


class OutcomeUnknown(OXError):
    """A write was sent, but no answer that can be understood came back: it may or may not have happened.
    It is not repeated here; the caller has to look."""


class Malformed(OXError):
    """The answer is not one of OX's: no JSON, too large, or of another shape. ``detail`` holds no content."""

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = detail

    def __str__(self) -> str:
        return f"Malformed: {self.detail}"


class MalformedObjects(Malformed):
    """Objects that were asked for by their ids, and of which OX tells something of another shape. Of the others
    nothing is known either: they can be asked for without these. ``ids``: of the malformed ones."""

    def __init__(self, ids: Iterable[str]) -> None:
        super().__init__("objects of another shape")
        self.ids = frozenset(ids)
