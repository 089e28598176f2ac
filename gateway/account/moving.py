"""MOVE of calendar resources.

A single event moves with one call of OX and keeps its id. OX refuses to move a series (CAL-4224), and it refuses a
second event with the UID of the first (CAL-4090) in any calendar of the same user. So a series is copied first and
deleted then, which OX allows when the target belongs to somebody else; otherwise a series without attendees becomes
a single event for a moment, moves, and becomes a series again. In every moment the event is in one of the calendars.

What fails half way is taken back; if even that fails, the answer says so and the next sync shows what is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.carrying_out import carry_out, planned, surely, writer_for
from gateway.account.endangered_files import as_object, fetched, of_instances
from gateway.account.event_residue import NOTHING, Kept
from gateway.account.event_sync import filename_for, wanted_name
from gateway.account.event_writing import learned, remove
from gateway.account.faults import moved_in_part, of_failure
from gateway.account.index import Member
from gateway.account.names import usable
from gateway.account.replaced import name_again
from gateway.account.series_writer import SeriesWriter
from gateway.dav.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from gateway.ledger.ledger import Former, LedgerError
from gateway.ox.chronos import Event
from gateway.ox.errors import OutcomeUnknown, OXError, UidConflict
from mappings.calendar.identity import resource_key
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Update

if TYPE_CHECKING:
    from gateway.account.events import EventCollection


async def move_event(source: EventCollection, member: Member, target: EventCollection, name: str) -> bool:
    """See ``ObjectCollection.move``. Raises DAVError, OXError."""
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    state = await target.state()
    replaced = state.index.named(name)
    writer = writer_for(source, await source.storage.events(member.ids))
    if writer.stamps != {piece.id: piece.stamp for piece in member.pieces}:
        raise PreconditionFailed("OX has a newer state")
    if source.folder.id == target.folder.id:
        if replaced is None:
            await _rename(target, member, writer, name)
        else:
            await _replace(target, member, writer, replaced)
        return replaced is None
    kept = (await source.residue.of([member.key])).get(member.key, NOTHING)
    former = as_object(source, writer.events.values(), {})
    moved = await _move(source, writer, target)
    try:
        await target.residue.keep(_key(moved), kept)
        if replaced is not None:
            await remove(target, replaced)
    except (OXError, LedgerError) as error:
        back = await _move_back(target, moved, source, former, error)
        if _key(back) != member.key:
            await source.residue.keep(_key(back), kept)
        if replaced is not None:
            await name_again(target, state.names, replaced.key, name)
        raise
    await _settle(target, moved, name, kept)
    await source.residue.forget_deleted(member.key)
    source.tree.stale(source.folder.id)
    return replaced is None


async def _rename(calendar: EventCollection, member: Member, writer: SeriesWriter, name: str) -> None:
    """A new name in the same calendar. The event is touched in OX, so that every client learns of it."""
    former = member.name
    kept = (await calendar.residue.of([member.key])).get(member.key, NOTHING)
    await _note(calendar, member, name)
    try:
        await _tell_name(calendar, writer, name)
    except OXError:
        await _note(calendar, member, former)
        raise
    await learned(calendar, writer, kept)


async def _replace(calendar: EventCollection, member: Member, writer: SeriesWriter, replaced: Member) -> None:
    """As ``_rename``, where another event has the name. What the ledger notes counts as soon as that event is gone and
    not before, so this one call decides between the old and the new state. If it is not known whether it did, the
    note stays and is right in both cases. OX is told the name afterwards, twice if need be; without that other
    devices see it in any case as long as this index lives."""
    former, name = member.name, replaced.name
    kept = (await calendar.residue.of([member.key])).get(member.key, NOTHING)
    await _note(calendar, member, name)
    try:
        await remove(calendar, replaced)
    except NotFound:
        pass  # somebody else has deleted it
    except OXError:
        await _note(calendar, member, former)
        raise
    (await calendar.state()).index.rename(member.key, name)
    for _ in range(2):
        try:
            await _tell_name(calendar, writer, name)
        except OXError:
            continue
        await learned(calendar, writer, kept)
        return


async def _note(calendar: EventCollection, member: Member, name: str) -> None:
    """On disk when this returns. Raises LedgerError; then nothing has changed."""
    names = (await calendar.state()).names
    if member.name != name:
        names.note_former(member.key, member.name, Former(until=member.changed))
    names.note(member.key, name)
    try:
        await names.save()
    except LedgerError:
        names.note(member.key, member.name)
        raise


async def _tell_name(calendar: EventCollection, writer: SeriesWriter, name: str) -> None:
    head = next(iter(writer.events.values()))
    step = Update(str(head["id"]), {"filename": filename_for(name) or name})
    await surely(calendar, writer, step, str(head["uid"]))


def _key(writer: SeriesWriter) -> str:
    return resource_key(next(iter(writer.events.values())))


async def _settle(target: EventCollection, moved: SeriesWriter, name: str, kept: Kept) -> None:
    """Make the moved resource live at ``name``, which the ledger keeps when the event asks for another one."""
    state = await target.state()
    head = next(iter(moved.events.values()))
    key = resource_key(head)
    if state.names.of(key, None) or wanted_name(head) != name:
        state.names.note(key, name)
    await learned(target, moved, kept)
    state.index.rename(key, name)


async def _move(source: EventCollection, writer: SeriesWriter, target: EventCollection) -> SeriesWriter:
    """All of a resource in another calendar. Raises OXError when it is where it was, Conflict when it is not."""
    if any(event.get("seriesId") for event in writer.events.values()):
        return await _move_series(source, writer, target)
    return await _move_single(source, writer, target)


async def _move_back(
    target: EventCollection,
    moved: SeriesWriter,
    source: EventCollection,
    series: CalendarObject,
    error: OXError | LedgerError,
) -> SeriesWriter:
    """Take a move back after ``error``. Raises Conflict when that is not possible."""
    try:
        back = await _move(target, moved, source)
        await carry_out(source, back, series, planned(source, back.events.values(), series))
        return back
    except OXError as second:
        raise moved_in_part(of_failure(error, target.path)) from second


async def _move_single(source: EventCollection, writer: SeriesWriter, target: EventCollection) -> SeriesWriter:
    (event,) = writer.events.values()
    try:
        await source.storage.move(event, target.folder.id)
    except OutcomeUnknown:
        if not await _there(target, event):
            raise
    source.tree.stale(source.folder.id)
    return writer_for(target, await _there(target, event))


async def _there(target: EventCollection, event: Event) -> dict[str, Event]:
    """An event as it is in the target; nothing if it is not there. Asked twice before giving up, whatever the error,
    because the caller does not know where the event is otherwise."""
    try:
        return await target.storage.events([event["id"]])
    except OXError:
        return await target.storage.events([event["id"]])


async def _move_series(source: EventCollection, original: SeriesWriter, target: EventCollection) -> SeriesWriter:
    series = as_object(source, original.events.values(), {})
    copy = writer_for(target, {})
    try:
        await carry_out(target, copy, series, planned(target, (), series))
    except UidConflict:
        return await _unroll_and_move(source, original, target, series)
    try:
        await original.delete(max(int(event["timestamp"]) for event in original.events.values()))
    except OXError as error:
        if isinstance(error, OutcomeUnknown) and not await source.storage.events(list(original.events)):
            return copy
        try:
            await copy.delete_all()
        except OXError as second:
            raise Conflict("copied, but the former series is still there; synchronise to see") from second
        raise
    return copy


async def _unroll_and_move(
    source: EventCollection, original: SeriesWriter, target: EventCollection, series: CalendarObject
) -> SeriesWriter:
    """Move a personal series as a single event and roll it out again in the target."""
    events = dict(original.events)
    master = next((event for event in events.values() if event["id"] == event.get("seriesId")), None)
    if master is None or any("scheduled" in event.get("flags", ()) for event in events.values()):
        raise Forbidden("OX cannot move a recurring meeting to another calendar; nothing was changed")
    files = await fetched(source, events, of_instances(events.values()))
    series = as_object(source, events.values(), files)
    await surely(source, original, Update(str(master["id"]), {"rrule": None}), series.uid)
    single = writer_for(source, {master["id"]: original.events[master["id"]]})
    try:
        moved = await _move_single(source, single, target)
    except OXError:
        await carry_out(source, single, series, planned(source, single.events.values(), series))
        raise
    try:
        await carry_out(target, moved, series, planned(target, moved.events.values(), series))
    except OXError as error:
        await _move_back(target, moved, source, series, error)
        raise
    return moved
