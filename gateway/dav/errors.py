"""Errors of the protocol: each is a status and, where an RFC names one, a precondition element.

Whoever finds the fault raises; ``gateway.dav.funnel`` alone turns them into answers (RFC 4918 16).
"""

from __future__ import annotations

from gateway.dav.names import caldav, carddav, dav
from gateway.dav.paths import Path


class DAVError(Exception):
    """A request that is answered with an error.

    ``status``: the HTTP status. ``precondition``: Clark name of the element inside DAV:error, or None.
    ``reason``: short English text for people, without user content; sent to the client and logged.
    ``paths``: resources the precondition speaks of, written as DAV:href inside it.
    ``retry_after``: seconds, for 429 and 503.
    """

    status = 500
    precondition: str | None = None

    def __init__(
        self,
        reason: str = "",
        *,
        precondition: str | None = None,
        paths: tuple[Path, ...] = (),
        retry_after: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        if precondition is not None:
            self.precondition = precondition
        self.paths = paths
        self.retry_after = retry_after
        self.headers = headers


class BadRequest(DAVError):
    status = 400


class Forbidden(DAVError):
    status = 403


class NotFound(DAVError):
    status = 404


class MethodNotAllowed(DAVError):
    """The ``Allow`` header is added by the service."""

    status = 405


class Conflict(DAVError):
    status = 409


class PreconditionFailed(DAVError):
    """If-Match, If-None-Match or OX's own stamp did not hold (RFC 9110 13)."""

    status = 412


class TooLarge(DAVError):
    status = 413


class UnsupportedMediaType(DAVError):
    status = 415


class BadGateway(DAVError):
    """OX answered something that is not an answer of OX."""

    status = 502


class Unavailable(DAVError):
    """OX is down, overloaded or slow; nothing was changed as far as is known."""

    status = 503


class InsufficientStorage(DAVError):
    status = 507


class NeedPrivileges(Forbidden):
    """RFC 3744 7.1.1. ``paths[0]`` is the resource, ``privilege`` the Clark name that lacks."""

    precondition = dav("need-privileges")

    def __init__(self, path: Path, privilege: str, reason: str = "permission denied") -> None:
        super().__init__(reason, paths=(path,))
        self.privilege = privilege


class PropfindFiniteDepth(Forbidden):
    precondition = dav("propfind-finite-depth")


class ValidSyncToken(Forbidden):
    """RFC 6578 3.2: the token is unknown, too old or of another collection."""

    precondition = dav("valid-sync-token")


class NumberOfMatchesWithinLimits(InsufficientStorage):
    precondition = dav("number-of-matches-within-limits")


class SupportedReport(Forbidden):
    precondition = dav("supported-report")


class ProtectedProperty(Forbidden):
    precondition = dav("cannot-modify-protected-property")


class ResourceMustBeNull(Forbidden):
    """MKCALENDAR, MKCOL on something that exists (RFC 4791 5.3.1, RFC 4918 9.3)."""

    status = 405
    precondition = dav("resource-must-be-null")


class CalendarCollectionLocationOk(Forbidden):
    precondition = caldav("calendar-collection-location-ok")


class SupportedCalendarData(Forbidden):
    """Wrong media type in PUT (RFC 4791 5.3.2.1)."""

    precondition = caldav("supported-calendar-data")


class ValidCalendarData(Forbidden):
    precondition = caldav("valid-calendar-data")


class ValidCalendarObjectResource(Forbidden):
    precondition = caldav("valid-calendar-object-resource")


class SupportedCalendarComponent(Forbidden):
    precondition = caldav("supported-calendar-component")


class NoUidConflict(Conflict):
    """Another resource of the collection holds that UID; ``paths[0]`` names it (RFC 4791 5.3.2.1)."""

    precondition = caldav("no-uid-conflict")


class MaxResourceSize(Forbidden):
    precondition = caldav("max-resource-size")


class ValidManagedIdParameter(Forbidden):
    """RFC 8607 3.11: an ATTACH in a PUT refers to a file that is not there (any more)."""

    precondition = caldav("valid-managed-id-parameter")


class ValidManagedId(Forbidden):
    """RFC 8607 3.11: ``managed-id`` of a POST is missing or names no file of the resource."""

    precondition = caldav("valid-managed-id")


class ValidAction(Forbidden):
    """RFC 8607 3.11"""

    precondition = caldav("valid-action")


class ValidRid(Forbidden):
    """RFC 8607 3.11"""

    precondition = caldav("valid-rid")


class ValidFilename(Forbidden):
    """RFC 8607 3.11"""

    precondition = caldav("valid-filename")


class MaxAttachmentSize(Forbidden):
    """RFC 8607 3.11"""

    precondition = caldav("max-attachment-size")


class MaxAttachmentsPerResource(Forbidden):
    """RFC 8607 3.11"""

    precondition = caldav("max-attachments-per-resource")


class ValidSchedulingMessage(Forbidden):
    """RFC 6638 5: what was posted to the outbox is no iTIP message that is taken there."""

    precondition = caldav("valid-scheduling-message")


class OrganizerAllowed(Forbidden):
    """RFC 6638 5: the ORGANIZER is not the user of the outbox."""

    precondition = caldav("organizer-allowed")


class MaxAttendeesPerInstance(Forbidden):
    precondition = caldav("max-attendees-per-instance")


class ValidTimezone(Forbidden):
    """RFC 7809 5: a time zone identifier that is not known."""

    precondition = caldav("valid-timezone")


class SupportedFilter(Forbidden):
    precondition = caldav("supported-filter")


class ValidFilter(Forbidden):
    precondition = caldav("valid-filter")


class MaxInstances(Forbidden):
    """A recurrence rule that would cost too much to expand."""

    precondition = caldav("max-instances")


class SupportedCollation(Forbidden):
    precondition = caldav("supported-collation")


class SupportedAddressData(Forbidden):
    precondition = carddav("supported-address-data")


class ValidAddressData(Forbidden):
    precondition = carddav("valid-address-data")


class NoAddressUidConflict(Conflict):
    precondition = carddav("no-uid-conflict")


class MaxAddressResourceSize(Forbidden):
    precondition = carddav("max-resource-size")


class SupportedAddressFilter(Forbidden):
    precondition = carddav("supported-filter")


class SupportedAddressCollation(Forbidden):
    precondition = carddav("supported-collation")


class PropertiesRefused(DAVError):
    """A PROPPATCH, MKCALENDAR or extended MKCOL of which some properties cannot be set; nothing was changed.

    ``refused``: Clark name of the property -> the error that hinders it. The rest fails with 424 (RFC 4918 9.2).
    """

    status = 207

    def __init__(self, refused: dict[str, DAVError]) -> None:
        super().__init__("some properties cannot be set")
        self.refused = refused
