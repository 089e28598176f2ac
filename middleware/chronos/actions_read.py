"""Reading events: all, list, get, resolve, getRecurrence, needsAction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from middleware.birthdays.account import birthdays_folder
from middleware.call import Call
from middleware.chronos import errors
from middleware.chronos.access import (
    Calendar,
    calendar_of,
    open_readable,
    visible_calendars,
)
from middleware.chronos.birthdays import birthdays_in, find_birthday
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.fields import only, requested_fields, requested_order
from middleware.chronos.finding import Occurrence, event_number, find_readable, require_readable, resolve
from middleware.chronos.listing import expanded, in_folder, of_user, readable
from middleware.chronos.parameters import Range, requested_range
from middleware.chronos.registration import module
from middleware.chronos.view import View
from middleware.envelope import ABSENT, Result, error_members
from middleware.errors import OXError, illegal_body, missing_parameter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from middleware.context import Context


def view_for(call: Call, ox: Context, connection: Connection, calendar: Calendar, *, sorting: bool = False) -> View:
    """The view of a reading call; with `sorting` all fields, to be reduced after the sort."""
    fields = None if sorting else requested_fields(call)
    return View(ox, connection, calendar, fields, extended=call.flag("extendedEntities"))


def shown(call: Call, view: View, found: list[Event], span: Range) -> list[JSON]:
    """Events as listed by `all`: with `expand` as occurrences, in the order asked for. CAL-5072 when too many."""
    view.require_few(len(found))
    listed = list(expanded(view, found, span)) if call.flag("expand") else view.all(found)
    view.require_few(len(listed))
    order = requested_order(call)
    if order is None:
        return listed
    fields = requested_fields(call)
    return [only(event, fields) for event in order(listed)]


def newest(found: list[Event]) -> int | None:
    """The greatest stamp, None of nothing."""
    return max((event.stamp for event in found), default=None)


@module.action("all", "GET", repeatable=True)
def all_events(call: Call, ox: Context) -> Result:
    """Events of one folder, of all calendars of the user, or (PUT) of several folders."""
    span = requested_range(call, required=True)
    requested_fields(call)
    if isinstance(call.body, dict):
        return _all_of_folders(call, ox, span)
    with ox.store.reading() as connection:
        if "folder" not in call.params:
            return _all_of_user(call, ox, connection, span)
        if call.text("folder") == birthdays_folder(ox, call.user):
            return Result(*birthdays_in(call, ox, connection, span))
        calendar = open_readable(ox, call.user, call.require("folder"))
        data, stamp = _folder_content(call, ox, connection, calendar, span)
        return Result(data, stamp)


def _folder_content(
    call: Call, ox: Context, connection: Connection, calendar: Calendar, span: Range
) -> tuple[list[JSON], int | None]:
    view = view_for(call, ox, connection, calendar, sorting=bool(call.text("sort")))
    found = readable(calendar, in_folder(connection, calendar, span))
    return shown(call, view, found, span), newest(found)


def _all_of_user(call: Call, ox: Context, connection: Connection, span: Range) -> Result:
    found = of_user(connection, call.user, span)
    listed: list[JSON] = []
    for calendar, held in own_calendars(ox, connection, call.user, found):
        view = view_for(call, ox, connection, calendar, sorting=bool(call.text("sort")))
        listed.extend(shown(call, view, held, span))
    return Result(listed, newest(found))


def own_calendars(
    ox: Context, connection: Connection, user: int, found: list[Event]
) -> list[tuple[Calendar, list[Event]]]:
    """The events of a user by the calendar in which he has them."""
    all_places = Events(connection).places(event.id for event in found)
    places = {event_id: dict(pairs).get(user) for event_id, pairs in all_places.items()}
    folders = sorted({folder for folder in places.values() if folder})
    grouped = []
    for folder_id in folders:
        calendar = calendar_of(ox, user, ox.folders.get(folder_id))
        grouped.append((calendar, [event for event in found if places.get(event.id) == folder_id]))
    return grouped


def _all_of_folders(call: Call, ox: Context, span: Range) -> Result:
    names = call.object().get("folders")
    if not isinstance(names, list):
        raise illegal_body()
    answers: list[JSON] = []
    with ox.store.reading() as connection:
        for name in dict.fromkeys(map(str, names)):
            try:
                if name == birthdays_folder(ox, call.user):
                    data, stamp = birthdays_in(call, ox, connection, span)
                else:
                    calendar = open_readable(ox, call.user, name)
                    data, stamp = _folder_content(call, ox, connection, calendar, span)
            except OXError as error:
                answers.append({"folder": name, "error": error_members(error)})
            else:
                answers.append({"folder": name, "events": data, "timestamp": stamp or 0})
    return Result(answers, max((one.get("timestamp", 0) for one in answers), default=0) or None)


@module.action("list", "PUT", repeatable=True)
def list_events(call: Call, ox: Context) -> Result:
    """Events by folder and id, in the order asked for; null for unknown ids."""
    requested_fields(call)
    asked = [_parse_id(one) for one in call.array()]
    with ox.store.reading() as connection:
        calendars = {folder: open_readable(ox, call.user, folder) for folder, _, _ in asked}
        found = _named_events(Events(connection), calendars, asked)
        views = {folder: view_for(call, ox, connection, calendar) for folder, calendar in calendars.items()}
        for folder, view in views.items():
            view.prepare([_stored(one) for name, one in found if one and name == folder])
        data = [one and _prepared(views[name], one) for name, one in found]
        return Result(data, newest([_stored(one) for _, one in found if one]))


def _named_events(
    store: Events, calendars: dict[str, Calendar], asked: list[tuple[str, str, str | None]]
) -> list[tuple[str, Event | Occurrence | None]]:
    """The folder and the event or occurrence of every id, None when there is no such event."""
    known = store.find_all(event_number(event_id) for _, event_id, _ in asked)
    places = store.places(known)
    found: list[tuple[str, Event | Occurrence | None]] = []
    for folder, event_id, recurrence_id in asked:
        event, calendar = known.get(event_number(event_id)), calendars[folder]
        if event is not None and recurrence_id:
            found.append((folder, resolve(store, calendar, event_id, recurrence_id)))
            continue
        if event is not None:
            if not any(place == calendar.id for _, place in places.get(event.id, ())):
                raise errors.event_not_in_folder(folder, event_id)
            require_readable(calendar, event)
        found.append((folder, event))
    return found


def _stored(found: Event | Occurrence) -> Event:
    return found if isinstance(found, Event) else found.master


def _prepared(view: View, found: Event | Occurrence) -> JSON:
    return view.event(found) if isinstance(found, Event) else found.shown(view)


def _parse_id(one: Any) -> tuple[str, str, str | None]:
    if not isinstance(one, dict):
        raise illegal_body()
    for name in ("folder", "id"):
        if one.get(name) is None:
            raise missing_parameter(name)
    recurrence_id = one.get("recurrenceId")
    return str(one["folder"]), str(one["id"]), None if recurrence_id is None else str(recurrence_id)


def _one(view: View, found: Event | Occurrence) -> JSON:
    view.prepare([_stored(found)])
    return _prepared(view, found)


@module.action("get", "GET", repeatable=True)
def get_event(call: Call, ox: Context) -> Result:
    """One event or occurrence."""
    event_id, folder = call.require("id"), call.require("folder")
    requested_fields(call)
    with ox.store.reading() as connection:
        if folder == birthdays_folder(ox, call.user):
            event = find_birthday(ox, connection, call.user, event_id, call.params.get("recurrenceId"))
            return Result(only(event, requested_fields(call)), event["timestamp"])
        calendar = open_readable(ox, call.user, folder)
        found = resolve(Events(connection), calendar, event_id, call.params.get("recurrenceId"))
        return Result(_one(view_for(call, ox, connection, calendar), found), _stored(found).stamp)


@module.action("resolve", "GET", repeatable=True)
def resolve_event(call: Call, ox: Context) -> Result:
    """The event of an id in the folder where the user sees it; no data when there is none."""
    number = event_number(call.require("id"))
    requested_fields(call)
    with ox.store.reading() as connection:
        event = Events(connection).find(number)
        calendar = None if event is None else _perspective(ox, connection, call.user, event)
        if event is None or calendar is None or not _has_sequence(call, event):
            return Result(ABSENT)
        return Result(view_for(call, ox, connection, calendar).all([event])[0], event.stamp)


def _has_sequence(call: Call, event: Event) -> bool:
    return "sequence" not in call.params or call.integer("sequence") == event.data.get("sequence")


def _perspective(ox: Context, connection: Connection, user: int, event: Event) -> Calendar | None:
    store = Events(connection)
    own = store.folder_of(event.id, user)
    if own is not None:
        return calendar_of(ox, user, ox.folders.get(own))
    for calendar in visible_calendars(ox, user):
        if store.is_in(event.id, calendar.id) and readable(calendar, [event]):
            return calendar
    return None


@module.action("getRecurrence", "GET", repeatable=True)
def get_recurrence(call: Call, ox: Context) -> Result:
    """An occurrence beside its master, both with all fields."""
    event_id, folder, recurrence_id = (call.require(name) for name in ("id", "folder", "recurrenceId"))
    with ox.store.reading() as connection:
        store = Events(connection)
        calendar = open_readable(ox, call.user, folder)
        view = View(ox, connection, calendar, extended=call.flag("extendedEntities"))
        found = resolve(store, calendar, event_id, recurrence_id)
        overridden = isinstance(found, Event)
        answer: JSON = {"overridden": overridden, "rescheduled": overridden, "recurrenceEvent": _one(view, found)}
        series = found.series if isinstance(found, Event) else found.master.id
        if series is not None and store.is_in(series, calendar.id):
            answer["masterEvent"] = _one(view, find_readable(store, calendar, str(series)))
        return Result(answer)


@module.action("needsAction", "GET", repeatable=True)
def needs_action(call: Call, ox: Context) -> Result:
    """The events of the user that he has not answered; instances of an unanswered series are left out."""
    span = requested_range(call, required=True)
    with ox.store.reading() as connection:
        waiting = [event for event in of_user(connection, call.user, span) if _unanswered(event, call.user)]
        masters = {event.id for event in waiting if event.is_master}
        found = [event for event in waiting if not (event.is_instance and event.series in masters)]
        listed: list[JSON] = []
        for calendar, held in own_calendars(ox, connection, call.user, found):
            view = view_for(call, ox, connection, calendar, sorting=bool(call.text("sort")))
            listed.extend(shown(call, view, held, span))
        return Result(listed, newest(found))


def _unanswered(event: Event, user: int) -> bool:
    attendee = event.attendee(user)
    return attendee is not None and attendee.get("partStat") == "NEEDS-ACTION"
