"""Modules of the API and their actions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from middleware.call import Call
from middleware.envelope import Answer
from middleware.errors import OXError, unknown_action

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.directory.model import User
    from middleware.folders.model import Folder

# Handlers are plain functions: all calls of a context run one after the other in its worker thread.
Handler = Callable[[Call, "Context"], Answer]
FolderHook = Callable[["Context", Connection, "Folder"], None]
UserHook = Callable[["Context", Connection, "User"], None]
CleanUpHook = Callable[[Connection, int], None]
UserContact = Callable[[Call, "Context", "User"], dict[str, Any]]
Usage = Callable[["Context", int], int]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its name, the HTTP method documented for it (the server accepts any) and its handler.

    `repeatable`: the handler only reads, and its answer depends on the call and the data alone, not on the time, on
    chance or on other sessions.
    """

    name: str
    method: str
    handler: Handler
    repeatable: bool = False


class Module:
    """One module: `Module("chronos")`, with `@module.action("all", "GET")` before every handler.

    Further decorators register what a module does when the base changes something it depends on:
    `on_folder_deleted` forgets the content of a folder (inside the deleting transaction), `on_folder_cleared`
    deletes it while the folder stays (`updates` then reports the objects as deleted), `on_user_created`
    prepares data of a new user, `on_user_removed` forgets a user whose own folders are gone already, `on_clean_up`
    removes what is remembered for long enough, `user_contact`
    supplies a user's contact as a JSON object for the user module, `usage` counts the objects of a user for the
    quota module.
    A module with `needs_session=False` also answers strangers (`Call.session` is then `NOBODY`).
    """

    def __init__(
        self,
        name: str,
        *,
        default_action: str = "",
        unknown: Callable[[str], OXError] | None = None,
        needs_session: bool = True,
    ) -> None:
        self.name = name
        self.needs_session = needs_session
        self.actions: dict[str, Action] = {}
        self.folder_deleted: list[FolderHook] = []
        self.folder_cleared: list[FolderHook] = []
        self.user_created: list[UserHook] = []
        self.user_removed: list[UserHook] = []
        self.cleaned_up: list[CleanUpHook] = []
        self.contact_of_user: UserContact | None = None
        self.count_objects: Usage | None = None
        self._default_action = default_action
        self._unknown = unknown

    def action(self, name: str, method: str = "GET", *, repeatable: bool = False) -> Callable[[Handler], Handler]:
        """Register a handler; `repeatable` as in `Action`."""

        def register(handler: Handler) -> Handler:
            if name in self.actions:
                raise ValueError(f"action {name} of module {self.name} is registered twice")
            self.actions[name] = Action(name, method, handler, repeatable)
            return handler

        return register

    def find(self, name: str, method: str = "GET", path: str = "") -> Action:
        """The action of that name; SVL-0021 when unknown. A call without action takes the HTTP method as name.

        `path`: what follows the module's name in the URL, for the error.
        """
        found = self.actions.get(name or self._default_action or method)
        if found is not None:
            return found
        if self._unknown is not None:
            raise self._unknown(name or method)
        raise unknown_action(name or method, f"{self.name}/{path}" if path else self.name)

    def on_folder_deleted(self, hook: FolderHook) -> FolderHook:
        """Register what removes the content of a deleted folder of any module."""
        self.folder_deleted.append(hook)
        return hook

    def on_folder_cleared(self, hook: FolderHook) -> FolderHook:
        """Register what deletes the content of a folder of this module that stays."""
        self.folder_cleared.append(hook)
        return hook

    def on_user_created(self, hook: UserHook) -> UserHook:
        """Register what prepares the data of a new user."""
        self.user_created.append(hook)
        return hook

    def on_user_removed(self, hook: UserHook) -> UserHook:
        """Register what forgets a user."""
        self.user_removed.append(hook)
        return hook

    def on_clean_up(self, hook: CleanUpHook) -> CleanUpHook:
        """Register what removes tombstones older than a stamp and whatever nothing refers to any more."""
        self.cleaned_up.append(hook)
        return hook

    def user_contact(self, supplier: UserContact) -> UserContact:
        """Register the supplier of a user's contact."""
        self.contact_of_user = supplier
        return supplier

    def usage(self, counter: Usage) -> Usage:
        """Register the counter of a user's objects."""
        self.count_objects = counter
        return counter


@dataclass(frozen=True, slots=True)
class Addressed:
    """A module found by a path, and what follows its name there."""

    module: Module
    rest: str


class Registry:
    """The modules of a server by name. Those that are `hidden` do their part, but cannot be called."""

    def __init__(self, modules: tuple[Module, ...] = (), hidden: Collection[str] = ()) -> None:
        self._modules = {module.name: module for module in modules}
        self._hidden = frozenset(hidden)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def get(self, name: str) -> Module | None:
        """The module of that name."""
        return self._modules.get(name)

    def locate(self, path: str) -> Addressed | None:
        """The module with the longest name that begins the path, None when it is hidden.

        As on the real server, more may follow the name.
        """
        name = path
        while name:
            module = self._modules.get(name)
            if name in self._hidden:
                return None
            if module is not None:
                return Addressed(module, path[len(name) :].strip("/"))
            name = name.rpartition("/")[0]
        return None
