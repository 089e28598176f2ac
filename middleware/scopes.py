"""What a restricted session may use: the scopes of application passwords, and what the modules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from middleware.errors import OXError

if TYPE_CHECKING:
    from middleware.call import Call
    from middleware.sessions import Session


@dataclass(frozen=True, slots=True)
class AppType:
    """A kind of application that may have passwords of its own, and the scopes that these give."""

    name: str
    display_name: str
    sort: int
    scopes: frozenset[str]


# The types that a server offers without further settings: their scopes open its own DAV interface, not the HTTP API.
STOCK_TYPES: Final = (
    AppType("caldav", "Calendar Client (CalDAV)", 30, frozenset({"dav", "read_caldav", "write_caldav"})),
    AppType(
        "calcarddav",
        "Calendar and Addressbook Client (CalDAV/CardDAV)",
        50,
        frozenset({"dav", "read_caldav", "write_caldav", "read_carddav", "write_carddav"}),
    ),
    AppType("carddav", "Addressbook Client (CardDAV)", 40, frozenset({"dav", "read_carddav", "write_carddav"})),
)

READ: Final = "read"
WRITE: Final = "write"

_AREA_OF_MODULE: Final[Mapping[str, str]] = {
    "chronos": "calendar",
    "chronos/alarm": "calendar",
    "chronos/itip": "calendar",
    "calendar": "calendar",
    "freebusy": "calendar",
    "contacts": "contacts",
    "addressbooks": "contacts",
    "contacts/picture": "contacts",
    "image/contact/picture": "contacts",
    "tasks": "tasks",
    "reminder": "reminder",
}
_AREA_OF_FORMAT: Final = {"ICAL": "calendar", "VCARD": "contacts"}
_AREA_OF_FOLDERS: Final = {"calendar": "calendar", "contacts": "contacts", "tasks": "tasks", "infostore": "files"}
_READING: Final = frozenset(
    {
        *("all", "get", "list", "updates", "search", "advancedSearch", "autocomplete", "resolve", "getRecurrence"),
        *("needsAction", "freeBusy", "getAttachment", "zipAttachments", "birthdays", "anniversaries", "getuser"),
        *("listuser", "pending", "analyze", "range"),
        *("getChangeExceptions", "newappointments", "has", "resolveuid", "freebusy"),
    }
)
_READING_FOLDERS: Final = frozenset({"root", "get", "list", "path", "updates", "allVisible", "shares"})
# Modules that a restricted session may not use at all.
_CLOSED: Final = frozenset({"appPasswords"})


def missing_scope(scope: str) -> OXError:
    """The session lacks a scope."""
    text = "This account isn't authorized to perform this action due to insufficient scopes."
    return OXError("RA-0002", "PERMISSION_DENIED", text, f"Missing scope: {scope}", [scope])


def closed_to_restricted() -> OXError:
    """The module is closed to sessions of application passwords."""
    reason = "Access with restricted session unavailable"
    text = "This account isn't authorized to perform this action."
    return OXError("RA-0005", "PERMISSION_DENIED", text, f"Access denied: {reason}", [reason])


def require_scope(call: Call) -> None:
    """RA-0002 or RA-0005 when the call is not open to its session. Folders are looked at one by one elsewhere."""
    if call.session.scopes is None:
        return
    if call.module in _CLOSED:
        raise closed_to_restricted()
    if call.module in ("import", "export"):
        area = _AREA_OF_FORMAT.get(call.action)
        access = WRITE if call.module == "import" else READ
    else:
        area = _AREA_OF_MODULE.get(call.module)
        access = READ if call.action in _READING or not call.action else WRITE
    if area is not None and f"{access}_{area}" not in call.session.scopes:
        raise missing_scope(f"{access}_{area}")


def opens(session: Session, access: str, folder_module: str) -> bool:
    """Whether a session may use folders of a module."""
    area = _AREA_OF_FOLDERS.get(folder_module)
    return session.scopes is None or area is None or f"{access}_{area}" in session.scopes


def require_folders(call: Call, access: str, folder_module: str) -> None:
    """RA-0002 when the session may not use folders of a module."""
    if not opens(call.session, access, folder_module):
        raise missing_scope(f"{access}_{_AREA_OF_FOLDERS[folder_module]}")


def changes_folders(action: str) -> bool:
    """Whether an action of the module folders writes."""
    return action not in _READING_FOLDERS
