"""The root and the collections between it and the homes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gateway.dav.paths import PRINCIPALS, Path
from gateway.dav.ports import Container, Resource
from gateway.dav.values import Privilege

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

READ_ONLY = frozenset({Privilege.READ})


class Root(Container):
    """``/``"""

    path: Path = ()
    display_name = None
    privileges = READ_ONLY

    def __init__(self, tree: AccountTree) -> None:
        self._tree = tree

    async def members(self) -> Sequence[Resource]:
        return [await self._tree.find(path) for path in (PRINCIPALS, ("calendars",), ("addressbooks",))]


class Branch(Container):
    """``/calendars/`` or ``/addressbooks/``: holds the home of the signed-in user alone."""

    display_name = None
    privileges = READ_ONLY

    def __init__(self, tree: AccountTree, path: Path) -> None:
        self._tree = tree
        self.path = path

    async def members(self) -> Sequence[Resource]:
        return [self._tree.home(self.path[0])]
