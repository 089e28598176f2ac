"""Checking names, passwords and tokens."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from middleware.app_passwords import storage
from middleware.context import Context
from middleware.directory.model import User
from middleware.errors import invalid_credentials, too_many_attempts
from middleware.passwords import Verifier

# Clients for people: they must not come with an application password.
_INTERACTIVE: Final = frozenset({"open-xchange-appsuite", "open-xchange-mobile-api-facade"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who signed in. `scopes` is None with the password of the account, else what the application password opens."""

    user: User
    scopes: frozenset[str] | None = None
    app_password: str = ""


class Throttle:
    """Counts failed logins per name; a success clears them, the window forgets them."""

    def __init__(self, limit: int, window_ms: int) -> None:
        self._limit = limit
        self._window = window_ms
        self._failures: dict[str, deque[int]] = {}

    def check(self, name: str, now: int) -> None:
        """LGI-0028 when the name has used up its failures."""
        failures = self._failures.get(name, deque())
        while failures and now - failures[0] > self._window:
            failures.popleft()
        if len(failures) >= self._limit:
            raise too_many_attempts(name)

    def failed(self, name: str, now: int) -> None:
        """Count a failure, and forget names whose failures are all outside the window."""
        old = [known for known, failures in self._failures.items() if now - failures[-1] > self._window]
        for known in old:
            del self._failures[known]
        self._failures.setdefault(name, deque()).append(now)

    def succeeded(self, name: str) -> None:
        """Forget the failures."""
        self._failures.pop(name, None)


class Credentials:
    """The passwords of a context."""

    def __init__(self, context: Context) -> None:
        settings = context.settings
        self._context = context
        self._verifier = Verifier()
        self._throttle = Throttle(settings.failed_logins, settings.failed_logins_window_ms)

    def check(self, name: str, password: str, client: str, address: str) -> Accepted:
        """Whose name and password these are. LGI-0006 when nobody's, LGI-0028 after too many failures."""
        now = self._context.clock.now()
        self._throttle.check(name, now)
        user = self._context.users.by_login(name)
        password_hash = self._context.users.password_hash(user.id) if user else ""
        accepted = None
        if user is not None and self._verifier.verify(password_hash, password):
            accepted = Accepted(user)
        elif user is not None:
            accepted = self._by_app_password(user, password, client, address)
        else:
            self._verifier.verify("", password)
        if accepted is None:
            self._throttle.failed(name, now)
            raise invalid_credentials()
        self._throttle.succeeded(name)
        return accepted

    def _by_app_password(self, user: User, password: str, client: str, address: str) -> Accepted | None:
        types = {one.name: one for one in self._context.settings.offered_app_types}
        if not types or client in _INTERACTIVE or not storage.may_be_one(password):
            return None
        with self._context.store.reading() as connection:
            known = storage.of_user(connection, user.id)
        for one in known:
            if one.type in types and self._verifier.verify(one.password_hash, password):
                with self._context.store.writing() as connection:
                    storage.note_use(connection, one.uuid, client, self._context.clock.now(), address)
                return Accepted(user, types[one.type].scopes, one.uuid)
        return None
