"""Signed-in accounts: one OX session per login and password, shared by all requests, ended when idle.

A wrong password is remembered for a while, as a keyed hash, and not sent to OX again; further wrong ones of the same
login are held back after some failures. So the gateway can neither be used to guess passwords nor to lock an account.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import structlog

from gateway.account.account import Account, Limits
from gateway.account.book_modules import BookModules
from gateway.account.cache import Cache
from gateway.account.directory import calendar_user
from gateway.account.faults import of_ox
from gateway.account.generation import Generation
from gateway.account.generations import Generations, NoCalendars
from gateway.account.identity import Identity
from gateway.account.sign_in_guard import SignInGuard
from gateway.dav.errors import Unavailable
from gateway.ledger.ledger import Ledger, LedgerError
from gateway.ox import config, directory
from gateway.ox.errors import LoginReason, LoginRefused, MissingScope, OXError, SessionLost
from gateway.ox.login import Basic, Credentials, log_in
from gateway.ox.session import Session
from gateway.ox.transport import Transport

log = structlog.get_logger("gateway.account")

_REFUSED_AGAIN_SECONDS = 60.0
_LATER = 30


class RefusalReason(Enum):
    """Why somebody cannot sign in."""

    WRONG_CREDENTIALS = "wrong-credentials"
    LOCKED = "locked"
    """OX itself holds this login back after too many failures."""
    MULTIFACTOR = "multifactor"
    MISSING_SCOPE = "missing-scope"
    """An application password or token that may not use calendars and contacts over the HTTP API (RA-0002)."""
    DISABLED = "disabled"
    """The account is switched off, or OX refuses this gateway as a client."""


class SignInRefused(Exception):
    """OX says no to these credentials."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class SignInThrottled(Exception):
    """Too many failures; ``retry_after`` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


_REASONS = {
    LoginReason.WRONG_CREDENTIALS: RefusalReason.WRONG_CREDENTIALS,
    LoginReason.LOCKED: RefusalReason.LOCKED,
    LoginReason.MULTIFACTOR_REQUIRED: RefusalReason.MULTIFACTOR,
    LoginReason.CLIENT_REFUSED: RefusalReason.DISABLED,
    LoginReason.DISABLED: RefusalReason.DISABLED,
}


@dataclass(slots=True)
class _Seat:
    """A signed-in account, or one that is being signed in (``opening``)."""

    opening: asyncio.Task[Account]
    used: float = field(default=0.0)

    @property
    def account(self) -> Account | None:
        """None while it is being signed in."""
        return self.opening.result() if self.opening.done() and self.opening.exception() is None else None


class Accounts:
    """All accounts that are signed in. One per process."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        *,
        generation: Generation | None = None,
        book_modules: BookModules | None = None,
        cache_bytes: int = 128 * 1024 * 1024,
        max_accounts: int = 1000,
        idle_seconds: float = 1800.0,
        folder_seconds: float = 5.0,
        max_resource_bytes: int = 16 * 1024 * 1024,
        max_image_bytes: int = 8 * 1024 * 1024,
        max_attachment_bytes: int = 10 * 1024 * 1024,
        failures_per_login: int = 5,
        failure_window_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        on_unreadable: Callable[[str], None] = lambda module: None,
    ) -> None:
        self._transport = transport
        self._on_unreadable = on_unreadable
        self._generations = Generations(generation, book_modules)
        self._ledger = ledger
        self._cache = Cache(cache_bytes)
        self._limits = Limits(folder_seconds, max_resource_bytes, max_image_bytes, max_attachment_bytes)
        self._max_accounts = max_accounts
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._guard = SignInGuard(failures_per_login, failure_window_seconds, _REFUSED_AGAIN_SECONDS, clock)
        self._secret = secrets.token_bytes(32)
        self._seats: OrderedDict[bytes, _Seat] = OrderedDict()
        self._leaving: set[asyncio.Task[None]] = set()

    async def open(self, credentials: Credentials) -> Account:
        """The account of these credentials: no upstream call when it is signed in already, else three.

        Raises SignInRefused, SignInThrottled, and Unavailable or BadGateway when OX cannot be asked.
        """
        key = self._key(credentials)
        seat = self._seats.get(key)
        if seat is not None and seat.account is not None and seat.account.signed_out:
            self._drop(key)
            seat = None
        if seat is None:
            self._hold_back(credentials, key)
            seat = self._seats[key] = _Seat(asyncio.create_task(self._sign_in(credentials, key)))
            seat.opening.add_done_callback(_retrieve)
        seat.used = self._clock()
        self._seats.move_to_end(key)
        self._let_go()
        try:
            # The others who wait for the same login must not suffer when one of them is cancelled.
            return await asyncio.shield(seat.opening)
        except LoginRefused as error:
            raise SignInRefused(_REASONS[error.reason]) from error
        except MissingScope as error:
            raise SignInRefused(RefusalReason.MISSING_SCOPE) from error
        except SessionLost as error:
            raise SignInRefused(RefusalReason.WRONG_CREDENTIALS) from error
        except NoCalendars as error:
            log.error("no-calendars", reason="OX has neither module chronos nor module calendar")
            raise Unavailable("this OX offers no calendars that are known here", retry_after=_LATER) from error
        except OXError as error:
            raise of_ox(error, ()) from error
        except LedgerError as error:
            raise Unavailable("the gateway's own storage does not answer", retry_after=_LATER) from error

    async def close(self) -> None:
        """Sign everybody out."""
        for key in list(self._seats):
            self._drop(key)
        await asyncio.gather(*self._leaving, return_exceptions=True)

    # -- signing in ----------------------------------------------------------------------------------------------

    def _key(self, credentials: Credentials) -> bytes:
        """Nothing can be learned from it about the password, not even whether two users share one."""
        if isinstance(credentials, Basic):
            text = f"basic\0{credentials.login}\0{credentials.password}"
        else:
            text = f"bearer\0{credentials.token}"
        return hashlib.blake2b(text.encode(), key=self._secret, digest_size=32).digest()

    def _hold_back(self, credentials: Credentials, key: bytes) -> None:
        reason = self._guard.refused(key)
        if reason is not None:
            raise SignInRefused(RefusalReason(reason))
        if isinstance(credentials, Basic):
            wait = self._guard.retry_after(credentials.login)
            if wait is not None:
                raise SignInThrottled(wait)

    async def _sign_in(self, credentials: Credentials, key: bytes) -> Account:
        try:
            session = await log_in(self._transport, credentials)
            try:
                return await self._account(session)
            except BaseException:
                await session.logout()
                raise
        except LoginRefused as error:
            self._refused(credentials, key, _REASONS[error.reason])
            raise
        except MissingScope:
            self._refused(credentials, key, RefusalReason.MISSING_SCOPE)
            raise
        except BaseException:
            self._seats.pop(key, None)
            raise

    def _refused(self, credentials: Credentials, key: bytes, reason: RefusalReason) -> None:
        self._seats.pop(key, None)
        login = credentials.login if isinstance(credentials, Basic) else None
        self._guard.failed(key, reason.value, login if reason is RefusalReason.WRONG_CREDENTIALS else None)

    async def _account(self, session: Session) -> Account:
        """The first look at the account. It also shows whether these credentials may use it at all."""
        look = await self._generations.look(session)
        user = look.user
        context_id = session.context_id
        if context_id is None:
            context_id = (await session.run(directory.me())).context_id or "0"
        identity = Identity(
            key=f"{context_id}/{user.id}",
            user=user,
            calendar_user=calendar_user(user, int(context_id)),
            remembered=await _remembered(session),
        )
        account = Account(
            session,
            self._ledger,
            identity,
            look.generation,
            look.books,
            self._cache,
            self._limits,
            self._on_unreadable,
        )
        await account.take_listing(look.listing)
        return account

    # -- letting go ----------------------------------------------------------------------------------------------

    def _let_go(self) -> None:
        """End what was not used for long, and the least recently used when there are too many."""
        idle = self._clock() - self._idle_seconds
        while self._seats:
            key, seat = next(iter(self._seats.items()))
            if seat.used > idle and len(self._seats) <= self._max_accounts:
                return
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        seat = self._seats.pop(key, None)
        if seat is not None:
            task = asyncio.create_task(_leave(seat))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)


def _retrieve(opening: asyncio.Task[Account]) -> None:
    """Everybody who waited for it may be gone; then its failure concerns nobody."""
    if not opening.cancelled():
        opening.exception()


async def _leave(seat: _Seat) -> None:
    try:
        account = await seat.opening
    except (OXError, LedgerError):
        return
    await account.close()


async def _remembered(session: Session) -> int | None:
    """For how long OX keeps tombstones. A server that does not tell keeps them for ever, as far as is known."""
    try:
        return await session.run(config.tombstone_timespan())
    except OXError:
        return None
