"""Files that writes remove from events, fetched before, so that the writes can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gateway.account.files import Place
from gateway.dav.errors import MaxAttachmentSize
from gateway.ox.chronos import Event
from gateway.ox.errors import Malformed
from mappings.calendar.attachments import with_files_inside
from mappings.calendar.identity import is_instance
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.render import render
from mappings.calendar.steps import DeleteInstance, RemoveFiles, Step, Update
from mappings.contentline import parse_tree, write_tree

if TYPE_CHECKING:
    from gateway.account.events import EventCollection

_MOST_BYTES = 64 * 1024 * 1024
"""Held in memory for one request. Beyond that, what cannot be taken back is told."""


async def endangered_files(
    calendar: EventCollection, events: Mapping[str, Event], steps: Sequence[Step]
) -> Mapping[int, bytes]:
    """The files that only the first of several ``steps`` may remove for good. One upstream call for each; none for a
    single step, which OX does or does not, unless it makes others necessary. Raises OXError, and MaxAttachmentSize when
    files could be needed again and are too much together."""
    makes_others = any(map(calendar.storage.may_end_exceptions, steps))
    if len(steps) < 2 and not makes_others:
        return {}
    removed = set(_removed(events, steps))
    found = await fetched(calendar, events, removed)
    if makes_others and removed - found.keys():
        raise MaxAttachmentSize(
            "the files of these instances are too large to outlive this change; nothing was changed"
        )
    return found


async def fetched(calendar: EventCollection, events: Mapping[str, Event], ids: Collection[int]) -> Mapping[int, bytes]:
    """The files with these ids, as long as they are not too much together. Raises OXError."""
    found: dict[int, bytes] = {}
    room = _MOST_BYTES
    for event_id, event in events.items():
        for one in event.get("attachments") or ():
            managed_id, size = one.get("managedId"), int(one.get("size") or 0)
            if managed_id in ids and managed_id not in found and size <= room:
                place = Place(calendar.folder.id, event_id)
                found[managed_id] = await calendar.storage.files.content(place, managed_id)
                if size and len(found[managed_id]) != size:
                    raise Malformed("a file of another size than OX tells")
                room -= size
    return found


def of_instances(events: Iterable[Event]) -> set[int]:
    """Files that go when a series is rolled up: those that its instances alone have."""
    events = list(events)
    own = {managed_id for event in events if is_instance(event) for managed_id in _files(event)}
    return own - {managed_id for event in events if not is_instance(event) for managed_id in _files(event)}


def as_object(calendar: EventCollection, events: Iterable[Event], files: Mapping[int, bytes]) -> CalendarObject:
    """What OX holds as an object that brings ``files`` along."""
    text = render(list(events), calendar.user)
    return read((write_tree(with_files_inside(parse_tree(text), files)) if files else text).encode())


def _removed(events: Mapping[str, Event], steps: Iterable[Step]) -> Iterator[int]:
    for step in steps:
        match step:
            case Update(event_id, fields):
                if "attachments" in fields:
                    named = {one.get("managedId") for one in fields["attachments"] or ()}
                    yield from (each for each in _files(events.get(event_id, {})) if each not in named)
                if fields.keys() & {"rrule", "recurrenceDates", "startDate"}:
                    yield from of_instances(events.values())
            case RemoveFiles(event_id, None, files):
                yield from (int(one["managedId"]) for one in files if one.get("managedId"))
            case DeleteInstance(event_id):
                yield from _files(events.get(event_id, {}))


def _files(event: Event) -> Iterator[int]:
    return (int(one["managedId"]) for one in event.get("attachments") or () if one.get("managedId"))
