"""A PUT as writes that OX 7.8 has: the plan for OX 8, with what 7.8 cannot hold left out of it, and said otherwise
where 7.8 knows no such write.

It deletes occurrences one by one and never gives one back. So an overridden instance that is to be regular again stays
an instance and says what a regular one says; and to restore a deleted occurrence the series becomes a single event for
a moment and is then rolled out anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mappings.calendar import plan as newer
from mappings.calendar.compare import changes
from mappings.calendar.desired import Override, Series, desired
from mappings.calendar.effects import after_update, occurs, regular_occurrence
from mappings.calendar.identity import recurrence_instant, split_events
from mappings.calendar.people import is_scheduled
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Attend, Create, DeleteInstance, SetAlarms, Step, Update
from mappings.calendar.user import CalendarUser
from mappings.errors import InvalidCalendarData
from mappings.legacy.holdable import holdable

Event = Mapping[str, Any]

DELETED = "deleteExceptionDates"
_OF_SERIES = ("rrule", "seriesId", DELETED, "changeExceptionDates")


def wanted(obj: CalendarObject, user: CalendarUser) -> Series:
    """What OX 7.8 should hold of an object. Single instances without a master become one single event, because an
    instance cannot be made without its series. Raises InvalidData."""
    series = desired(obj, user)
    if series.master is None:
        return Series(holdable({**series.overrides[0].event, "uid": obj.uid}, user))
    master = holdable(series.master, user)
    if not master.get("rrule"):
        return Series(master)
    return Series(master, _held(series.overrides, master, user), _occurring(series.deleted, master))


def plan(current: Sequence[Event], obj: CalendarObject, user: CalendarUser) -> list[Step]:
    """As ``mappings.calendar.plan.plan``; an Update with ``deleteExceptionDates`` has no other field, and only adds to
    them. Raises InvalidData, also for what 7.8 cannot do."""
    master, instances = split_events(current)
    if master is None and instances:
        detached = desired(obj, user)
        if detached.master is None:
            overrides = tuple(replace(each, event=holdable(each.event, user)) for each in detached.overrides)
            return list(_spelled(newer.plan(current, obj, user, Series(None, overrides))))
    series = wanted(obj, user)
    steps = newer.plan(current, obj, user, series)
    if master is None or series.master is None or not any(map(_is_edit, steps)):
        return list(_spelled(steps))
    after = {**master, **series.master}
    if _restored(master, series, after):
        return _rolled_out_anew(master, instances, obj, user)
    return _edited(steps, master, instances, series, after, user)


def _held(overrides: Iterable[Override], master: Event, user: CalendarUser) -> tuple[Override, ...]:
    return tuple(
        replace(each, event=holdable(each.event, user)) for each in overrides if occurs(master, each.recurrence_id)
    )


def _occurring(recurrence_ids: Iterable[str], master: Event) -> tuple[str, ...]:
    return tuple(each for each in recurrence_ids if occurs(master, each))


def _is_edit(step: Step) -> bool:
    """Whether only who may change the whole event takes this step."""
    return isinstance(step, Update | DeleteInstance)


# -- the same in writes of 7.8 ---------------------------------------------------------------------------------------


def _spelled(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        match step:
            case Create(event) if event.get(DELETED):
                yield Create(_without_dates(event))
                yield Update("", {DELETED: event[DELETED]})
            case Update(event_id, fields) if DELETED in fields:
                if rest := _without_dates(fields):
                    yield Update(event_id, rest)
                if fields[DELETED]:
                    yield Update(event_id, {DELETED: fields[DELETED]})
            case Attend(event_id, recurrence_id, attendee, alarms):
                answer = {name: value for name, value in attendee.items() if name != "transp"}
                if answer.keys() & {"partStat", "comment"}:
                    yield Attend(event_id, recurrence_id, answer)
                if alarms is not None:
                    yield SetAlarms(event_id, recurrence_id, alarms)
            case _:
                yield step


def _without_dates(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != DELETED}


def _edited(
    steps: Iterable[Step],
    master: Event,
    instances: Sequence[Event],
    series: Series,
    after: Event,
    user: CalendarUser,
) -> list[Step]:
    """The steps, without deletions of instances that are to be regular again: these get what a regular one has."""
    deleted = {recurrence_instant(each, after["startDate"]) for each in series.deleted}
    by_id = {str(event["id"]): event for event in instances}
    regular: list[Step] = []
    kept: list[Step] = []
    for step in steps:
        instance = by_id.get(step.id) if isinstance(step, DeleteInstance) else None
        if instance is None or recurrence_instant(instance["recurrenceId"], master["startDate"]) in deleted:
            kept.append(step)
            continue
        will_be = after_update(instance, master, after, dict(series.master or {}))
        fields = changes(will_be, regular_occurrence(after, will_be["recurrenceId"]), user)
        if fields:
            regular.append(Update(str(instance["id"]), fields))
    return [*_spelled(kept), *regular]


# -- deleted occurrences that are wanted back ------------------------------------------------------------------------


def _restored(master: Event, series: Series, after: Event) -> bool:
    if not master.get("rrule") or not after.get("rrule") or series.master is None or not series.master.get("rrule"):
        return False
    start = after["startDate"]
    there = {recurrence_instant(each, start) for each in series.deleted}
    return any(
        recurrence_instant(each, start) not in there and occurs(after, each) for each in master.get(DELETED) or ()
    )


def _rolled_out_anew(
    master: Event, instances: Sequence[Event], obj: CalendarObject, user: CalendarUser
) -> list[Step]:
    if any(is_scheduled(event, user) for event in (master, *instances)):
        raise InvalidCalendarData("this OX cannot restore a deleted occurrence of a meeting")
    single = {name: value for name, value in master.items() if name not in _OF_SERIES}
    return [Update(str(master["id"]), {"rrule": None}), *plan([single], obj, user)]
