"""Several managed attachments of an event as one archive: zipAttachments."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from middleware.call import Call
from middleware.chronos import errors
from middleware.chronos.access import open_readable
from middleware.chronos.events import Events
from middleware.chronos.finding import find_readable
from middleware.chronos.registration import module
from middleware.chronos.uploads import read_attachment
from middleware.disposition import disposition
from middleware.envelope import Binary
from middleware.errors import illegal_body

if TYPE_CHECKING:
    from middleware.context import Context


@module.action("zipAttachments", "PUT")
def zip_attachments(call: Call, ox: Context) -> Binary:
    """The attachments whose managed ids the body lists; CAL-4047 when the event has not all of them."""
    event_id, folder = call.require("id"), call.require("folder")
    wanted = call.array()
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in wanted):
        raise illegal_body()
    packed = io.BytesIO()
    with ox.store.reading() as connection, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        calendar = open_readable(ox, call.user, folder)
        event = find_readable(Events(connection), calendar, event_id)
        calendar.require_unclassified(event)
        held = {one.get("managedId") for one in event.data.get("attachments", ())}
        for managed_id in dict.fromkeys(wanted):
            found = read_attachment(connection, managed_id) if managed_id in held else None
            if found is None:
                raise errors.attachment_not_found(managed_id, event_id, folder)
            archive.writestr(free_name(archive, found[0]), found[1])
    headers = {"Content-Disposition": disposition("attachment", "attachments.zip")}
    return Binary(packed.getvalue(), "application/zip", headers)


def free_name(archive: zipfile.ZipFile, filename: str) -> str:
    """The file name without folders, numbered when it is in the archive already."""
    plain = PurePosixPath(filename.replace("\\", "/")).name or "attachment"
    taken, name, number = set(archive.namelist()), plain, 1
    while name in taken:
        number += 1
        name = f"{number} {plain}"
    return name
