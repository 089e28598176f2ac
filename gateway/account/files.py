"""The files that OX keeps for events and tasks: one port, implemented once for each way OX offers them.

An attachment has the shape it has in module ``chronos``: ``managedId``, ``filename``, ``fmtType``, ``size``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from gateway.ox.errors import ObjectNotFound, PermissionDenied
from gateway.ox.transport import Download

T = TypeVar("T")

Attachment = dict[str, Any]


class Place(NamedTuple):
    """An object, and a folder in which the user sees it."""

    folder: str
    id: str


class Files(ABC):
    """The files of all events, or of all tasks, of an account. Every method is one upstream call, and raises
    ObjectNotFound, PermissionDenied and any other OXError."""

    @abstractmethod
    async def held(self, place: Place) -> Sequence[Attachment]:
        """What is attached to an object. Links may be among it."""

    @abstractmethod
    async def content(self, place: Place, managed_id: int) -> bytes:
        """The bytes of a file. Raises AttachmentNotFound."""

    @abstractmethod
    async def download(self, place: Place, managed_id: int) -> Download:
        """As ``content``, piece by piece; to be read or closed."""

    @abstractmethod
    async def elsewhere(self, place: Place) -> Place | None:
        """Where the user has the object, if that is another folder."""

    async def wherever(self, place: Place, ask: Callable[[Place], Awaitable[T]]) -> tuple[Place, T]:
        """The answer of ``ask``, and where it was asked: the object may have been moved, or the place be that of
        another user. Up to three upstream calls."""
        try:
            return place, await ask(place)
        except (ObjectNotFound, PermissionDenied):
            other = await self.elsewhere(place)
            if other is None:
                raise
        return other, await ask(other)
