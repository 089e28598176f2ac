"""Files of tasks, and of events in OX 7.8: they are beside the object (module ``attachment``)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from gateway.account.files import Attachment, Files, Place
from gateway.ox import attachments
from gateway.ox.attachments import Holder
from gateway.ox.call import Upload
from gateway.ox.errors import ObjectNotFound, OutcomeUnknown
from gateway.ox.session import Session
from gateway.ox.transport import Download

_TOGETHER = 4
"""Questions at a time."""

Locate = Callable[[str], Awaitable[Iterable[str]]]
"""The folders in which the user sees the object with an id. One upstream call."""


class AttachmentModule(Files):
    """``module``: of the objects, as OX numbers them (``gateway.ox.attachments``)."""

    def __init__(self, session: Session, module: int, locate: Locate) -> None:
        self._session = session
        self._module = module
        self._locate = locate

    # -- reading -------------------------------------------------------------------------------------------------

    async def held(self, place: Place) -> Sequence[Attachment]:
        return _shaped(await self._session.run(attachments.held(self._holder(place))))

    async def beside(self, folder: str, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, list[Attachment]]:
        """The files of those ``rows`` of a folder that say they have some, by id. One upstream call for each of them,
        because OX does not take these bundled. What is gone by then is left out."""
        ids = [str(row["id"]) for row in rows if row.get("number_of_attachments")]
        found: dict[str, list[Attachment]] = {}
        for first in range(0, len(ids), _TOGETHER):
            some = ids[first : first + _TOGETHER]
            answers = await asyncio.gather(*(self.held(Place(folder, each)) for each in some), return_exceptions=True)
            for object_id, answer in zip(some, answers, strict=True):
                if isinstance(answer, ObjectNotFound):
                    continue
                if isinstance(answer, BaseException):
                    raise answer
                found[object_id] = list(answer)
        return found

    async def content(self, place: Place, managed_id: int) -> bytes:
        return await self._session.run(attachments.document(self._holder(place), managed_id))

    async def download(self, place: Place, managed_id: int) -> Download:
        return await self._session.download(attachments.document(self._holder(place), managed_id))

    async def elsewhere(self, place: Place) -> Place | None:
        folder = next((each for each in await self._locate(place.id) if each != place.folder), None)
        return None if folder is None else Place(folder, place.id)

    # -- writing -------------------------------------------------------------------------------------------------

    async def attach(self, place: Place, files: Sequence[Upload], held: Iterable[Attachment]) -> int | None:
        """Add ``files`` to an object that has ``held``, all or none; its new stamp, if known. One upstream call, two
        when OX does not say whether it did. Raises FileTooLarge, OverQuota, OutcomeUnknown when nothing was added."""
        try:
            return await self._session.run(attachments.attach(self._holder(place), files))
        except OutcomeUnknown:
            known = {one["managedId"] for one in held}
            added = sum(one["managedId"] not in known for one in await self.held(place))
            if added < len(files):
                raise
            return None

    async def detach(self, place: Place, ids: Collection[int]) -> int | None:
        """Remove files from an object; its new stamp, if known. One upstream call, two when OX does not say whether it
        did. Raises OutcomeUnknown when one of them is still there."""
        try:
            return await self._session.run(attachments.detach(self._holder(place), list(ids)))
        except OutcomeUnknown:
            if any(one["managedId"] in ids for one in await self.held(place)):
                raise
            return None

    def _holder(self, place: Place) -> Holder:
        return Holder(self._module, *place)


def _shaped(found: Iterable[attachments.Attachment]) -> list[Attachment]:
    return [
        {"managedId": one.id, "filename": one.filename, "size": one.size}
        | ({"fmtType": one.content_type} if one.content_type else {})
        for one in found
    ]
