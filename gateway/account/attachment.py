"""A file that OX keeps for an event or a task, as a resource of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from gateway.account.attachment_links import Address
from gateway.account.faults import reported
from gateway.account.files import Place
from gateway.account.root import READ_ONLY
from gateway.dav.errors import NotFound
from gateway.dav.paths import Path
from gateway.dav.ports import Attachment
from gateway.dav.values import File
from gateway.ox.errors import AttachmentNotFound

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree


class KeptFile(Attachment):
    """``/attachments/<token>/<file name>``; the name is for people."""

    display_name = None
    privileges = READ_ONLY

    def __init__(self, tree: AccountTree, path: Path, address: Address) -> None:
        self.path = path
        self._files = tree.account.files(address.component)
        self._place = Place(address.folder, address.file.event_id)
        self._managed_id = address.file.managed_id

    async def file(self) -> File:
        with reported(self.path):
            self._place, found = await self._files.wherever(self._place, self._files.held)
        for attachment in found:
            if attachment.get("managedId") == self._managed_id:
                size = attachment.get("size")
                return File(
                    filename=str(attachment.get("filename") or self.path[-1]),
                    content_type=str(attachment.get("fmtType") or ""),
                    size=size if isinstance(size, int) else None,
                    etag=f'"{self._place.id}-{self._managed_id}"',
                )
        raise NotFound("this file is not attached any more")

    async def content(self) -> AsyncIterator[bytes]:
        with reported(self.path):
            try:
                download = await self._files.download(self._place, self._managed_id)
            except AttachmentNotFound:
                raise NotFound("this file is not attached any more") from None
        return download.chunks()
