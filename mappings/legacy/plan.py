"""A PUT as writes that OX 7.8 has: the plan for what it can hold, said otherwise where it knows no such write.

It deletes occurrences one by one and never gives one back: to restore one, the series becomes a single event for a
moment and is then rolled out anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mappings.calendar import plan as newer
from mappings.calendar.attendance import may_edit
from mappings.calendar.desired import Series
from mappings.calendar.effects import after_update, occurs
from mappings.calendar.identity import recurrence_instant, split_events
from mappings.calendar.people import is_scheduled
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Attend, Create, DeleteInstance, Override, SetAlarms, Step, Update
from mappings.calendar.user import CalendarUser
from mappings.legacy.files import files_apart
from mappings.legacy.holdable import holdable, holdable_series

Event = Mapping[str, Any]

DELETED = "deleteExceptionDates"
_OF_SERIES = ("rrule", "seriesId", DELETED, "changeExceptionDates")


def plan(current: Sequence[Event], obj: CalendarObject, user: CalendarUser) -> list[Step]:
    """As `mappings.calendar.plan.plan`. An Update with `deleteExceptionDates` has no other field; an Attend sets no
    alarms and no transparency; files have steps of their own. Raises InvalidData, also for what OX 7.8 cannot do."""
    return list(files_apart(_plan(current, obj, user), current))


def _plan(current: Sequence[Event], obj: CalendarObject, user: CalendarUser) -> list[Step]:
    master, instances = split_events(current)
    detached = master is None and bool(instances)
    steps = newer.plan(current, obj, user, _held_instances if detached else holdable_series)
    if master is not None and may_edit(master, user):
        if any(_recurs_otherwise(step, master) for step in steps):
            return _rolled_out_anew(master, obj, user)
        meeting = any(is_scheduled(event, user) for event in (master, *instances))
        if not meeting and any(_restores(step, master) for step in steps):
            return _rolled_out_anew(master, obj, user)
        # In a meeting everybody would be asked to answer anew: a restored occurrence is left to the residue.
        steps = tuple(step for step in steps if not _is_about_deleted(step, master))
    return list(_spelled(steps, master, instances))


def _held_instances(series: Series, uid: str, user: CalendarUser) -> Series:
    """As `holdable_series`, beside instances without a master, which OX made by itself."""
    if series.master is not None:
        return holdable_series(series, uid, user)
    return Series(None, tuple(replace(each, event=holdable(each.event, user)) for each in series.overrides))


def _spelled(steps: Iterable[Step], master: Event | None, instances: Sequence[Event]) -> Iterator[Step]:
    for step in steps:
        match step:
            case Create(event) if DELETED in event:
                yield Create(_without_dates(event))
                yield Update("", {DELETED: event[DELETED]})
            case Update(event_id, fields) if DELETED in fields:
                if rest := _without_dates(fields):
                    yield Update(event_id, rest)
                yield from _deletions(event_id, fields[DELETED] or (), {**(master or {}), **rest}, master, instances)
            case Attend(event_id, recurrence_id, attendee, alarms):
                answer = {name: value for name, value in attendee.items() if name != "transp"}
                if answer.keys() & {"partStat", "comment"}:
                    yield Attend(event_id, recurrence_id, answer)
                if alarms is not None:
                    yield SetAlarms(event_id, recurrence_id, alarms)
            case _:
                yield step


def _deletions(
    series_id: str, recurrence_ids: Sequence[str], after: Event, master: Event | None, instances: Sequence[Event]
) -> Iterator[Step]:
    """Of regular occurrences together, of overridden ones one by one; ``after``: the series as it is by then."""
    overridden = {}
    for instance in instances:
        will_be = after_update(instance, master or after, after, after)
        overridden[recurrence_instant(will_be["recurrenceId"], after["startDate"])] = str(instance["id"])
    regular = []
    for recurrence_id in recurrence_ids:
        instance_id = overridden.get(recurrence_instant(recurrence_id, after["startDate"]))
        if instance_id is None:
            regular.append(recurrence_id)
        else:
            yield DeleteInstance(instance_id)
    if regular:
        yield Update(series_id, {DELETED: regular})


def _without_dates(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != DELETED}


def _restores(step: Step, master: Event) -> bool:
    """Whether a step gives back an occurrence that is deleted and still would take place."""
    if not isinstance(step, Update) or step.fields.get(DELETED) is None:
        return False
    after = {**master, **step.fields}
    if not master.get("rrule") or not after.get("rrule"):
        return False
    start = after["startDate"]
    there = {recurrence_instant(each, start) for each in after[DELETED]}
    return any(
        recurrence_instant(each, start) not in there and occurs(after, each) for each in master.get(DELETED) or ()
    )


def _is_about_deleted(step: Step, master: Event) -> bool:
    """Whether a step makes an instance of an occurrence that is deleted."""
    if not isinstance(step, Override):
        return False
    start = master["startDate"]
    deleted = {recurrence_instant(each, start) for each in master.get(DELETED) or ()}
    return recurrence_instant(step.recurrence_id, start) in deleted


def _recurs_otherwise(step: Step, master: Event) -> bool:
    """Whether a series with deleted occurrences gets other times or another rule: what OX makes of the deletions then
    could not be mended. Everybody is asked to answer anew in any case."""
    if not isinstance(step, Update) or step.id != str(master["id"]) or not master.get(DELETED):
        return False
    return bool(step.fields.keys() & {"startDate", "rrule"}) and bool({**master, **step.fields}.get("rrule"))


def _rolled_out_anew(master: Event, obj: CalendarObject, user: CalendarUser) -> list[Step]:
    single = {name: value for name, value in master.items() if name not in _OF_SERIES}
    return [Update(str(master["id"]), {"rrule": None}), *_plan([single], obj, user)]
