"""Filling an embedded OX that nobody uses yet: its own handlers, without HTTP and in few transactions.

100,000 events and as many contacts take about a minute, a tenth of what they take through HTTP.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from benchmarks import objects
from benchmarks.connection import PASSWORD
from middleware import accounts, passwords
from middleware.accounts import create_context
from middleware.call import Call
from middleware.clock import Clock, system_milliseconds
from middleware.context import Context
from middleware.running import DATABASE_NAME
from middleware.sessions import Session
from middleware.store import Store

_TRANSACTION = 5000
"""Objects in one."""
_DAY = 24 * 3600 * 1000
FILLED = "filled"
"""A file of this name says that the data of a directory are complete."""


def fill(directory: Path, logins: Iterable[str], count: int, *, calendars: int = 1) -> None:
    """Accounts with ``count`` events and as many contacts in the default folders, and with so many ``calendars``, of
    which the others are empty. Nothing is done when ``directory`` holds them already."""
    if (directory / FILLED).exists():
        return
    shutil.rmtree(directory, ignore_errors=True)  # may be half filled
    directory.mkdir(mode=0o700, parents=True)
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # hashing is not what is measured
    # Each write has a stamp of its own, a millisecond later at least: from yesterday on none is in the future.
    yesterday = system_milliseconds() - _DAY
    context = create_context(Store.open(directory / DATABASE_NAME, Clock(lambda: yesterday)))
    try:
        for login in logins:
            _Account(context, login).fill(count, calendars)
    finally:
        context.close()
    (directory / FILLED).touch()


class _Account:
    def __init__(self, context: Context, login: str) -> None:
        user = accounts.add_user(context, login=login, password=PASSWORD, given="Ben", family="Chmark")
        self._context = context
        self._session = Session("", user.id, context.id, login, user.locale, user.timezone)
        self._calendar = f"cal://0/{context.folders.default(user.id, 'calendar').id}"
        self._book = str(context.folders.default(user.id, "contacts").id)

    def fill(self, count: int, calendars: int) -> None:
        for number in range(1, calendars):
            folder = {"module": "event", "title": f"Calendar {number + 1}"}
            self._new("folders", {"folder_id": "1", "tree": "0"}, {"folder": folder})
        new_event = {"folder": self._calendar, "scheduling": "none", "fields": "id"}
        for events in _batches(objects.events(count)):
            with self._context.store.writing():
                for event in events:
                    self._new("chronos", new_event, event)
        for contacts in _batches(objects.contacts(count)):
            with self._context.store.writing():
                for fields in contacts:
                    self._new("contacts", {}, {**fields, "folder_id": self._book})

    def _new(self, name: str, params: dict[str, str], body: dict[str, Any]) -> None:
        """Create something. Raises OXError."""
        module = self._context.registry.get(name)
        assert module is not None
        module.find("new").handler(Call(name, "new", params, self._session, body), self._context)


def _batches(items: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, _TRANSACTION)):
        yield batch
