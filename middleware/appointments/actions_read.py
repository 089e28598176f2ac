"""Reading appointments: all, list, get, getChangeExceptions, search, newappointments, has, resolveuid."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from middleware.appointments.columns import fields_of, requested_columns, row
from middleware.appointments.errors import not_found
from middleware.appointments.folders import readable_calendar, series_of
from middleware.appointments.incoming import whole_number
from middleware.appointments.parameters import in_order, limited, requested_range
from middleware.appointments.positions import at_date_position, at_position
from middleware.appointments.registration import action
from middleware.appointments.times import start_of_day
from middleware.appointments.view import Appointments, newest
from middleware.call import Call
from middleware.chronos.access import Calendar, visible_calendars
from middleware.chronos.actions_read import own_calendars
from middleware.chronos.dates import DAY_MS
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.finding import Occurrence, event_number, resolve
from middleware.chronos.listing import in_folder, of_user, readable, takes_place
from middleware.chronos.parameters import Range, all_time
from middleware.envelope import Result
from middleware.errors import illegal_body, missing_parameter
from middleware.generation import Generation

if TYPE_CHECKING:
    from middleware.context import Context

# Of what `search` reads. The occurrence is called `pos` in the older texts.
_POSITIONS: Final = ("recurrence_position", "pos")
_LONGEST_SPAN_IN_DAYS: Final = 3660


@action("all", "GET", repeatable=True)
def all_appointments(call: Call, ox: Context) -> Result:
    """The appointments of a folder, or of all calendars of the user, in a range of time."""
    columns, span = requested_columns(call), requested_range(call)
    with ox.store.reading() as connection:
        found = list(_in_range(call, ox, connection, span))
        listed: list[JSON] = []
        for calendar, events in found:
            view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
            listed.extend(listing(call, view, events, span))
    stamp = max((newest(events) for _, events in found), default=0)
    ordered = in_order(call, listed, by_start=ox.settings.generation is Generation.SEVEN)
    return Result([row(one, columns) for one in limited(call, ordered)], stamp)


def _in_range(call: Call, ox: Context, connection: Connection, span: Range) -> Iterator[tuple[Calendar, list[Event]]]:
    if call.text("folder") in ("", "0"):
        yield from own_calendars(ox, connection, call.user, of_user(connection, call.user, span))
        return
    calendar = readable_calendar(ox, call.user, call.require("folder"))
    yield calendar, readable(calendar, in_folder(connection, calendar, span))


def listing(call: Call, view: Appointments, found: list[Event], span: Range) -> list[JSON]:
    """Appointments as a list shows them: series once with `recurrence_master`, else as their occurrences."""
    return view.all(found) if call.flag("recurrence_master") else list(view.expanded(found, span))


@action("get", "GET", repeatable=True)
def get_appointment(call: Call, ox: Context) -> Result:
    """One appointment; with `recurrence_position` an occurrence of it."""
    text, folder = call.require("id"), call.require("folder")
    position = call.integer("recurrence_position", 0)
    with ox.store.reading() as connection:
        calendar = readable_calendar(ox, call.user, folder)
        store = Events(connection)
        recurrence_id = at_position(series_of(store, calendar, text), position) if position > 0 else None
        found = resolve(store, calendar, text, recurrence_id)
        view = Appointments(ox, connection, calendar, call.timezone())
        return Result(_one(view, found), _stored(found).stamp)


def _stored(found: Event | Occurrence) -> Event:
    return found if isinstance(found, Event) else found.master


def _one(view: Appointments, found: Event | Occurrence) -> JSON:
    view.prepare([_stored(found)])
    return view.event(found) if isinstance(found, Event) else view.occurrence(found)


@action("list", "PUT", repeatable=True)
def list_appointments(call: Call, ox: Context) -> Result:
    """Appointments and occurrences by folder and id, in the order asked for; unknown ids are passed over."""
    columns = requested_columns(call)
    asked = call.array()
    rows: list[list[Any]] = []
    stamp = 0
    with ox.store.reading() as connection:
        store = Events(connection)
        views: dict[str, tuple[Calendar, Appointments]] = {}
        for one in asked:
            folder, text = identified(one)
            if folder not in views:
                calendar = readable_calendar(ox, call.user, folder)
                views[folder] = calendar, Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
            calendar, view = views[folder]
            if store.find(event_number(text)) is None:
                continue
            found = resolve(store, calendar, text, named_occurrence(store, calendar, one))
            stamp = max(stamp, _stored(found).stamp)
            rows.append(row(_one(view, found), columns))
    return Result(rows, stamp)


def identified(one: Any) -> tuple[str, str]:
    """Folder and id of an object in a body; SVL-0031 for something else, SVL-0002 when one is missing."""
    if not isinstance(one, dict):
        raise illegal_body()
    folder = one.get("folder", one.get("folder_id"))
    if folder is None:
        raise missing_parameter("folder")
    if one.get("id") is None:
        raise missing_parameter("id")
    return str(folder), str(one["id"])


def named_occurrence(store: Events, calendar: Calendar, sent: JSON, text: str | None = None) -> str | None:
    """The recurrence id of the occurrence that an object in a body names, None when it names none.

    `text` is the id of the appointment when it does not stand in the object.
    """
    text = str(sent["id"]) if text is None else text
    for name in _POSITIONS:
        position = whole_number(name, sent.get(name) or 0)
        if position > 0:
            return at_position(series_of(store, calendar, text), position)
    date = sent.get("recurrence_date_position")
    if date is None:
        return None
    return at_date_position(series_of(store, calendar, text), whole_number("recurrence_date_position", date))


@action("getChangeExceptions", "GET", repeatable=True)
def change_exceptions(call: Call, ox: Context) -> Result:
    """The changed occurrences of a series that are in the folder."""
    text, folder, columns = call.require("id"), call.require("folder"), requested_columns(call)
    with ox.store.reading() as connection:
        calendar = readable_calendar(ox, call.user, folder)
        store = Events(connection)
        master = resolve(store, calendar, text, None)
        instances = [one for one in store.instances(_stored(master).id) if store.is_in(one.id, calendar.id)]
        found = readable(calendar, instances)
        view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
        return Result([row(one, columns) for one in view.all(found)], newest(found))


@action("search", "PUT", repeatable=True)
def search(call: Call, ox: Context) -> Result:
    """Appointments by a pattern for the title (`*`, `?`), or by its first letter; in a folder or all visible ones."""
    columns, body = requested_columns(call), call.object()
    matches = _title_matcher(body)
    folder = body.get("folder", call.params.get("folder"))
    rows: list[list[Any]] = []
    stamp = 0
    with ox.store.reading() as connection:
        readable_ones = (
            visible_calendars(ox, call.user) if folder is None else [readable_calendar(ox, call.user, str(folder))]
        )
        for calendar in readable_ones:
            inside = readable(calendar, in_folder(connection, calendar, all_time(call.timezone())))
            view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns) | {"summary"})
            found = [(event, one) for event, one in zip(inside, view.all(inside), strict=True) if matches(one)]
            stamp = max(stamp, newest(event for event, _ in found))
            rows.extend(row(one, columns) for _, one in found)
    return Result(rows, stamp)


def _title_matcher(body: JSON) -> Callable[[JSON], bool]:
    letter, pattern = body.get("startletter"), body.get("pattern")
    if not isinstance(letter if letter is not None else pattern, str):
        raise missing_parameter("pattern")
    text = f"{letter}*" if letter is not None else str(pattern)
    if not re.search(r"[*?]", text):
        text = f"*{text}*"
    compiled = re.compile(fnmatch.translate(text.lower().replace("[", "[[]")), re.DOTALL)
    return lambda one: compiled.match(str(one.get("title", "")).lower()) is not None


@action("newappointments", "GET")
def upcoming(call: Call, ox: Context) -> Result:
    """The next appointments of the user in a range, at most `limit`."""
    columns, span = requested_columns(call), requested_range(call)
    call.require("limit")
    limit = max(call.integer("limit"), 0)
    listed: list[JSON] = []
    with ox.store.reading() as connection:
        events = of_user(connection, call.user, span)
        for calendar, held in own_calendars(ox, connection, call.user, events):
            view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
            listed.extend(view.expanded(held, span))
    ordered = in_order(call, listed, by_start=True)
    return Result([row(one, columns) for one in ordered[:limit]], newest(events))


@action("has", "GET")
def has(call: Call, ox: Context) -> Result:
    """For every day of the range whether the user has an appointment then; the first is the day of the start."""
    span = requested_range(call)
    days = min(max((span.end - span.begin) // DAY_MS, 0), _LONGEST_SPAN_IN_DAYS)
    first = start_of_day(span.begin)
    with ox.store.reading() as connection:
        events = of_user(connection, call.user, Range(first, first + days * DAY_MS, span.zone))
    ranges = [Range(first + day * DAY_MS, first + (day + 1) * DAY_MS, span.zone) for day in range(days)]
    return Result([any(takes_place(event, one) for event in events) for one in ranges])


@action("resolveuid", "GET", repeatable=True)
def resolve_uid(call: Call, ox: Context) -> Result:
    """The id of the appointment or series that the user has under a uid; OX-0001 without one."""
    uid = call.require("uid")
    with ox.store.reading() as connection:
        found = [event for event in Events(connection).with_uid(uid, call.user) if not event.is_instance]
    if not found:
        raise not_found("")
    return Result({"id": found[0].text_id if ox.settings.generation is Generation.EIGHT else found[0].id})
