"""Attachments of events: links, and files that were uploaded with the event."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select

from middleware.chronos import data_errors, errors
from middleware.chronos.event import JSON, Event
from middleware.chronos.tables import attachments
from middleware.chronos.writer import Writer

_MEMBERS = ("filename", "fmtType", "size", "created", "uri", "managedId")


def stored_attachments(writer: Writer, event: Event, sent: Iterable[JSON]) -> list[JSON]:
    """The attachments of a body as they are stored: known ones as they were, new ones with a creation stamp.

    CAL-1991 for other uris than links and uploaded parts, CAL-4047 for a managed id the event does not have.
    """
    known = {one["managedId"]: one for one in event.data.get("attachments", ()) if "managedId" in one}
    found = []
    for one in sent:
        managed_id = one.get("managedId")
        if managed_id is not None:
            if managed_id not in known:
                raise errors.attachment_not_found(managed_id, event.text_id, writer.calendar.text)
            found.append(known[managed_id])
        elif str(one["uri"]).lower().startswith("cid:"):
            found.append(_uploaded(writer, event, one))
        else:
            found.append(_link(writer, event, one))
    return found


def _link(writer: Writer, event: Event, sent: JSON) -> JSON:
    uri = str(sent["uri"])
    if uri.lower().startswith("data:"):
        raise data_errors.unsupported_data(event.text_id, "ATTACHMENTS", f"Unsupported attachment URI '{uri}'")
    link = {name: sent[name] for name in _MEMBERS if sent.get(name) is not None}
    link.setdefault("created", _local_stamp(writer))
    guessed = mimetypes.guess_type(str(sent.get("filename") or ""))[0]
    if guessed and "fmtType" not in link:
        link["fmtType"] = guessed
    return link


def _uploaded(writer: Writer, event: Event, sent: JSON) -> JSON:
    part = str(sent["uri"])[4:]
    upload = writer.call.upload(part)
    if upload is None:
        raise data_errors.unsupported_data(event.text_id, "ATTACHMENTS", f"Unsupported attachment URI '{sent['uri']}'")
    managed_id = writer.ox.store.next_id(writer.connection, "attachments")
    filename = str(sent.get("filename") or upload.filename)
    content_type = str(sent.get("fmtType") or upload.content_type)
    writer.connection.execute(
        insert(attachments).values(
            managed_id=managed_id, content_type=content_type, filename=filename, data=upload.data
        )
    )
    return {
        "filename": filename,
        "fmtType": content_type,
        "size": len(upload.data),
        "created": _local_stamp(writer),
        "managedId": managed_id,
    }


def _local_stamp(writer: Writer) -> int:
    """The stamp of the write shifted into the zone of the user, as the server gives it for attachments."""
    now = datetime.fromtimestamp(writer.stamp / 1000, UTC).astimezone(writer.call.timezone())
    return writer.stamp + int((now.utcoffset() or timedelta()).total_seconds() * 1000)


def read_attachment(connection: Connection, managed_id: int) -> tuple[str, bytes] | None:
    """File name and bytes of a managed attachment."""
    table = attachments
    query = select(table.c.filename, table.c.data).where(table.c.managed_id == managed_id)
    row = connection.execute(query).first()
    return None if row is None else (row.filename, row.data)
