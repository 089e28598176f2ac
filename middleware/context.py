"""The one OX context that a server serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from middleware.clock import Clock
from middleware.directory.groups import Groups
from middleware.directory.resources import Resources
from middleware.directory.users import Users
from middleware.folders.tree import Folders
from middleware.generation import Generation
from middleware.registry import Registry
from middleware.scopes import STOCK_TYPES, AppType
from middleware.sessions import HOUR, WEEK, Sessions
from middleware.store import Store


@dataclass(frozen=True, slots=True)
class Settings:
    """Switches of the embedded OX.

    `generation` is that of the HTTP API. `mend` repairs plain faults of the real server instead of reproducing them.
    `max_events` is how many events `chronos` gives at once with more than what identifies them, None for any number; a
    real OX 8 has 1000 unless it is configured otherwise.
    `without` names modules that this server does not offer.
    `failed_logins` is how many wrong passwords a name has within `failed_logins_window_ms` before LGI-0028.
    `app_passwords` switches application passwords on, with `app_types` beside the stock types. Who is named in
    `multifactor` (by login) would have to give a second factor after his password. `bearer_tokens` are accepted
    access tokens and the logins they stand for.
    """

    generation: Generation = Generation.EIGHT
    mend: bool = False
    without: frozenset[str] = frozenset()
    max_events: int | None = None
    ip_check: bool = True
    session_idle_ms: int = HOUR
    session_long_idle_ms: int = WEEK
    failed_logins: int = 50
    failed_logins_window_ms: int = HOUR // 2
    host: str = "ox.example.com"
    app_passwords: bool = False
    app_types: tuple[AppType, ...] = ()
    multifactor: frozenset[str] = frozenset()
    bearer_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def offered_app_types(self) -> tuple[AppType, ...]:
        """The kinds of application passwords that can be made and used; none when they are switched off."""
        return (*self.app_types, *STOCK_TYPES) if self.app_passwords else ()


class Context:
    """Everything a module needs: store, clock, directory, folders, sessions, settings and the other modules."""

    def __init__(self, store: Store, registry: Registry, context_id: int = 2, settings: Settings | None = None) -> None:
        self.id = context_id
        self.settings = settings or Settings()
        self.store = store
        self.clock: Clock = store.clock
        self.registry = registry
        self.users = Users(store, context_id)
        self.groups = Groups(store, self.users, context_id)
        self.resources = Resources(store)
        self.folders = Folders(store, self.groups, context_id)
        self.sessions = Sessions(self.clock, self.settings.session_idle_ms, self.settings.session_long_idle_ms)
        # One worker: the calls of a context run one after the other, away from the event loop.
        self.worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ox")
        store.on_rollback(self._forget_cached)

    def _forget_cached(self) -> None:
        self.users.forget_cached()
        self.groups.forget_cached()
        self.resources.forget_cached()
        self.folders.forget_cached()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Work while no other process does, knowing what others changed before. Calls of one server need it too."""
        with self.store.turn() as changed_elsewhere:
            if changed_elsewhere:
                self._forget_cached()
                self.end_revoked_sessions()
            yield

    def version(self) -> object:
        """Equal as long as every read answers the same: nothing was stored, by whomever, and no setting changed."""
        return self.store.version(), self.settings

    def end_revoked_sessions(self) -> None:
        """End the sessions of users who are gone or have another password since."""
        for session in self.sessions.all():
            gone = self.users.find(session.user_id) is None
            if gone or session.password_hash not in ("", self.users.password_hash(session.user_id)):
                self.sessions.remove(session.id)

    def close(self) -> None:
        """Finish the running call and close the store."""
        self.worker.shutdown(wait=True)
        self.store.close()
