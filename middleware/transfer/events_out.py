"""`export?action=ICAL`: the events or tasks of a folder, or single ones, as iCalendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos.access import open_readable
from middleware.chronos.event import JSON
from middleware.chronos.events import Events
from middleware.chronos.finding import find_readable
from middleware.chronos.listing import in_folder, readable
from middleware.chronos.parameters import requested_range
from middleware.chronos.uploads import read_attachment
from middleware.chronos.view import View
from middleware.envelope import Binary
from middleware.folders.errors import folder_not_visible
from middleware.folders.ids import CALENDAR_PREFIX
from middleware.ical.writing import calendar_text
from middleware.scopes import READ, require_folders
from middleware.tasks.access import TaskList, find_list
from middleware.transfer.requests import addressed_folder, composite_calendar, download, named_objects
from middleware.transfer.tasks_out import all_of, one_of, tasks_text

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.folders.model import Folder

TYPE: Final = "text/calendar"


def export_events(call: Call, ox: Context) -> Binary:
    """The file. A calendar addressed by its composite id is written as a published one, with its name."""
    named = named_objects(call)
    with ox.store.reading() as connection:
        if named and all(addressed_folder(ox, text).module == "tasks" for text, _ in named):
            return _named_tasks(call, ox, connection, named)
        if named is not None:
            return _named_events(call, ox, connection, named)
        text = call.require("folder")
        folder = addressed_folder(ox, text)
        if folder.module == "tasks":
            return _tasks(call, ox, connection, folder)
        calendar = open_readable(ox, call.user, composite_calendar(text))
        found = readable(calendar, in_folder(connection, calendar, requested_range(call, required=False)))
        shown = View(ox, connection, calendar).all(found)
        name = folder.name if text.startswith(CALENDAR_PREFIX) else None
        return download(_text(ox, connection, shown, name), TYPE, f"{folder.name}.ics")


def _named_events(call: Call, ox: Context, connection: Connection, named: Sequence[tuple[str, str]]) -> Binary:
    shown: list[JSON] = []
    title = "Export"
    for folder, event_id in named:
        calendar = open_readable(ox, call.user, composite_calendar(folder))
        event = find_readable(Events(connection), calendar, event_id)
        shown += View(ox, connection, calendar).all([event])
        title = calendar.folder.name
    if len(shown) == 1:
        title = shown[0].get("summary") or title
    return download(_text(ox, connection, shown, None), TYPE, f"{title}.ics")


def _text(ox: Context, connection: Connection, shown: list[JSON], name: str | None) -> str:
    def read_file(managed_id: int) -> bytes | None:
        found = read_attachment(connection, managed_id)
        return None if found is None else found[1]

    return calendar_text(shown, read_file, ox.clock.now(), name=name)


def _tasks(call: Call, ox: Context, connection: Connection, folder: Folder) -> Binary:
    tasks = _readable_tasks(call, ox, folder)
    return download(tasks_text(ox, all_of(connection, tasks)), TYPE, f"{folder.name}.ics")


def _named_tasks(call: Call, ox: Context, connection: Connection, named: Sequence[tuple[str, str]]) -> Binary:
    found = [one_of(connection, _readable_tasks(call, ox, addressed_folder(ox, text)), task) for text, task in named]
    title = found[0].task.fields.get("title") if len(found) == 1 else None
    return download(tasks_text(ox, found), TYPE, f"{title or 'Export'}.ics")


def _readable_tasks(call: Call, ox: Context, folder: Folder) -> TaskList:
    """The task list; FLD-0003 when the user can see nothing in it, RA-0002 when his session does not open tasks."""
    require_folders(call, READ, folder.module)
    tasks = find_list(ox, call.user, folder.id)
    if tasks is None or not tasks.rights.visible or not tasks.rights.can_read(own=True):
        raise folder_not_visible(folder.id, call.user, ox.id)
    return tasks
