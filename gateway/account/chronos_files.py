"""Files of events in OX 8: they belong to the event, and are written with it (module ``chronos``)."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.account.files import Attachment, Files, Place
from gateway.ox import chronos
from gateway.ox.chronos import EventId
from gateway.ox.session import Session
from gateway.ox.transport import Download


class ChronosFiles(Files):
    def __init__(self, session: Session) -> None:
        self._session = session

    async def held(self, place: Place) -> Sequence[Attachment]:
        event = await self._session.run(chronos.get(EventId(*place), ("id", "folder", "attachments")))
        return event.get("attachments") or ()

    async def content(self, place: Place, managed_id: int) -> bytes:
        return await self._session.run(chronos.attachment(EventId(*place), managed_id))

    async def download(self, place: Place, managed_id: int) -> Download:
        return await self._session.download(chronos.attachment(EventId(*place), managed_id))

    async def elsewhere(self, place: Place) -> Place | None:
        event = await self._session.run(chronos.resolve(place.id, ("id", "folder")))
        if event is None or event.get("folder") in (None, place.folder):
            return None
        return Place(event["folder"], place.id)
