"""Tasks as iCalendar, for `export?action=ICAL` of a task list or of single tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from middleware.content_lines import escaped, line
from middleware.tasks import storage
from middleware.tasks.access import TaskList, identifier, readable
from middleware.tasks.model import ParticipantType, Seen, Status, Task
from middleware.tasks.recurrence import Type

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from middleware.context import Context

_FRAME: Final = (
    ("BEGIN", "VCALENDAR"),
    ("PRODID", "Open-Xchange"),
    ("VERSION", "2.0"),
    ("CALSCALE", "GREGORIAN"),
    ("METHOD", "PUBLISH"),
)
_STATUS: Final[Mapping[int, str]] = {
    Status.NOT_STARTED: "NEEDS-ACTION",
    Status.IN_PROGRESS: "IN-PROCESS",
    Status.DONE: "COMPLETED",
    Status.WAITING: "CANCELLED",
    Status.DEFERRED: "CANCELLED",
}
_PRIORITY: Final[Mapping[int, str]] = {1: "9", 2: "5", 3: "1"}
_PARTSTAT: Final[Mapping[int, str]] = {0: "NEEDS-ACTION", 1: "ACCEPTED", 2: "DECLINED", 3: "TENTATIVE"}
_FREQUENCY: Final[Mapping[int, str]] = {one: one.name for one in Type if one is not Type.NONE}
_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST_WEEK: Final = 5


def all_of(connection: Connection, tasks: TaskList) -> list[Seen]:
    """The tasks of a list that its user may read."""
    return tasks.visible(storage.modified_since(connection, tasks.id, tasks.user))


def one_of(connection: Connection, tasks: TaskList, task: str) -> Seen:
    """One task of a list; TSK-0046 and TSK-0048 when there is none."""
    return readable(connection, tasks, identifier(task))


def tasks_text(ox: Context, found: Iterable[Seen]) -> str:
    """An iCalendar text with one VTODO for each task. As on the real server times are UTC, and series have no COUNT."""
    lines = [line(*one) for one in _FRAME]
    for seen in found:
        lines += [line("BEGIN", "VTODO"), *_lines(ox, seen), line("END", "VTODO")]
    return "".join([*lines, line("END", "VCALENDAR")])


def _lines(ox: Context, seen: Seen) -> Iterator[str]:
    task, fields = seen.task, seen.task.fields
    yield line("DTSTAMP", _instant(ox.clock.now()))
    yield from _texts(fields, SUMMARY="title", DESCRIPTION="note")
    yield from _instants(fields, DTSTART="start_time", DUE="end_time")
    yield line("CLASS", "PRIVATE" if task.private else "PUBLIC")
    yield from _instants(fields, COMPLETED="date_completed")
    yield from _attendees(ox, task)
    if fields.get("categories"):
        yield line("CATEGORIES", ",".join(escaped(one.strip()) for one in fields["categories"].split(",")))
    if task.recurring:
        yield line("RRULE", _rule(fields))
    if fields.get("status") in _STATUS:
        yield line("STATUS", _STATUS[fields["status"]])
    if "percent_completed" in fields:
        yield line("PERCENT-COMPLETE", str(fields["percent_completed"]))
    if "priority" in fields:
        yield line("PRIORITY", _PRIORITY[fields["priority"]])
    yield line("UID", escaped(task.uid))
    yield line("CREATED", _instant(task.created))
    yield line("LAST-MODIFIED", _instant(task.modified))
    if seen.alarm is not None:
        yield from _alarm(seen.alarm, fields.get("title") or "Reminder")


def _texts(fields: Mapping[str, Any], **names: str) -> Iterator[str]:
    return (line(of, escaped(fields[name])) for of, name in names.items() if fields.get(name))


def _instants(fields: Mapping[str, Any], **names: str) -> Iterator[str]:
    return (line(of, _instant(fields[name])) for of, name in names.items() if name in fields)


def _attendees(ox: Context, task: Task) -> Iterator[str]:
    for number, answer in task.users.items():
        user = ox.users.find(number)
        if user is not None:
            status = _PARTSTAT.get(answer.status, "NEEDS-ACTION")
            known = {"ROLE": "REQ-PARTICIPANT", "CUTYPE": "INDIVIDUAL", "CN": user.display_name, "PARTSTAT": status}
            yield line("ATTENDEE", f"mailto:{user.email}", {name: (value,) for name, value in known.items()})
    for one in task.participants:
        if one.type is ParticipantType.EXTERNAL:
            asked = {"CUTYPE": "INDIVIDUAL", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"}
            yield line("ATTENDEE", f"mailto:{one.mail}", {name: (value,) for name, value in asked.items()})


def _rule(fields: Mapping[str, Any]) -> str:
    kind = fields["recurrence_type"]
    parts = {"FREQ": _FREQUENCY[kind], "INTERVAL": str(fields.get("interval") or 1)}
    days, day = fields.get("days"), fields.get("day_in_month")
    if kind == Type.YEARLY:
        parts["BYMONTH"] = str(fields["month"] + 1)
    if days is not None and kind != Type.DAILY:
        parts["BYDAY"] = ",".join(name for bit, name in enumerate(_WEEKDAYS) if days >> bit & 1)
    if kind in (Type.MONTHLY, Type.YEARLY):
        parts |= {"BYMONTHDAY": str(day)} if days is None else {"BYSETPOS": "-1" if day == _LAST_WEEK else str(day)}
    if "until" in fields:
        parts["UNTIL"] = _instant(fields["until"])
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _alarm(instant: int, text: str) -> Iterator[str]:
    yield line("BEGIN", "VALARM")
    yield line("TRIGGER", _instant(instant), {"VALUE": ("DATE-TIME",)})
    yield line("ACTION", "DISPLAY")
    yield line("DESCRIPTION", escaped(text))
    yield line("END", "VALARM")


def _instant(stamp: int) -> str:
    moment = datetime.fromtimestamp(stamp / 1000, UTC)
    return f"{moment.year:04}{moment:%m%dT%H%M%SZ}"
