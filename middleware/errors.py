"""Errors as the OX HTTP API reports them: a code, a category, a message for humans and a technical text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Legacy numbers of the categories, sent beside their names in the member `category`.
CATEGORY_NUMBERS: Mapping[str, int] = {
    "USER_INPUT": 1,
    "CONFIGURATION": 2,
    "PERMISSION_DENIED": 3,
    "TRY_AGAIN": 4,
    "SERVICE_DOWN": 5,
    "CONNECTIVITY": 6,
    "ERROR": 8,
    "CONFLICT": 9,
    "CAPACITY": 11,
    "TRUNCATED": 12,
    "WARNING": 13,
}

GENERAL = "An error occurred inside the server which prevented it from fulfilling the request."
TRY_LATER = (
    "A temporary error occurred inside the server which prevented it from fulfilling the request. "
    "Please try again later."
)


class OXError(Exception):
    """One OX error or warning.

    `message` is what a user reads, `desc` the technical text (the message when empty), `params` the values that
    were put into the text, `extra` further members of the envelope such as `problematic` and `truncated`.
    """

    def __init__(
        self,
        code: str,
        category: str,
        message: str = GENERAL,
        desc: str = "",
        params: Sequence[Any] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code} {desc or message}")
        if category not in CATEGORY_NUMBERS:
            raise ValueError(f"unknown OX category {category}")
        self.code = code
        self.category = category
        self.message = message
        self.desc = desc or message
        self.params = list(params)
        self.extra = dict(extra or {})

    def as_warning(self) -> OXError:
        """The same problem as a warning beside valid data."""
        return OXError(self.code, "WARNING", self.message, self.desc, self.params, self.extra)


def unknown_action(action: str, module: str) -> OXError:
    """The module has no such action."""
    desc = f"Unknown AJAX action {action} in module {module}."
    return OXError("SVL-0021", "ERROR", desc=desc, params=[action, module])


def unknown_ajax_action() -> OXError:
    """The older wording of an unknown action (login and user)."""
    return OXError("SVL-0001", "USER_INPUT", desc="Unknown AJAX action.")


def unknown_module(module: str) -> OXError:
    """There is no such module (only reported inside `multiple`; as a path it is a plain 404)."""
    return OXError("SVL-0007", "ERROR", desc=f"Unknown module: {module}.", params=[module])


def missing_parameter(name: str) -> OXError:
    """A required request parameter is absent."""
    desc = f"Missing the following request parameter: {name}"
    return OXError("SVL-0002", "USER_INPUT", desc=desc, params=[name])


def invalid_parameter(name: str, value: object) -> OXError:
    """A request parameter has a value that cannot be used; an absent number is reported as `null`."""
    text = "null" if value is None else str(value)
    desc = f'Invalid parameter "{name}": {text}'
    return OXError("SVL-0010", "USER_INPUT", desc=desc, params=[name, text])


def unparsable_body(reason: object) -> OXError:
    """The body is JSON, but a part of it is missing or of the wrong type."""
    desc = f'Exception while parsing JSON: "{reason}".'
    return OXError("SVL-0002", "ERROR", desc=desc, params=[reason])


def unexpected(reason: str) -> OXError:
    """What the real server answers after a programming error of its own."""
    return OXError("SVL-0011", "ERROR", desc=f"Unexpected error: {reason}", params=[reason])


def missing_body() -> OXError:
    """A body is needed and none was sent."""
    return OXError("SVL-0023", "ERROR", desc="Missing request body.")


def invalid_json() -> OXError:
    """The body is not JSON."""
    return OXError(
        "SVL-0029",
        "ERROR",
        "Invalid JSON data received from client",
        "Client sent invalid JSON data in request body.",
    )


def illegal_body() -> OXError:
    """The body is absent or of the wrong JSON type, as chronos reports it."""
    return OXError(
        "SVL-0031",
        "ERROR",
        "The server is refusing to process the request.",
        "Client sent illegal data in request body.",
    )


def forbidden_in_query(name: str) -> OXError:
    """A secret was sent in the query string."""
    text = f'Client sent not allowed request parameter "[{name}]" within the URI.'
    return OXError("SVL-0030", "ERROR", text, params=[f"[{name}]"])


def session_expired(session_id: str) -> OXError:
    """The session is unknown, over, or the request does not prove that it may use it."""
    desc = f"Your session {session_id} expired. Please start a new browser session."
    return OXError("SES-0203", "TRY_AGAIN", "Your session expired. Please login again.", desc, [session_id])


def session_needed(cookie: str) -> OXError:
    """Neither a session parameter nor the public cookie came with the address of a picture."""
    return OXError(
        "SVL-0002",
        "ERROR",
        "The requested operation requires a valid session. Please login and try again.",
        f"Missing cookie: {cookie}. Please re-login.",
        [cookie],
    )


def duplicate_auth_id(existing: str, denied: str) -> OXError:
    """The `authId` of a login was used before."""
    desc = (
        f"Authentication identifier duplicate found. Existing session login: {existing}. "
        f"Current denied login request: {denied}."
    )
    return OXError("SES-0008", "ERROR", TRY_LATER, desc, [existing, denied])


def invalid_credentials() -> OXError:
    """Wrong password, unknown user and unknown context look the same."""
    return OXError("LGI-0006", "USER_INPUT", "The user name or password is incorrect.", "Invalid credentials.")


def factor_needed() -> OXError:
    """The session waits for a second factor. No recording shows this answer; clients are told at the login."""
    text = "This action requires an additional authentication."
    return OXError("MFA-0001", "PERMISSION_DENIED", text)


def client_is_user_agent() -> OXError:
    """The parameter `client` equals the User-Agent header."""
    desc = (
        "Value of User-Agent header must not be used as value for the client parameter. "
        "Please use a string identifying the client software."
    )
    return OXError("LGI-0021", "USER_INPUT", desc=desc)


def too_many_attempts(login: str) -> OXError:
    """Too many failed logins of one name."""
    return OXError(
        "LGI-0028",
        "PERMISSION_DENIED",
        "Too many login attempts. Please try again later.",
        f"Too many login attempts for {login}.",
        [login],
    )


def no_folder_permission() -> OXError:
    """The catch-all of the permission layer."""
    return OXError("OX-0001", "PERMISSION_DENIED", "No folder permission.")
