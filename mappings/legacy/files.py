"""Files of appointments, which OX 7.8 keeps beside them and not in them: a plan with steps of their own for files.

It is not known whether a changed occurrence gets copies of the files of its series, so that is looked at when it is
there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mappings.calendar.steps import AddFiles, Create, Override, RemoveFiles, Step, Update

Event = Mapping[str, Any]
File = Mapping[str, Any]

_FIELD = "attachments"


def files_apart(steps: Iterable[Step], current: Sequence[Event]) -> Iterator[Step]:
    """The steps from ``current``, all events of a resource, in which no event has `attachments`. Files are added before
    others are removed; in a new instance the other way round, because its series has what is removed there."""
    held: dict[str, list[File]] = {str(event["id"]): list(event.get(_FIELD) or ()) for event in current}
    series = {str(event["id"]): str(event.get("seriesId") or event["id"]) for event in current}
    for step in steps:
        match step:
            case Create(event):
                files = held[""] = list(event.get(_FIELD) or ())
                yield Create(_without_files(event))
                if files:
                    yield AddFiles("", event.get("recurrenceId"), [dict(file) for file in files])
            case Update(event_id, fields) if _FIELD in fields:
                if rest := _without_files(fields):
                    yield Update(event_id, rest)
                yield from _changed(event_id, series.get(event_id, ""), held.get(event_id, []), fields[_FIELD] or [])
                held[event_id] = fields[_FIELD] or []
            case Override(series_id, recurrence_id, event):
                yield Override(series_id, recurrence_id, _without_files(event))
                inherited = held.get(series_id, [])
                wanted = event[_FIELD] or [] if _FIELD in event else inherited
                yield from _of_instance(series_id, recurrence_id, inherited, wanted)
            case _:
                yield step


def _without_files(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != _FIELD}


def _changed(event_id: str, series_id: str, held: Sequence[File], wanted: Sequence[File]) -> Iterator[Step]:
    """What is neither new nor held is said to be like in the series."""
    added = [_copied(file, series_id) for file in wanted if not _is_among(file, held)]
    removed = [dict(file) for file in held if not _is_among(file, wanted)]
    if added:
        yield AddFiles(event_id, None, added)
    if removed:
        yield RemoveFiles(event_id, None, removed)


def _of_instance(
    series_id: str, recurrence_id: str, inherited: Sequence[File], wanted: Sequence[File]
) -> Iterator[Step]:
    removed = [dict(file) for file in inherited if not _is_among(file, wanted)]
    if removed:
        yield RemoveFiles(series_id, recurrence_id, removed)
    own = [dict(file) for file in wanted if not _is_among(file, inherited)]
    same = [_copied(file, series_id) for file in wanted if _is_among(file, inherited)]
    if own or same:
        yield AddFiles(series_id, recurrence_id, own, same)


def _copied(file: File, series_id: str) -> dict[str, Any]:
    return dict(file) if "data" in file else {"event": series_id, **file}


def _is_among(file: File, others: Iterable[File]) -> bool:
    if "data" in file:
        return any(file == other for other in others)
    return any(file.get("managedId") == other.get("managedId") for other in others)


# -- what OX has by then ---------------------------------------------------------------------------------------------


def missing(held: Sequence[File], wanted: Iterable[File]) -> list[File]:
    """Those of ``wanted`` of which an event does not hold a copy."""
    left = list(held)
    found = []
    for file in wanted:
        copy = _copy_of(file, left)
        if copy is None:
            found.append(file)
        else:
            left.remove(copy)
    return found


def without(held: Sequence[File], files: Iterable[File], *, copies: bool) -> list[File]:
    """What an event holds beside ``files``; ``copies``: and beside copies of them."""
    left = list(held)
    for file in files:
        same = next((one for one in left if _is_among(one, [file])), None)
        if same is None and copies:
            same = _copy_of(file, left)
        if same is not None:
            left.remove(same)
    return left


def _copy_of(file: File, held: Iterable[File]) -> File | None:
    """The same file, under its id or another one."""
    size = len(file["data"]) if "data" in file else file.get("size")
    for one in held:
        if file.get("managedId") is not None and one.get("managedId") == file.get("managedId"):
            return one
    return next((one for one in held if (one.get("filename"), one.get("size")) == (file.get("filename"), size)), None)
