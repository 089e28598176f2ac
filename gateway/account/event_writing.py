"""PUT and DELETE of calendar resources: a diff against what OX holds, then the smallest set of writes.

Every state in between is a valid calendar; see ``carrying_out`` for what happens when a write fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.carrying_out import carry_out, look_up, planned, take_back, writer_for
from gateway.account.event_residue import NOTHING, Kept
from gateway.account.event_sync import SUFFIX, filename_for
from gateway.account.index import Lost, Member
from gateway.account.names import usable
from gateway.account.promising import promise_name
from gateway.account.series_writer import SeriesWriter
from gateway.account.uid_in_use import as_in_ox, refuse_second
from gateway.dav.errors import Forbidden, NotFound, NoUidConflict, PreconditionFailed
from gateway.dav.values import Entry, Stored
from gateway.ledger.ledger import LedgerError
from gateway.ox.chronos import Event
from gateway.ox.errors import ObjectNotFound, OutcomeUnknown, OXError, UidConflict
from gateway.ox.folders import PRIVATE
from mappings.calendar.agents import server_sends
from mappings.calendar.attendance import may_edit
from mappings.calendar.desired import as_events
from mappings.calendar.identity import resource_key
from mappings.calendar.other_uid import is_personal, renamed, uid_in_ox
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.render import render
from mappings.calendar.residue import as_changed, find, merge
from mappings.calendar.steps import Create, Step
from mappings.calendar.vtimezone import without_definitions
from mappings.contentline import parse_tree, write_tree
from mappings.errors import InvalidCalendarData, UnsupportedCalendarComponent

if TYPE_CHECKING:
    from gateway.account.events import EventCollection


async def put(calendar: EventCollection, name: str, data: bytes, base: Entry | None) -> Stored:
    """See ``ObjectCollection.put``. Raises DAVError, OXError, InvalidData; then nothing was stored, or it says so."""
    sent = calendar.read_object(data)
    if sent.component != calendar.component:
        raise UnsupportedCalendarComponent("this calendar holds events only")
    member = await calendar.expected(name, base, guarded=_is_guarded(calendar, name, sent))
    notify = calendar.schedule_reply and server_sends(sent.tree, calendar.user)
    if member is None:
        writer, before = await _create(calendar, name, sent, notify=notify), NOTHING
    else:
        before = await _kept(calendar, member)
        obj = calendar.read_object(data) if before.wordings else sent  # which is written into
        writer = await _update(calendar, member, obj, before, notify=notify)
        if not writer.events:  # OX 7.8 deletes a series with its last occurrence
            await _forget(calendar, member, writer, has_residue=bool(before.wordings))
            return Stored(member.name, created=False, etag=None)
    kept = await keep(calendar, writer, sent, before)
    stored = await learned(calendar, writer, kept)
    calendar.remember(writer.events.values())
    loaded = calendar.rendered(list(writer.events.values()), kept)
    entry = calendar.entry_of((await calendar.state()).index, stored)
    calendar.account.keep_text(calendar.cached_under, entry.etag, loaded.text)
    return Stored(stored.name, member is None, entry.etag if loaded.text.encode() == data else None)


def _is_guarded(calendar: EventCollection, name: str, obj: CalendarObject) -> bool:
    """Whether OX refuses to create an event of this name twice, so that it need not be looked for. It knows UIDs, one
    for each user and not for public folders, and takes copies of somebody else's meeting beside instances of it."""
    own = calendar.folder.type == PRIVATE and not any(each.first("ORGANIZER") for each in obj.tree.components)
    return own and calendar.storage.holds_filenames and name == obj.uid + SUFFIX


async def _kept(calendar: EventCollection, member: Member) -> Kept:
    """The residue of a member. What the index does not know of yet, because another replica is just writing it, stays
    for what OX goes on to show the same."""
    if not member.may_have_residue:
        return NOTHING
    return (await calendar.residue.of([member.key])).get(member.key, NOTHING)


async def remove(calendar: EventCollection, member: Member) -> None:
    """Delete a resource in OX. One upstream call. Raises DAVError, OXError."""
    pieces = {piece.id: {"id": piece.id, "seriesId": member.key} for piece in member.pieces}
    writer = writer_for(calendar, pieces, notify=calendar.schedule_reply)
    if len(member.pieces) == 1:
        writer.events = {member.pieces[0].id: {"id": member.pieces[0].id}}
    has_residue = member.may_have_residue
    try:
        await writer.delete(member.modified)
    except OutcomeUnknown:
        index = (await calendar.refreshed()).index
        if any(object_id in index for object_id in member.ids):
            raise
    except ObjectNotFound:
        calendar.tree.stale(calendar.folder.id)
        raise NotFound("nothing is here any more") from None
    await _forget(calendar, member, writer, has_residue=has_residue)


async def _forget(calendar: EventCollection, member: Member, writer: SeriesWriter, *, has_residue: bool) -> None:
    """A resource is gone in OX. ``has_residue``: as was known before."""
    if has_residue:  # what is not known of is pruned with the next index
        await calendar.residue.forget_deleted(member.key)
    stamps = writer.deleted
    (await calendar.state()).index.apply(
        (), [Lost(object_id, stamps.get(object_id) or max(stamps.values())) for object_id in member.ids if stamps]
    )


async def learned(calendar: EventCollection, writer: SeriesWriter, kept: Kept) -> Member:
    """Put what OX answered into the index; the member it makes. ``kept``: its residue."""
    state = await calendar.state()
    lost = [Lost(event_id, stamp) for event_id, stamp in writer.deleted.items()]
    residue = dict.fromkeys(map(resource_key, writer.events.values()), kept.stamp if kept.wordings else 0)
    state.index.apply((state.found(event, residue) for event in writer.events.values()), lost)
    await state.names.save_later()
    member = next((state.index.holding(event_id) for event_id in writer.events), None)
    if member is None:
        raise NotFound("OX deleted this while it was stored")
    return member


async def _create(calendar: EventCollection, name: str, obj: CalendarObject, *, notify: bool) -> SeriesWriter:
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    refuse_second(calendar, (await calendar.state()).index, obj.uid)
    try:
        return await _create_as(calendar, name, obj, notify=notify)
    except UidConflict as error:
        conflict = await _uid_conflict(calendar, obj.uid, error)
        if calendar.path in {path[:-1] for path in conflict.paths} or not is_personal(obj, calendar.user):
            raise conflict from error
    try:
        other = renamed(obj, uid_in_ox(obj.uid, calendar.folder.id))
        return await _create_as(calendar, name, other, notify=notify)
    except UidConflict:
        raise conflict from None


async def _create_as(calendar: EventCollection, name: str, obj: CalendarObject, *, notify: bool) -> SeriesWriter:
    """A new event under the UID of ``obj``. Raises UidConflict when OX has it in any calendar of the user."""
    state = await calendar.state()
    filename = filename_for(name) if calendar.storage.holds_filenames else None
    promised = filename is None and name != obj.uid + SUFFIX
    writer = writer_for(calendar, {}, notify=notify)
    if promised:
        await promise_name(calendar, obj.uid, name)
    try:
        await carry_out(calendar, writer, obj, [_named(step, filename, obj.uid) for step in planned(calendar, (), obj)])
    except OXError as error:
        if promised and not isinstance(error, OutcomeUnknown):
            await state.names.withdraw(obj.uid)
        raise
    if not writer.events:
        if promised:
            await state.names.withdraw(obj.uid)
        raise InvalidCalendarData("this OX cannot hold a series of which no occurrence is left")
    return writer


def _named(step: Step, filename: str | None, uid: str) -> Step:
    """A creation that makes the event ask for the client's name."""
    if isinstance(step, Create) and filename not in (None, uid):
        return Create({**step.event, "filename": filename})
    return step


async def _uid_conflict(calendar: EventCollection, uid: str, error: UidConflict) -> NoUidConflict:
    """A 409 that names the resource that has the UID, if the user sees it. OX 8 tells its folder, OX 7.8 does not."""
    account = calendar.account
    calendars = {folder.id: segment for segment, folder in account.homes.calendars if folder.module == "calendar"}
    asked = [folder for folder in calendars if error.folder in (None, folder)]
    for folder in asked:
        calendar.tree.stale(folder)
    await calendar.tree.freshen(asked)
    for folder in asked:
        state = account.synced(folder)
        holder = None if state is None else state.index.with_uid(uid)
        if holder is not None:
            path = (*calendar.path[:-1], calendars[folder], holder.name)
            return NoUidConflict("this UID is in use already", paths=(path,))
    return NoUidConflict("this UID is in use already")


async def _update(
    calendar: EventCollection, member: Member, obj: CalendarObject, kept: Kept, *, notify: bool
) -> SeriesWriter:
    obj = as_in_ox(calendar, member, obj, kept)
    events, asked = await calendar.events_of(member)
    writer = writer_for(calendar, events, notify=notify)
    _require_known(calendar, writer, member)
    if kept.wordings:
        shown = parse_tree(render(list(events.values()), calendar.user))
        obj = read(write_tree(as_changed(obj.tree, shown, kept.wordings, calendar.user)).encode())
    try:
        await carry_out(calendar, writer, obj, planned(calendar, events.values(), obj))
    except OXError:
        await keep_for_new_files(calendar, writer, kept)
        raise
    if not asked and not writer.wrote:  # so OX had no occasion to refuse
        writer = writer_for(calendar, await calendar.storage.events(member.ids), notify=notify)
        _require_known(calendar, writer, member)
    return writer


def _require_known(calendar: EventCollection, writer: SeriesWriter, member: Member) -> None:
    """Raises PreconditionFailed unless OX has the member as the index knows it."""
    if writer.stamps != {piece.id: piece.stamp for piece in member.pieces}:
        calendar.tree.stale(calendar.folder.id)
        raise PreconditionFailed("OX has a newer state")


async def keep_for_new_files(calendar: EventCollection, writer: SeriesWriter, kept: Kept) -> None:
    """Let the residue stand for the files that took the place of others when writes were taken back."""
    before, now = (
        {one.get("managedId") for event in events for one in event.get("attachments") or ()}
        for events in (writer.former, writer.events.values())
    )
    if kept.wordings and writer.events and before != now:
        text = merge(render(writer.former, calendar.user), kept.wordings, calendar.user)
        await keep(calendar, writer, read(text.encode()), kept)


async def keep(calendar: EventCollection, writer: SeriesWriter, sent: CalendarObject, before: Kept) -> Kept:
    """Keep what OX could not hold of what was sent. Where that is all that changed, the event is touched in OX, so
    that other devices learn of it."""
    events = list(writer.events.values())
    head = next((event for event in events if event["id"] == resource_key(event)), events[0])
    shown = parse_tree(without_definitions(render(events, calendar.user)))
    editable = may_edit(head, calendar.user)
    former = granted = None
    if writer.former and any(each.first("ATTENDEE") for each in shown.components):
        former = parse_tree(merge(render(writer.former, calendar.user), before.wordings, calendar.user))
    if writer.former and not editable:
        granted = parse_tree(render(as_events(calendar.storage.wanted(sent), sent.uid), calendar.user))
    wordings = find(
        sent.tree,
        shown,
        calendar.user,
        former=former,
        granted=granted,
        known=before.wordings,
        unheld=calendar.storage.unheld_parameters,
        whole=calendar.storage.loses_instances,
    )
    if wordings == before.wordings:
        return before
    if not writer.wrote:
        await _touch(calendar, writer, head, as_attendee=not editable)
    kept = Kept(max(int(event["timestamp"]) for event in writer.events.values()), wordings)
    try:
        await calendar.residue.keep(resource_key(head), kept)
    except LedgerError as error:
        await take_back(calendar, writer, {event["id"]: event for event in writer.former}, error)
        raise
    return kept


async def _touch(calendar: EventCollection, writer: SeriesWriter, event: Event, *, as_attendee: bool) -> None:
    stamps = writer.stamps
    try:
        await writer.touch(event["id"], as_attendee=as_attendee)
    except OutcomeUnknown:
        await look_up(calendar, writer, str(event["uid"]))
        if writer.stamps == stamps:
            raise
