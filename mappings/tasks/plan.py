"""A PUT of a VTODO as the write it takes in OX."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from mappings.calendar.attachments import Attachment, attachments_field, files_in, same_attachments
from mappings.calendar.families import STATUS, TIME, families, meaning
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.rules import parse_rule
from mappings.calendar.timezones import zone
from mappings.calendar.user import CalendarUser
from mappings.calendar.zones import Zones
from mappings.contentline import Component, same_text
from mappings.errors import UnsupportedCalendarComponent
from mappings.legacy.rules import RULE_FIELDS, to_rrule
from mappings.legacy.values import number
from mappings.tasks import progress
from mappings.tasks.alarm import to_alarm
from mappings.tasks.fields import TEXTS, categories_of, is_private, priority_of, to_categories, to_priority, to_text
from mappings.tasks.instants import Span, span_of, to_span
from mappings.tasks.people import Confirmation, changed_answer, wanted_participants
from mappings.tasks.progress import DONE, Progress, progress_of, status_of
from mappings.tasks.render import render
from mappings.tasks.series import Current
from mappings.tasks.series import current as current_occurrence

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What a PUT changes: `fields` for `tasks?action=update` (None clears; empty for no update), the user's own answer
    for `tasks?action=confirm` (None for none), and all files that the task should have (None for those it has). The
    order does not matter."""

    fields: dict[str, Any]
    confirmation: Confirmation | None = None
    files: list[Attachment] | None = None

    def __bool__(self) -> bool:
        return self.of_task or self.files is not None

    @property
    def of_task(self) -> bool:
        """Whether something else than files changes."""
        return bool(self.fields) or self.confirmation is not None


class _Wanted:
    """What a client says, in the fields of OX."""

    def __init__(self, obj: CalendarObject, user: CalendarUser) -> None:
        if obj.component != "VTODO":
            raise UnsupportedCalendarComponent("not a task")
        self.zones = Zones(obj.tree, zone(user.timezone) or UTC)
        self.current: Current = current_occurrence(obj, self.zones)
        self.component = self.current.component
        self.master = obj.master or self.component
        self.progress = self._progress()
        self.alarm = to_alarm(self.component, self.current.start, self.current.due, self.zones)

    def _progress(self) -> Progress:
        whole = progress_of(self.master, self.zones)
        if whole.done:
            return whole
        if self.current.over:
            return Progress("COMPLETED", None, None)
        return progress_of(self.component, self.zones)

    def span(self) -> Span:
        """OX refuses to repeat what has no start or no end."""
        start, due = self.current.start, self.current.due
        if self.current.rule is not None:
            start, due = (due if start is None else start), (start if due is None else due)
        return to_span(start, due, self.zones.fallback)


def create(obj: CalendarObject, user: CalendarUser) -> dict[str, Any]:
    """The body of `tasks?action=new`, without folder and uid. Raises InvalidData."""
    wanted = _Wanted(obj, user)
    fields: dict[str, Any] = {field: to_text(wanted.component, name) for name, field in TEXTS.items()}
    full_time, start, end = wanted.span()
    if start is not None or end is not None:
        fields |= {"full_time": full_time, "start_time": start, "end_time": end}
    fields |= progress.created(wanted.progress)
    fields["priority"] = to_priority(wanted.component)
    fields["private_flag"] = is_private(wanted.component) or None
    fields["categories"] = ",".join(to_categories(wanted.component)) or None
    fields["alarm"] = wanted.alarm
    fields["participants"] = wanted_participants(wanted.component, {"created_by": user.user_id}, user)
    if not wanted.progress.done:
        fields |= wanted.current.rule or {}
    return {name: value for name, value in fields.items() if value is not None}


def changes(current: Task, obj: CalendarObject, user: CalendarUser) -> TaskChange:
    """What makes OX's task mean what the object says; empty when it does already. Raises InvalidData.

    `current` is the task with all fields. Families of properties that say what OX shows are not looked at, so that
    nothing OX holds is rounded.
    """
    wanted = _Wanted(obj, user)
    shown = read(render(current, user).encode())
    fields: dict[str, Any] = {}
    for name, field in TEXTS.items():
        text = to_text(wanted.component, name)
        if text != same_text(current.get(field)):
            fields[field] = text
    differs = _Comparison(wanted.component, wanted.zones, shown)
    if obj.overrides or differs.in_family(TIME):
        fields |= _times(current, wanted.span())
    if obj.overrides or differs.in_family(STATUS):
        fields |= progress.changed(current, wanted.progress)
    if obj.overrides or differs.in_family(TIME) or "status" in fields:
        fields |= _recurrence(current, wanted, bool(obj.overrides))
    if to_priority(wanted.component) != priority_of(current.get("priority")):
        fields["priority"] = to_priority(wanted.component)
    if is_private(wanted.component) != (current.get("private_flag") is True):
        fields["private_flag"] = is_private(wanted.component)
    categories = to_categories(wanted.component)
    if set(categories) != set(categories_of(current.get("categories"))):
        fields["categories"] = ",".join(categories) or None
    if differs.in_family("VALARM") and wanted.alarm != _whole_seconds(current.get("alarm")):
        fields["alarm"] = wanted.alarm
    participants = wanted_participants(wanted.component, current, user)
    if participants is not None:
        fields["participants"] = participants
    return TaskChange(fields, changed_answer(wanted.component, current, user), _files(current, wanted.master))


def wanted_files(obj: CalendarObject, user: CalendarUser) -> list[Attachment]:
    """The files that a new task should have. Raises InvalidData."""
    return list(files_in(_Wanted(obj, user).master))


def _files(current: Task, master: Component) -> list[Attachment] | None:
    """Those of the series, whichever occurrence OX has: what occurrences say of files is residue."""
    held = current.get("attachments") or ()
    wanted = files_in(master)
    return None if same_attachments(held, wanted) else attachments_field(held, wanted) or []


class _Comparison:
    """What a client says beside what it was shown."""

    def __init__(self, component: Component, zones: Zones, shown: CalendarObject) -> None:
        self._ours = (component, zones)
        self._shown = (shown.master or component, Zones(shown.tree))

    def in_family(self, family: str) -> bool:
        one, other = (
            meaning(family, families(component).get(family), component, zones)
            for component, zones in (self._ours, self._shown)
        )
        return one != other


def _times(current: Task, wanted: Span) -> dict[str, Any]:
    """`full_time` goes along always, as OX reads the times by it."""
    held = span_of(current)
    changed = {
        name: value
        for name, value, before in zip(("start_time", "end_time"), wanted[1:], held[1:], strict=True)
        if value != before or (value is not None and wanted[0] != held[0])
    }
    return {"full_time": wanted[0]} | changed if changed else {}


def _recurrence(current: Task, wanted: _Wanted, by_occurrence: bool) -> dict[str, Any]:
    """The fields of the rule, as one set.

    OX makes the next task of a recurring one that becomes done. It is let to, when the client completes a task and
    leaves the rule in it; not when the rule goes at the same time (the client has made the next one), nor when the
    client completes occurrence by occurrence.
    """
    held, rule = number(current.get("recurrence_type")) or 0, wanted.current.rule
    was_done = status_of(current) == DONE
    if wanted.progress.done and (was_done or not held):
        return {}
    if rule is None or (wanted.progress.done and by_occurrence):
        return {"recurrence_type": 0} if held else {}
    before, after = to_rrule(current), to_rrule(rule)
    if not was_done and before and after and parse_rule(before) == parse_rule(after):
        return {}
    cleared = {name: None for name in RULE_FIELDS if current.get(name) and name not in rule}
    return cleared | rule


def _whole_seconds(value: Any) -> int | None:
    milliseconds = number(value)
    return None if milliseconds is None else milliseconds // 1000 * 1000
