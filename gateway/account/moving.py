"""MOVE of calendar resources.

A single event moves with one call of OX and keeps its id. OX refuses to move a series (CAL-4224), and it refuses a
second event with the UID of the first (CAL-4090) in any calendar of the same user. So a series is copied first and
deleted then, which OX allows when the target belongs to somebody else; otherwise a series without attendees becomes
a single event for a moment, moves, and becomes a series again. In every moment the event is in one of the calendars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.event_residue import NOTHING
from gateway.account.event_sync import filename_for, wanted_name
from gateway.account.event_writing import learned, remove, writer_for
from gateway.account.faults import of_ox
from gateway.account.index import Member
from gateway.account.names import usable
from gateway.account.series_writer import SeriesWriter
from gateway.dav.errors import Conflict, Forbidden, PreconditionFailed
from gateway.ox import chronos
from gateway.ox.chronos import Event
from gateway.ox.errors import OXError, UidConflict
from mappings.calendar.identity import resource_key
from mappings.calendar.plan import plan
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.render import render

if TYPE_CHECKING:
    from gateway.account.events import EventCollection


async def move_event(source: EventCollection, member: Member, target: EventCollection, name: str) -> bool:
    """See ``ObjectCollection.move``. Raises DAVError, OXError."""
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    replaced = (await target.state()).index.named(name)
    writer = writer_for(source, await source.listed(member.ids))
    if writer.stamps != {piece.id: piece.stamp for piece in member.pieces}:
        raise PreconditionFailed("OX has a newer state")
    if source.folder.id == target.folder.id:
        if replaced is not None:
            await remove(target, replaced)
        await _rename(target, member, writer, name)
        return replaced is None
    if any(event.get("seriesId") for event in writer.events.values()):
        moved = await _move_series(source, writer, target)
    else:
        moved = await _move_single(source, writer, target)
    if replaced is not None:
        await remove(target, replaced)
    kept = (await source.residue.of([member.key])).get(member.key, NOTHING)
    await target.residue.keep(resource_key(next(iter(moved.events.values()))), kept)
    await _settle(target, moved, name)
    await source.residue.forget(member.key)
    source.tree.stale(source.folder.id)
    return replaced is None


async def _rename(calendar: EventCollection, member: Member, writer: SeriesWriter, name: str) -> None:
    """A new name in the same calendar. The event is touched in OX, so that every client learns of it."""
    names = (await calendar.state()).names
    names.note(member.key, name)
    await names.save()
    head = next(iter(writer.events.values()))
    filename = filename_for(name) or name
    call = chronos.update(calendar.folder.id, head["id"], int(head["timestamp"]), {"filename": filename})
    written = await calendar.account.session.run(call)
    writer.events.update((event["id"], event) for event in written.updated)
    await learned(calendar, writer)


async def _settle(target: EventCollection, moved: SeriesWriter, name: str) -> None:
    """Make the moved resource live at ``name``, which the ledger keeps when the event asks for another one."""
    names = (await target.state()).names
    head = next(iter(moved.events.values()))
    if wanted_name(head) != name:
        names.note(resource_key(head), name)
        await names.save()
    await learned(target, moved)


async def _move_single(source: EventCollection, writer: SeriesWriter, target: EventCollection) -> SeriesWriter:
    (event,) = writer.events.values()
    call = chronos.move(source.folder.id, event["id"], target.folder.id, int(event["timestamp"]))
    await source.account.session.run(call)
    return writer_for(target, await target.listed([event["id"]]))


async def _move_series(source: EventCollection, original: SeriesWriter, target: EventCollection) -> SeriesWriter:
    series = _as_object(source, original.events)
    copy = writer_for(target, {})
    try:
        for step in plan([], series, target.user):
            await copy.run(step)
    except UidConflict:
        return await _unroll_and_move(source, original, target, series)
    except OXError:
        if copy.events:
            await copy.delete_all()
        raise
    try:
        await original.delete(max(int(event["timestamp"]) for event in original.events.values()))
    except OXError:
        await copy.delete_all()
        raise
    return copy


async def _unroll_and_move(
    source: EventCollection, original: SeriesWriter, target: EventCollection, series: CalendarObject
) -> SeriesWriter:
    """Move a personal series as a single event and roll it out again in the target."""
    events = original.events
    master = next((event for event in events.values() if event["id"] == event.get("seriesId")), None)
    if master is None or any("scheduled" in event.get("flags", ()) for event in events.values()):
        raise Forbidden("OX cannot move a recurring meeting to another calendar; nothing was changed")
    call = chronos.update(source.folder.id, master["id"], int(master["timestamp"]), {"rrule": None})
    await source.account.session.run(call)
    single = writer_for(source, await source.listed([master["id"]]))
    try:
        moved = await _move_single(source, single, target)
    except OXError:
        await _roll_out(source, single, series)
        raise
    await _roll_out(target, moved, series)
    return moved


async def _roll_out(calendar: EventCollection, writer: SeriesWriter, series: CalendarObject) -> None:
    """Make the single event the series again that it was."""
    try:
        for step in plan(list(writer.events.values()), series, calendar.user):
            await writer.run(step)
    except OXError as error:
        reason = of_ox(error, calendar.path).reason
        raise Conflict(f"the series was moved, but not all of its instances: {reason}") from error


def _as_object(calendar: EventCollection, events: dict[str, Event]) -> CalendarObject:
    return read(render(list(events.values()), calendar.user).encode())
