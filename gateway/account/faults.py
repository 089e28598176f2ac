"""What OX, the ledger and the translation refuse, as errors of the protocol, decided by class and never by text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.dav import errors as dav
from gateway.dav.names import caldav
from gateway.dav.names import dav as dav_name
from gateway.dav.paths import Path
from gateway.dav.values import Privilege
from gateway.ledger.ledger import LedgerError
from gateway.ox import errors as ox
from mappings import errors as mapping
from mappings.calendar.file_changes import NoSuchFile, NoSuchInstance

_LATER = 30
_SOON = 5


@contextmanager
def reported(path: Path, privilege: Privilege = Privilege.READ, *, cards: bool = False) -> Iterator[None]:
    """Turn what goes wrong inside into DAVErrors about ``path``.

    ``privilege``: the one that lacks when OX denies permission. ``cards``: the data is a vCard, else iCalendar.
    """
    try:
        yield
    except (ox.OXError, LedgerError) as error:
        raise of_failure(error, path, privilege, cards=cards) from error
    except mapping.InvalidData as error:
        raise of_data(error) from error


def of_failure(
    error: ox.OXError | LedgerError, path: Path, privilege: Privilege = Privilege.READ, *, cards: bool = False
) -> dav.DAVError:
    """The DAVError for what OX or the ledger did not do."""
    if isinstance(error, LedgerError):
        return dav.Unavailable("the gateway's own storage does not answer", retry_after=_LATER)
    return of_ox(error, path, privilege, cards=cards)


def partly(error: ox.OXError | LedgerError, path: Path) -> dav.Conflict:
    """For a write of which a part could not be taken back, after ``error``."""
    return dav.Conflict(f"only a part could be stored: {of_failure(error, path).reason}; synchronise to see which")


def moved_in_part(error: dav.DAVError) -> dav.Conflict:
    """For a MOVE that could be neither finished because of ``error`` nor taken back."""
    return dav.Conflict(f"moved, but not all of it: {error.reason}; synchronise to see")


def of_ox(error: ox.OXError, path: Path, privilege: Privilege = Privilege.READ, *, cards: bool = False) -> dav.DAVError:
    """The DAVError for what OX answered."""
    match error:
        case ox.PermissionDenied() | ox.MissingScope():
            name = caldav(privilege) if privilege is Privilege.READ_FREE_BUSY else dav_name(privilege)
            return dav.NeedPrivileges(path, name, "OX does not permit this")
        case ox.AttachmentNotFound():
            return dav.ValidManagedIdParameter("a MANAGED-ID names no attachment that can be read")
        case ox.ObjectNotFound():
            return dav.NotFound("OX does not have this any more")
        case ox.ChangedMeanwhile() | ox.SequenceTooLow():
            return dav.PreconditionFailed("OX has a newer state")
        case ox.UidConflict():
            return dav.NoUidConflict("this UID is in use already")
        case ox.ResourceConflict():
            return dav.Forbidden("a room or resource of this event is booked at that time; nothing was stored")
        case ox.NameTaken():
            return dav.Conflict("another folder has this name")
        case ox.FileTooLarge():
            return dav.MaxAttachmentSize("OX does not take a file of this size")
        case ox.TooLong():
            return _invalid(cards)(f"a value is longer than OX can hold{_fields(error)}")
        case ox.PrivateRefused():
            return _invalid(cards)("OX takes this as private in one's own folders only, and without other people")
        case ox.TooManyAttendees():
            return dav.MaxAttendeesPerInstance("more people take part than OX allows")
        case ox.InvalidValue():
            return _invalid(cards)(f"OX cannot hold a value as it is{_fields(error)}")
        case ox.OverQuota():
            return dav.InsufficientStorage("no room left", precondition=dav_name("quota-not-exceeded"))
        case ox.Unsupported():
            return dav.Forbidden("this OX server does not offer that")
        case _:
            return _upstream(error)


def _upstream(error: ox.OXError) -> dav.DAVError:
    match error:
        case ox.Overloaded():
            return dav.Unavailable("OX asks to come back later", retry_after=error.retry_after or _SOON)
        case ox.ServiceDown() | ox.Unreachable():
            return dav.Unavailable("OX does not answer", retry_after=_LATER)
        case ox.OutcomeUnknown():
            return dav.Unavailable("OX did not say whether it stored this; synchronise to see", retry_after=_SOON)
        case ox.SessionLost() | ox.LoginRefused():
            return dav.Unavailable("OX has ended the session; sign in again", retry_after=1)
        case _:
            return dav.BadGateway(f"OX answered with an error{f' ({error.code})' if error.code else ''}")


def of_data(error: mapping.InvalidData) -> dav.DAVError:
    """The DAVError for what a client sent."""
    match error:
        case NoSuchFile():
            return dav.ValidManagedId(error.reason)
        case NoSuchInstance():
            return dav.ValidRid(error.reason)
        case mapping.UnsupportedCalendarComponent():
            return dav.SupportedCalendarComponent(error.reason)
        case mapping.InvalidCalendarObject():
            return dav.ValidCalendarObjectResource(error.reason)
        case mapping.UnsupportedAddressData():
            return dav.SupportedAddressData(error.reason)
        case mapping.InvalidAddressData():
            return dav.ValidAddressData(error.reason)
        case mapping.TooCostly():
            return dav.MaxInstances(error.reason)
        case _:
            return dav.ValidCalendarData(error.reason)


def _invalid(cards: bool) -> type[dav.DAVError]:
    return dav.ValidAddressData if cards else dav.ValidCalendarData


def _fields(error: ox.OXError) -> str:
    """Names of the fields at fault, as far as OX tells."""
    names = [str(item["name"]) for item in error.problematic if "name" in item]
    return f" ({', '.join(names)})" if names else ""
