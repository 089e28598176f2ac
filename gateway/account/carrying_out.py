"""A plan carried out in OX so that afterwards either all of it or nothing is there, and it is known which.

If a step fails, the ones before it are taken back; if even that fails, the answer says so and the next sync shows
what is there. A step whose outcome is unknown is looked up before anything else: updates carry the known stamp and
creations a unique UID, so nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from gateway.account.endangered_files import as_object, endangered_files
from gateway.account.event_repair import shortened
from gateway.account.faults import partly
from gateway.account.series_writer import SeriesWriter
from gateway.ledger.ledger import LedgerError
from gateway.ox.chronos import Event
from gateway.ox.errors import OutcomeUnknown, OXError, TooLong
from mappings.calendar.attendance import may_edit
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Create, Step
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.events import EventCollection


def writer_for(calendar: EventCollection, events: dict[str, Event], *, notify: bool = True) -> SeriesWriter:
    """Carries out steps on a resource of ``calendar`` of which OX holds ``events``. ``notify``: whether OX may tell
    the others of a meeting."""
    return SeriesWriter(calendar.storage, events, notify=notify)


def planned(calendar: EventCollection, events: Iterable[Event], obj: CalendarObject) -> list[Step]:
    """The steps from what OX holds to what an object says. Raises InvalidData."""
    return list(calendar.storage.plan(list(events), obj))


async def carry_out(
    calendar: EventCollection,
    writer: SeriesWriter,
    obj: CalendarObject,
    steps: list[Step],
    left: Callable[[Iterable[Event]], list[Step]] | None = None,
) -> None:
    """Run ``steps``, made for ``obj``; what is too long for OX is cut. ``left``: what is to be done when OX holds some
    events, if that is not to make it hold ``obj``. Raises OXError when nothing of them is there, Conflict when a part
    is."""
    before = dict(writer.events)
    files = writer.rescued = await endangered_files(calendar, before, steps)
    left, doubted = left or partial(planned, calendar, obj=obj), False
    while steps:
        step, *steps = steps
        try:
            if not await surely(calendar, writer, step, obj.uid):
                steps = _rest(step, steps, _anew(left, writer, steps))
            elif not doubted and _may_have_ended_exceptions(calendar, writer, before, step):
                doubted = True
                steps = _anew(left, writer, steps)
        except OXError as error:
            shorter = shortened(step, error) if isinstance(error, TooLong) else None
            if shorter is None:
                await take_back(calendar, writer, before, error, files)
                raise
            steps = [shorter, *steps]


def _anew(left: Callable[[Iterable[Event]], list[Step]], writer: SeriesWriter, steps: list[Step]) -> list[Step]:
    """A new plan, or the old one when none can be made for what is there now."""
    try:
        return left(writer.events.values())
    except InvalidData:
        return steps


def _may_have_ended_exceptions(
    calendar: EventCollection, writer: SeriesWriter, before: dict[str, Event], step: Step
) -> bool:
    """Whether exceptions of the series have to be looked for after a step. Not in a meeting of somebody else, of
    which the old plan knows more than a new one."""
    own = all(may_edit(event, calendar.user) for event in writer.events.values())
    series = any(event.get("rrule") for event in before.values())
    return own and series and calendar.storage.may_end_exceptions(step)


async def surely(calendar: EventCollection, writer: SeriesWriter, step: Step, uid: str) -> bool:
    """Run one step; if OX does not say what became of it, read back what there is. Whether OX said it.

    Raises OXError when the step did not happen; OutcomeUnknown as well, when nothing of the resource has changed.
    """
    stamps = writer.stamps
    try:
        await writer.run(step)
    except OutcomeUnknown:
        await look_up(calendar, writer, uid)
        if writer.stamps == stamps:
            raise
        return False
    return True


async def look_up(calendar: EventCollection, writer: SeriesWriter, uid: str) -> None:
    """Read back what OX has of the resource with this UID. Two upstream calls. Raises OXError."""
    member = (await calendar.refreshed()).index.with_uid(uid)
    writer.looked_up({} if member is None else await calendar.storage.events(member.ids))


def _rest(done: Step, rest: list[Step], anew: list[Step]) -> list[Step]:
    """What is left after a step about which OX said nothing, while something has changed. A new plan that wants the
    same again shows that it was another change; otherwise the old plan goes on, which knows more than a new one:
    what is there now may look like somebody else's meeting already."""
    return anew if any(_target(step) == _target(done) for step in anew) else rest


def _target(step: Step) -> tuple[object, ...]:
    if isinstance(step, Create):
        return (Create, step.event.get("recurrenceId"))
    event_id = getattr(step, "series_id", None) or getattr(step, "id", None)
    return (type(step), event_id, getattr(step, "recurrence_id", None))


async def take_back(
    calendar: EventCollection,
    writer: SeriesWriter,
    before: dict[str, Event],
    error: OXError | LedgerError,
    files: Mapping[int, bytes] = MappingProxyType({}),
) -> None:
    """Undo the writes so far, after ``error``, with ``files`` that they removed. Raises Conflict when that is not
    possible: OX may fail again, and an attendee cannot take back an answer to a single occurrence, which makes it an
    instance of its own."""
    if writer.stamps == {event_id: event.get("timestamp") for event_id, event in before.items()}:
        return
    calendar.tree.stale(calendar.folder.id)
    try:
        if not before:
            await writer.delete_all()
            return
        held = {one.get("managedId") for event in writer.events.values() for one in event.get("attachments") or ()}
        gone = {managed_id: data for managed_id, data in files.items() if managed_id not in held}
        former = as_object(calendar, before.values(), gone)
        for step in planned(calendar, writer.events.values(), former):
            await writer.run(step)
    except (OXError, LedgerError, InvalidData) as second:
        raise partly(error, calendar.path) from second
    if len(writer.events) != len(before):
        raise partly(error, calendar.path) from error
