"""Sessions: ids, secrets, the cookie names made of the User-Agent, idle expiry and the address check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field, replace
from functools import lru_cache

from middleware.clock import Clock
from middleware.errors import OXError, duplicate_auth_id, session_expired

SALT = "embedded-ox"
USED_PRECISION = 100
HOUR = 3_600_000
WEEK = 7 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Session:
    """One session. `second_address`: where the client said that it moved to; the first address stays good, as it does
    on the real server. `timezone` and `locale` are those of the user now, `used` is the ms of the last request,
    or at most `USED_PRECISION` before.

    `password_hash` is the one that the password of the login matched, empty when there was no password.
    `scopes` restrict the session of an application password, whose id is `app_password`; None is no restriction.
    `needs_factor`: a second factor is still to be given.
    """

    id: str
    user_id: int
    context_id: int
    login: str
    locale: str
    timezone: str
    secret: str = ""
    public_id: str = ""
    client: str = ""
    user_agent: str = ""
    address: str = ""
    second_address: str = ""
    auth_id: str = ""
    stay_signed_in: bool = False
    used: int = 0
    scopes: frozenset[str] | None = None
    app_password: str = ""
    needs_factor: bool = False
    password_hash: str = field(default="", repr=False)


NOBODY = Session(id="", user_id=0, context_id=0, login="", locale="en_US", timezone="UTC")


@lru_cache(maxsize=1024)
def cookie_hash(user_agent: str, client: str) -> str:
    """The hash in cookie names: it changes with the User-Agent and with the client."""
    digest = hashlib.md5(f"{user_agent}{client}{SALT}".encode(), usedforsecurity=False).digest()
    return "".join(char for char in base64.b64encode(digest).decode() if char.isalnum())


class SessionEnded(OXError):
    """A request from a strange address ended its session; the client shall forget its cookies."""

    def __init__(self, session: Session) -> None:
        expired = session_expired(session.id)
        super().__init__(expired.code, expired.category, expired.message, expired.desc, expired.params)
        self.session = session


class Sessions:
    """The living sessions of the server. Safe to use from several threads."""

    def __init__(self, clock: Clock, idle_ms: int = HOUR, long_idle_ms: int = WEEK) -> None:
        self._clock = clock
        self._idle = {False: idle_ms, True: long_idle_ms}
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def add(self, session: Session) -> Session:
        """Start a session with fresh id and secrets; SES-0008 when its authId is in use."""
        with self._lock:
            self._drop_idle()
            for other in self._sessions.values():
                if session.auth_id and other.auth_id == session.auth_id:
                    raise duplicate_auth_id(other.login, session.login)
            started = replace(
                session,
                id=secrets.token_hex(16),
                secret=secrets.token_hex(16),
                public_id=secrets.token_hex(16),
                used=self._clock.now(),
            )
            self._sessions[started.id] = started
            return started

    def find(self, session_id: str) -> Session | None:
        """The living session of that id."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None:
                return None
            if self._is_idle(session):
                del self._sessions[session_id]
                return None
            return session

    def _is_idle(self, session: Session) -> bool:
        return self._clock.now() - session.used > self._idle[session.stay_signed_in]

    def _drop_idle(self) -> None:
        for session in [one for one in self._sessions.values() if self._is_idle(one)]:
            del self._sessions[session.id]

    def find_public(self, public_id: str) -> Session | None:
        """The living session whose public-session cookie has that value."""
        with self._lock:
            found = next((one.id for one in self._sessions.values() if one.public_id == public_id), "")
        return self.find(found)

    def verify(self, session_id: str, secret: str, address: str) -> Session:
        """The session, when the secret is right and the address is the one it was started from; SES-0203 otherwise.

        A wrong secret leaves the session alone, a strange address ends it for everybody.
        """
        session = self.find(session_id)
        if session is None or not hmac.compare_digest(session.secret.encode(), secret.encode()):
            raise session_expired(_shown(session_id))
        if session.address and address not in (session.address, session.second_address):
            self.remove(session_id)
            raise SessionEnded(session)
        return self._touch(session)

    def _touch(self, session: Session) -> Session:
        now = self._clock.now()
        if now - session.used < USED_PRECISION:
            return session
        with self._lock:
            touched = replace(self._sessions.get(session.id, session), used=now)
            if session.id in self._sessions:
                self._sessions[session.id] = touched
            return touched

    def put(self, session: Session) -> None:
        """Replace a session by its changed self; nothing happens when it ended meanwhile."""
        with self._lock:
            if session.id in self._sessions:
                self._sessions[session.id] = session

    def remove(self, session_id: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(session_id, None)

    def all(self) -> tuple[Session, ...]:
        """All sessions."""
        with self._lock:
            return tuple(self._sessions.values())

    def of_user(self, user_id: int) -> tuple[Session, ...]:
        """The living sessions of a user."""
        with self._lock:
            return tuple(one for one in self._sessions.values() if one.user_id == user_id)

    def update_user(self, user_id: int, *, locale: str, timezone: str) -> None:
        """Carry a changed locale or zone of a user into his sessions."""
        with self._lock:
            for session in self._sessions.values():
                if session.user_id == user_id:
                    self._sessions[session.id] = replace(session, locale=locale, timezone=timezone)


def session_members(session: Session) -> dict[str, object]:
    """What a client is told about its session."""
    return {
        "session": session.id,
        "user": session.login,
        "user_id": session.user_id,
        "context_id": session.context_id,
        "locale": session.locale,
        **({"requires_multifactor": True} if session.needs_factor else {}),
    }


def _shown(session_id: str) -> str:
    plausible = len(session_id) == 32 and session_id.isalnum()
    return session_id if plausible else "<invalid_sessionid>"
