"""Appointments as holders of files: they are the managed attachments of the events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from middleware.attachments.holders import Holder, Request
from middleware.attachments.storage import Attachment, NewFile, checksum
from middleware.call import Upload
from middleware.chronos.access import open_readable
from middleware.chronos.change import require_organizer
from middleware.chronos.event import Event
from middleware.chronos.events import Events
from middleware.chronos.finding import find_readable
from middleware.chronos.uploads import read_attachment, stored_attachments
from middleware.chronos.writer import Writer
from middleware.folders.ids import calendar_id, parse_folder_id
from middleware.times import from_wall_clock


class EventHolder(Holder):
    """An event. CAL-4030, CAL-4040 and CAL-4041 when there is none."""

    def __init__(self, request: Request) -> None:
        number = parse_folder_id(request.folder)
        text = str(request.folder) if number is None else calendar_id(number)
        self._request = request
        self._calendar = open_readable(request.ox, request.call.user, text)
        self._event: Event = find_readable(Events(request.connection), self._calendar, str(request.attached))
        self._calendar.require_unclassified(self._event)
        self.id = self._event.id
        self.folder = self._calendar.id

    @property
    def modified(self) -> int:
        return self._event.stamp

    def require_write(self) -> None:
        self._calendar.require_write(self._event)

    def attachments(self) -> list[Attachment]:
        return [self._attachment(one) for one in self._managed()]

    def content(self, number: int) -> bytes | None:
        if not any(one["managedId"] == number for one in self._managed()):
            return None
        found = read_attachment(self._request.connection, number)
        return None if found is None else found[1]

    def attach(self, files: Sequence[NewFile]) -> list[int]:
        parts = {f"cid:{number}": file for number, file in enumerate(files)}
        uploads = tuple(
            Upload(uri.removeprefix("cid:"), one.filename, one.content_type, one.data) for uri, one in parts.items()
        )
        sent = [{"uri": uri, "filename": one.filename, "fmtType": one.content_type} for uri, one in parts.items()]
        before = {one["managedId"] for one in self._managed()}
        writer = self._writer(uploads)
        require_organizer(writer, self._event)
        added = stored_attachments(writer, self._event, sent)
        self._event.data["attachments"] = [*self._event.data.get("attachments", ()), *added]
        writer.save(self._event)
        return [one["managedId"] for one in self._managed() if one["managedId"] not in before]

    def detach(self, ids: Iterable[int]) -> None:
        wanted = set(ids)
        known = self._event.data.get("attachments", [])
        kept = [one for one in known if one.get("managedId") not in wanted]
        if len(kept) == len(known):
            return
        writer = self._writer(())
        require_organizer(writer, self._event)
        self._event.data["attachments"] = kept
        if not kept:
            del self._event.data["attachments"]
        writer.save(self._event)

    def removed_since(self, stamp: int) -> list[int]:
        return []  # what an event does not have any more is not remembered

    def _managed(self) -> list[dict[str, Any]]:
        found = [one for one in self._event.data.get("attachments", ()) if "managedId" in one]
        return sorted(found, key=lambda one: int(one["managedId"]))

    def _writer(self, uploads: tuple[Upload, ...]) -> Writer:
        # Parameters of this module mean nothing to the writing of events, but its zone does.
        zone = {name: value for name, value in self._request.call.params.items() if name == "timezone"}
        call = replace(self._request.call, params=zone, files=uploads)
        return Writer(call, self._request.ox, self._request.connection, self._calendar)

    def _attachment(self, one: dict[str, Any]) -> Attachment:
        found = read_attachment(self._request.connection, one["managedId"])
        return Attachment(
            id=one["managedId"],
            created=from_wall_clock(one["created"], self._request.call.timezone()),
            created_by=self._event.data.get("createdBy", {}).get("entity", 0),
            filename=one["filename"],
            content_type=one["fmtType"],
            size=one["size"],
            checksum=checksum(b"" if found is None else found[1]),
        )
