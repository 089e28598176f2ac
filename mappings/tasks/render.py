"""One OX task as iCalendar text."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mappings.calendar.attachments import attachment_lines
from mappings.calendar.moments import write_moment
from mappings.calendar.render import PRODID
from mappings.calendar.user import CalendarUser
from mappings.contentline import escape_text, fold, same_text
from mappings.legacy.rules import to_rrule
from mappings.legacy.values import number
from mappings.tasks.alarm import alarm_lines
from mappings.tasks.fields import PRIORITIES, TEXTS, categories_of, priority_of
from mappings.tasks.instants import span_of, to_moment, utc
from mappings.tasks.people import task_people_lines
from mappings.tasks.progress import DONE, SHOWN, percent_of, status_of

Task = Mapping[str, Any]

_HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n"


def render(task: Task, user: CalendarUser) -> str:
    """The VCALENDAR of a task as `tasks?action=get` with `timezone=UTC` answers it, folded, with CRLF. The same task
    gives the same octets. Files that OX keeps for it are where the caller adds them: in `attachments`, in the shape of
    module `chronos`.

    Whole days are dates, other times are in UTC. A recurring task that is done is shown without its rule: OX goes on
    with another task. Costs, durations and colours are not shown. Participants may have `mail` and
    `display_name` added by the caller, else users and groups are shown by the address of their principal.
    """
    lines = ["BEGIN:VTODO", f"UID:{escape_text(str(task.get('uid') or task.get('id') or ''))}"]
    lines += _stamp_lines(task)
    lines += _time_lines(task)
    for name, field in TEXTS.items():
        if text := same_text(task.get(field)):
            lines.append(f"{name}:{escape_text(text)}")
    lines += _detail_lines(task)
    lines += attachment_lines(task)
    lines += task_people_lines(task, user)
    alarm = number(task.get("alarm"))
    if alarm is not None:
        lines += alarm_lines(alarm)
    lines.append("END:VTODO\r\nEND:VCALENDAR\r\n")
    return _HEAD + "\r\n".join(map(fold, lines))


def rule_of(task: Task) -> str | None:
    """The RRULE value a task is shown with; None when it is done."""
    if status_of(task) == DONE:
        return None
    rule, full_time = to_rrule(task), span_of(task)[0]
    if rule is None or full_time:
        return rule
    head, until, day = rule.partition(";UNTIL=")
    return f"{head}{until}{day}T235959Z" if until else rule


def _stamp_lines(task: Task) -> Iterator[str]:
    modified = utc(number(task.get("last_modified_utc")) or number(task.get("last_modified")) or 0) or utc(0)
    yield f"DTSTAMP:{modified}"
    created = utc(number(task.get("creation_date")) or 0)
    if created is not None and task.get("creation_date") is not None:
        yield f"CREATED:{created}"
    yield f"LAST-MODIFIED:{modified}"


def _time_lines(task: Task) -> Iterator[str]:
    full_time, start, end = span_of(task)
    for name, value in (("DTSTART", start), ("DUE", end)):
        moment = None if value is None else to_moment(value, full_time)
        if moment is not None:
            kind = "" if isinstance(moment, datetime) else ";VALUE=DATE"
            yield f"{name}{kind}:{write_moment(moment)}"
    rule = rule_of(task)
    if rule is not None and (start is not None or end is not None):
        yield f"RRULE:{rule}"


def _detail_lines(task: Task) -> Iterator[str]:
    priority, status, percent = priority_of(task.get("priority")), status_of(task), percent_of(task)
    if priority is not None:
        yield f"PRIORITY:{PRIORITIES[priority]}"
    if status is not None:
        yield f"STATUS:{SHOWN[status]}"
    if percent is not None:
        yield f"PERCENT-COMPLETE:{percent}"
    completed = number(task.get("date_completed"))
    if completed is not None and status == DONE and (at := utc(completed)):
        yield f"COMPLETED:{at}"
    if task.get("private_flag") is True:
        yield "CLASS:PRIVATE"
    if categories := categories_of(task.get("categories")):
        yield "CATEGORIES:" + ",".join(map(escape_text, categories))
