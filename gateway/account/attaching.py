"""POST to an event: a file added, replaced or removed, and nothing else changed (RFC 8607 3.4 to 3.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.account.attachment_links import Address
from gateway.account.carrying_out import carry_out, writer_for
from gateway.account.event_residue import NOTHING
from gateway.account.event_writing import keep, keep_for_new_files, learned
from gateway.account.index import Member
from gateway.dav.errors import MaxAttachmentsPerResource, NeedPrivileges, PreconditionFailed
from gateway.dav.names import dav
from gateway.dav.values import Attached, AttachmentChange, Privilege
from gateway.ox.chronos import Event
from gateway.ox.errors import OXError
from mappings.calendar.attachments import name_for
from mappings.calendar.attendance import may_edit
from mappings.calendar.file_changes import FileChange, as_sent, new_files
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.residue import merge
from mappings.calendar.steps import Step
from mappings.contentline import parse_tree, write_tree

if TYPE_CHECKING:
    from gateway.account.events import EventCollection


async def change_attachment(calendar: EventCollection, member: Member, asked: AttachmentChange) -> Attached:
    """See ``Attachable.change_attachment``. Raises DAVError, OXError, InvalidData."""
    events = await calendar.storage.events(member.ids)
    writer = writer_for(calendar, events, notify=calendar.schedule_reply)
    if writer.stamps != {piece.id: piece.stamp for piece in member.pieces}:
        calendar.tree.stale(calendar.folder.id)
        raise PreconditionFailed("OX has a newer state")
    if not all(may_edit(event, calendar.user) for event in events.values()):
        path = (*calendar.path, member.name)
        raise NeedPrivileges(path, dav(Privilege.WRITE_CONTENT), "only the organizer attaches files")
    change = file_change(events.values(), asked, calendar.max_attachments)

    def left(current: Iterable[Event]) -> list[Step]:
        return list(calendar.storage.plan_files(list(current), writer.former, change))

    before = (await calendar.residue.of([member.key])).get(member.key, NOTHING)
    shown = render(writer.former, calendar.user)
    try:
        await carry_out(calendar, writer, read(shown.encode()), left(writer.former), left)
    except OXError:
        await keep_for_new_files(calendar, writer, before)
        raise
    current = list(writer.events.values())
    sent = as_sent(
        parse_tree(merge(shown, before.wordings, calendar.user)),
        parse_tree(shown),
        parse_tree(render(current, calendar.user)),
    )
    kept = await keep(calendar, writer, read(write_tree(sent).encode()), before)
    stored = await learned(calendar, writer, kept)
    entry = calendar.entry_of((await calendar.state()).index, stored)
    calendar.account.keep_text(calendar.cached_under, entry.etag, calendar.rendered(current, kept).text)
    file = next(iter(new_files(writer.former, current, change)), None)
    if file is None or change.file is None:
        return Attached(entry, None, None)
    path = calendar.tree.links.path(Address(calendar.folder.id, file), change.file["filename"])
    return Attached(entry, str(file.managed_id), path)


def file_change(objects: Collection[Mapping[str, Any]], asked: AttachmentChange, limit: int) -> FileChange:
    """What is asked of the files of events, or of a task. A new version of a file keeps its name unless the client
    gives another one. Raises MaxAttachmentsPerResource."""
    if asked.managed_id is None and _most(objects) >= limit:
        raise MaxAttachmentsPerResource(f"there are at most {limit} attachments")
    managed_id = None if asked.managed_id is None else _number(asked.managed_id)
    if asked.data is None:
        return FileChange(managed_id, None, asked.instances)
    former = next(
        (
            str(one["filename"])
            for each in objects
            for one in each.get("attachments") or ()
            if managed_id is not None and one.get("managedId") == managed_id and one.get("filename")
        ),
        None,
    )
    filename = asked.filename or former or name_for(asked.content_type)
    file = {"data": asked.data, "filename": filename, "fmtType": asked.content_type}
    return FileChange(managed_id, file, asked.instances)


def _number(managed_id: str) -> int:
    """As OX counts; 0 is none."""
    return int(managed_id) if managed_id.isascii() and managed_id.isdigit() and len(managed_id) < 16 else 0


def _most(objects: Iterable[Mapping[str, Any]]) -> int:
    return max((len(each.get("attachments") or ()) for each in objects), default=0)
