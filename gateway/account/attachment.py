"""A file that OX keeps for an event, as a resource of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from gateway.account.attachment_links import Address
from gateway.account.faults import reported
from gateway.account.root import READ_ONLY
from gateway.dav.errors import NotFound
from gateway.dav.paths import Path
from gateway.dav.ports import Attachment
from gateway.dav.values import File
from gateway.ox import chronos
from gateway.ox.chronos import EventId
from gateway.ox.errors import AttachmentNotFound, ObjectNotFound, PermissionDenied

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

_FIELDS = ("id", "folder", "attachments")


class EventAttachment(Attachment):
    """``/attachments/<token>/<file name>``; the name is for people."""

    display_name = None
    privileges = READ_ONLY

    def __init__(self, tree: AccountTree, path: Path, address: Address) -> None:
        self.path = path
        self._session = tree.account.session
        self._event = EventId(address.folder, address.file.event_id)
        self._managed_id = address.file.managed_id

    async def file(self) -> File:
        with reported(self.path):
            event = await self._found()
        for attachment in event.get("attachments") or ():
            if attachment.get("managedId") == self._managed_id:
                size = attachment.get("size")
                return File(
                    filename=str(attachment.get("filename") or self.path[-1]),
                    content_type=str(attachment.get("fmtType") or ""),
                    size=size if isinstance(size, int) else None,
                    etag=f'"{self._event.id}-{self._managed_id}"',
                )
        raise NotFound("this file is not attached any more")

    async def _found(self) -> dict[str, Any]:
        """The event, where this user has it: it may have been moved, or the address come from somebody else."""
        try:
            return await self._session.run(chronos.get(self._event, _FIELDS))
        except (ObjectNotFound, PermissionDenied):
            event = await self._session.run(chronos.resolve(self._event.id, _FIELDS))
            if event is None or event.get("folder") in (None, self._event.folder):
                raise
            self._event = EventId(event["folder"], self._event.id)
            return event

    async def content(self) -> AsyncIterator[bytes]:
        with reported(self.path):
            try:
                download = await self._session.download(chronos.attachment(self._event, self._managed_id))
            except AttachmentNotFound:
                raise NotFound("this file is not attached any more") from None
        return download.chunks()
