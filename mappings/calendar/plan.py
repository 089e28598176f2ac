"""A PUT as the smallest ordered set of OX writes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mappings.calendar.alarms import same_alarms, would_keep_text
from mappings.calendar.attendance import answer, may_edit, organizer_revision
from mappings.calendar.compare import changes, same_dates
from mappings.calendar.desired import Override as WantedOverride
from mappings.calendar.desired import Series, desired
from mappings.calendar.effects import after_update, occurring, occurs, regular_occurrence
from mappings.calendar.identity import recurrence_instant, split_events
from mappings.calendar.moments import from_ox
from mappings.calendar.people import is_user
from mappings.calendar.read import CalendarObject
from mappings.calendar.rrule import same_rule
from mappings.calendar.steps import Attend, Create, DeleteInstance, Override, SetAlarms, Step, Update
from mappings.calendar.timezones import zone
from mappings.calendar.user import CalendarUser

Event = Mapping[str, Any]
Key = tuple[str, float]


Held = Callable[[Series, str, CalendarUser], Series]
"""What an OX of another generation holds of the events of a resource with this UID."""


def plan(
    current: Sequence[Event], obj: CalendarObject, user: CalendarUser, held: Held | None = None
) -> tuple[Step, ...]:
    """The writes that make OX hold what the object says, in an order in which every state between is a valid
    calendar; empty when it means what OX already holds.

    `current` are all OX events of the resource with all fields, none for a new resource. Users who may not edit a
    meeting change their participation, their alarms and delete occurrences for themselves; the rest of what they
    send is dropped. ``held``: for OX 7.8, what it can hold; it cannot restore deleted occurrences either, so that
    overridden instances which become regular again are made equal to regular ones. Raises InvalidCalendarData.
    """
    wanted = desired(obj, user)
    if held is not None:
        wanted = held(wanted, obj.uid, user)
    master, instances = split_events(current)
    if master is None and not instances:
        return tuple(_create(wanted, obj.uid, user))
    if master is None:
        return tuple(_detached(instances, wanted, obj, user))
    revision = organizer_revision(master, wanted.master, user) if wanted.master else None
    if wanted.master is None or not (may_edit(master, user) or revision):
        return tuple(_participate(master, instances, wanted, user))
    restores = held is None
    return tuple(_SeriesEdit(master, instances, wanted.master, wanted, user, revision or {}, restores).steps())


def _create(wanted: Series, uid: str, user: CalendarUser) -> list[Step]:
    if wanted.master is None:
        return [
            Create(_new(override.event, user) | {"uid": uid, "recurrenceId": override.recurrence_id})
            for override in wanted.overrides
        ]
    event = _new(wanted.master, user)
    if wanted.deleted:
        event["deleteExceptionDates"] = list(wanted.deleted)
    steps: list[Step] = [Create(event)]
    for override in wanted.overrides:
        repeated = {}
        if "organizer" in event:  # somebody else's: OX takes the override for a new version by the organizer
            newest = max(event.get("sequence", 0), override.event.get("sequence", 0))
            repeated = {"organizer": event["organizer"], "uid": uid, "sequence": newest}
        steps += _override("", event, override, user, repeated)
    return steps


def _new(event: Event, user: CalendarUser) -> dict[str, Any]:
    """An event as `new` takes it: OX makes the user organizer by itself, and attendee of every event."""
    new = dict(event)
    if new.get("organizer") is not None and is_user(new["organizer"], user):
        del new["organizer"]
    if "organizer" not in new and all(is_user(attendee, user) for attendee in new.get("attendees") or ()):
        new.pop("attendees", None)
    return new


def _override(series_id: str, master: Event, wanted: WantedOverride, user: CalendarUser, repeated: Event) -> list[Step]:
    """The steps that turn a regular occurrence into an instance; none when they mean the same."""
    regular = regular_occurrence(master, wanted.recurrence_id)
    fields = changes(regular, wanted.event, user)
    alarms, later = _alarms_apart(series_id, wanted.recurrence_id, regular, fields)
    if fields:
        return [Override(series_id, wanted.recurrence_id, fields | dict(repeated)), *later]
    return alarms + later


def _update(current: Event, fields: dict[str, Any], repeated: Event) -> list[Step]:
    """The steps that change the fields of an event OX holds."""
    event_id = str(current["id"])
    alarms, later = _alarms_apart(event_id, None, current, fields)
    if fields:
        return [Update(event_id, fields | dict(repeated)), *later]
    return alarms + later


def _alarms_apart(
    event_id: str, recurrence_id: str | None, current: Event, fields: dict[str, Any]
) -> tuple[list[Step], list[Step]]:
    """Alarms that change alone go their own way, out of `fields`. Those OX might take for old ones are removed first
    and set after."""
    if "alarms" not in fields:
        return [], []
    wanted, later = fields["alarms"] or [], list[Step]()
    if would_keep_text(current.get("alarms"), wanted):
        later.append(SetAlarms(event_id, recurrence_id, wanted))
        wanted = []
        fields["alarms"] = None
    if fields.keys() == {"alarms"}:
        fields.clear()
    return [SetAlarms(event_id, recurrence_id, wanted)], later


class _SeriesEdit:
    """The steps for a user who may change everything about a single event or a series.

    `repeated` is what every write of an external organizer's new version has to repeat; `restores` is whether OX can
    restore deleted occurrences.
    """

    def __init__(
        self,
        master: Event,
        instances: Sequence[Event],
        wanted_master: Event,
        wanted: Series,
        user: CalendarUser,
        repeated: Event,
        restores: bool,
    ) -> None:
        self.restores = restores
        self.master = master
        self.wanted = wanted
        self.wanted_master = wanted_master
        self.user = user
        self.repeated = repeated
        self.fields = changes(master, wanted_master, user) | self._recurrence_fields()
        self.after: dict[str, Any] = dict(master) | self.fields
        self.overrides = {recurrence_instant(override.recurrence_id): override for override in wanted.overrides}
        self.deleted = {recurrence_instant(recurrence_id) for recurrence_id in wanted.deleted}
        self.instances = self._surviving(instances)

    def steps(self) -> list[Step]:
        steps: list[Step] = []
        gone = [key for key in self.instances if key not in self.overrides and key not in self.deleted]
        # An overridden instance becomes regular again by deleting it, which excludes its date, and restoring the date.
        for key in gone if self.restores else ():
            steps.append(DeleteInstance(str(self.instances[key]["id"])))
        if self._dates_change(bool(gone) and self.restores):
            self.fields["deleteExceptionDates"] = list(self.wanted.deleted)
        counted = self._counted(self.master, self.wanted_master)
        steps += _update(self.master, self.fields, counted | dict(self.repeated))
        for key in () if self.restores else gone:
            irregular = self.instances[key]
            regular = regular_occurrence(self.after, irregular["recurrenceId"])
            steps += _update(irregular, changes(irregular, regular, self.user), self.repeated)
        for key, override in self.overrides.items():
            instance = self.instances.get(key)
            if instance is None:
                steps += _override(str(self.master["id"]), self.after, override, self.user, self.repeated)
            else:
                counted = {} if self.fields else self._counted(instance, override.event)
                fields = changes(instance, override.event, self.user)
                steps += _update(instance, fields, counted | dict(self.repeated))
        return steps

    def _counted(self, current: Event, wanted: Event) -> dict[str, Any]:
        """The client's SEQUENCE where OX would count to a lower one. An update of the master raises those of the
        instances, and OX refuses a lower one than it has then."""
        number = wanted.get("sequence", 0)
        return {"sequence": number} if number > int(current.get("sequence") or 0) else {}

    def _recurrence_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        start, floating = self.wanted_master["startDate"], zone(self.user.timezone)
        old, new = self.master.get("rrule"), self.wanted_master.get("rrule")
        if floating is None or not same_rule(old, new, from_ox(start), floating):
            fields["rrule"] = new
        dates = self.wanted_master.get("recurrenceDates")
        if not same_dates(self.master.get("recurrenceDates"), dates, start):
            fields["recurrenceDates"] = dates
        return fields

    def _surviving(self, instances: Sequence[Event]) -> dict[Key, Event]:
        """The instances there will be after the update of the master, as they will be then."""
        if not self.after.get("rrule"):
            return {}
        after = [after_update(instance, self.master, self.after, self.fields) for instance in instances]
        there = occurring(self.after, [each["recurrenceId"] for each in after])
        return {
            recurrence_instant(each["recurrenceId"], self.after["startDate"]): each
            for each, occurs_then in zip(after, there, strict=True)
            if occurs_then
        }

    def _dates_change(self, restoring: bool) -> bool:
        """Whether the list of deleted occurrences has to be written. When the series recurs otherwise than before, it
        is, so that nothing hangs on what OX makes of the old list."""
        held = self.master.get("deleteExceptionDates") or ()
        if not self.after.get("rrule"):
            return False
        if restoring or self.fields.keys() & {"startDate", "rrule", "recurrenceDates"}:
            return restoring or bool(held or self.deleted)
        return not same_dates(held, self.wanted.deleted, self.after["startDate"])


def _participate(master: Event, instances: Sequence[Event], wanted: Series, user: CalendarUser) -> list[Step]:
    """What an attendee may do to a meeting of somebody else."""
    steps: list[Step] = []
    series_id = str(master["id"])
    held = {recurrence_instant(event["recurrenceId"], master["startDate"]): event for event in instances}
    deleted = {recurrence_instant(text, master["startDate"]) for text in master.get("deleteExceptionDates") or ()}
    if wanted.master is not None:
        steps += _answer(series_id, None, master, wanted.master, user)
    for override in wanted.overrides:
        key = recurrence_instant(override.recurrence_id)
        if key in held:
            steps += _answer(str(held[key]["id"]), None, held[key], override.event, user)
        elif key not in deleted and occurs(master, override.recurrence_id):
            regular = regular_occurrence(_answered(master, wanted.master, user), override.recurrence_id)
            steps += _answer(series_id, override.recurrence_id, regular, override.event, user)
    for recurrence_id in wanted.deleted:
        key = recurrence_instant(recurrence_id)
        if key in held:
            steps.append(DeleteInstance(str(held[key]["id"])))
        elif key not in deleted and occurs(master, recurrence_id):
            steps.append(DeleteInstance(series_id, recurrence_id))
    return steps


def _answer(event_id: str, recurrence_id: str | None, current: Event, wanted: Event, user: CalendarUser) -> list[Step]:
    attendee = answer(current, wanted, user)
    changed = not same_alarms(current.get("alarms"), wanted.get("alarms"))
    fields = {"alarms": wanted.get("alarms")} if changed else {}
    alarms, later = _alarms_apart(event_id, recurrence_id, current, fields)
    if attendee is None:
        return alarms + later
    first = next((step.alarms for step in alarms if isinstance(step, SetAlarms)), None)
    return [Attend(event_id, recurrence_id, attendee, first), *later]


def _answered(master: Event, wanted: Event | None, user: CalendarUser) -> Event:
    """The master as it is after the user's answer to the whole series."""
    change = answer(master, wanted, user) if wanted is not None else None
    if change is None or wanted is None:
        return master
    attendees = [
        dict(attendee) | (change if is_user(attendee, user) else {}) for attendee in master.get("attendees") or ()
    ]
    return dict(master) | {"attendees": attendees, "alarms": wanted.get("alarms")}


def _detached(instances: Sequence[Event], wanted: Series, obj: CalendarObject, user: CalendarUser) -> list[Step]:
    """Instances without a master: each stands for itself, until the whole series is there."""
    steps: list[Step] = []
    if wanted.master is not None and obj.master is not None:
        steps += [DeleteInstance(str(event["id"])) for event in instances]  # OX allows a uid once
        return steps + _create(wanted, obj.uid, user)
    organizer = {"organizer": instances[0]["organizer"]} if instances[0].get("organizer") else {}
    held = {recurrence_instant(event["recurrenceId"]): event for event in instances}
    for override in wanted.overrides:
        event = held.pop(recurrence_instant(override.recurrence_id), None)
        if event is None:
            new = organizer | _new(override.event, user)
            steps.append(Create(new | {"uid": obj.uid, "recurrenceId": override.recurrence_id}))
            continue
        revision = organizer_revision(event, override.event, user)
        if may_edit(event, user) or revision:
            steps += _update(event, changes(event, override.event, user), revision or {})
        else:
            steps += _answer(str(event["id"]), None, event, override.event, user)
    steps += [DeleteInstance(str(event["id"])) for event in held.values()]
    return steps
