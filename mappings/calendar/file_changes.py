"""A file added to, replaced in or removed from the events of a resource without the rest of them (RFC 8607 3.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.calendar.attachments import Reference, reference
from mappings.calendar.effects import occurs
from mappings.calendar.identity import recurrence_instant, split_events
from mappings.calendar.moments import from_ox, from_recurrence_id, like, to_recurrence_id
from mappings.calendar.steps import Override, Step, Update
from mappings.calendar.wordings import CALENDAR, MASTER, Parts
from mappings.contentline import Component, Property
from mappings.errors import InvalidData

Event = Mapping[str, Any]
Attachment = Mapping[str, Any]

_WHOLE = "M"
_OF_INSTANCE = frozenset(["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"])
_OF_SERIES = frozenset(["RRULE", "RDATE", "EXDATE", "EXRULE"])


class NoSuchInstance(InvalidData):
    """A recurrence id that names nothing of the resource."""


class NoSuchFile(InvalidData):
    """A managed id that none of the events has."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """``managed_id``: the file to replace or remove, None to add one. ``file``: the new one, as a wanted attachment
    with "data". ``instances``: "M" for the master, recurrence ids in basic form; None for all there are."""

    managed_id: int | None
    file: Attachment | None
    instances: tuple[str, ...] | None = None


def file_steps(current: Sequence[Event], former: Sequence[Event], change: FileChange) -> list[Step]:
    """The writes that are left to do when OX holds ``current`` and held ``former`` at first.

    In instances of a series a file counts as the same one under another id, too, if name, type and size are equal: OX
    copies files into instances. Raises NoSuchInstance, NoSuchFile.
    """
    named = _named(former, change)
    known = {one.get("managedId") for event in former for one in event.get("attachments") or ()}
    steps: list[Step] = []
    for event, recurrence_id in _targets(current, change.instances):
        held = list(event.get("attachments") or ())
        wanted = _changed(held, named, known, change)
        if wanted == held:
            continue
        fields = {"attachments": wanted or None}
        if recurrence_id is None:
            steps.append(Update(str(event["id"]), fields))
        else:
            steps.append(Override(str(event["id"]), recurrence_id, fields))
    return steps


def changed_files(task: Event, change: FileChange) -> list[Attachment]:
    """All files of a task after a change. Raises NoSuchFile."""
    held = list(task.get("attachments") or ())
    return _changed(held, _named([task], change), {one.get("managedId") for one in held}, change)


def _named(events: Iterable[Event], change: FileChange) -> Attachment | None:
    if change.managed_id is None:
        return None
    for event in events:
        for one in event.get("attachments") or ():
            if one.get("managedId") == change.managed_id:
                found: Attachment = one
                return found
    raise NoSuchFile("no attachment has this id")


def _changed(
    held: list[Attachment], named: Attachment | None, known: set[object], change: FileChange
) -> list[Attachment]:
    if named is None:
        assert change.file is not None
        return held if _is_done(held, known, change.file) else [*held, change.file]
    done = change.file is not None and _is_done(held, known, change.file)
    has_it = any(one.get("managedId") == named["managedId"] for one in held)
    result: list[Attachment] = []
    for one in held:
        same = one.get("managedId") == named["managedId"] if has_it else _is_copy(one, named)
        if not same:
            result.append(one)
        elif change.file is not None and not done:
            result.append(change.file)
    return result


def _is_done(held: Iterable[Attachment], known: set[object], file: Attachment) -> bool:
    return any(one.get("managedId") not in known and _looks_like(one, file) for one in held)


def _is_copy(one: Attachment, other: Attachment) -> bool:
    names = ("filename", "fmtType", "size")
    return bool(one.get("managedId")) and all(one.get(name) == other.get(name) for name in names)


def _looks_like(one: Attachment, file: Attachment) -> bool:
    return one.get("filename") == file["filename"] and one.get("size") == len(file["data"])


def _targets(events: Sequence[Event], instances: Iterable[str] | None) -> list[tuple[Event, str | None]]:
    """The events a change is for; a regular occurrence is told by its series and its recurrence id."""
    master, overridden = split_events(events)
    if instances is None:
        return [(event, None) for event in [*([master] if master is not None else []), *overridden]]
    held = {recurrence_instant(event["recurrenceId"]): event for event in overridden}
    found: dict[object, tuple[Event, str | None]] = {}
    for text in instances:
        if text == _WHOLE:
            if master is None:
                raise NoSuchInstance("there is no master")
            found[_WHOLE] = (master, None)
            continue
        recurrence_id = _recurrence_id(text, master or next(iter(overridden), None))
        instant = recurrence_instant(recurrence_id)
        if instant in held:
            found[instant] = (held[instant], None)
        elif master is not None and _is_regular(master, recurrence_id):
            found[instant] = (master, recurrence_id)
        else:
            raise NoSuchInstance("this is no instance")
    return list(found.values())


def _recurrence_id(text: str, event: Event | None) -> str:
    """In UTC, whatever form the client used."""
    if event is None:
        raise NoSuchInstance("this is no instance")
    try:
        return to_recurrence_id(like(from_recurrence_id(text), from_ox(event["startDate"])))
    except InvalidData as error:
        raise NoSuchInstance("this is no recurrence id") from error


def _is_regular(master: Event, recurrence_id: str) -> bool:
    deleted = {recurrence_instant(each, master["startDate"]) for each in master.get("deleteExceptionDates") or ()}
    if not master.get("rrule") or recurrence_instant(recurrence_id) in deleted:
        return False
    return occurs(master, recurrence_id)


def new_files(former: Iterable[Event], current: Sequence[Event], change: FileChange) -> list[Reference]:
    """What OX made of the file of a change, that of the master first."""
    known = {one.get("managedId") for event in former for one in event.get("attachments") or ()}
    master, overridden = split_events(current)
    return [
        Reference(str(event["id"]), int(one["managedId"]))
        for event in [*([master] if master is not None else []), *overridden]
        for one in event.get("attachments") or ()
        if one.get("managedId") and one["managedId"] not in known and change.file and _looks_like(one, change.file)
    ]


def as_sent(known: Component, before: Component, after: Component) -> Component:
    """The object as a client would send it that knew ``known`` and changed nothing but the files in which ``after``
    differs from ``before``, both as OX shows them. Instances that are new are like their series."""
    theirs, old, new = Parts(known), Parts(before), Parts(after)
    components = [each for each in known.components if each.name == "VTIMEZONE"]
    for key, shown in new.components.items():
        if key == CALENDAR:
            continue
        own = theirs.components.get(key) or _instance(theirs.components.get(MASTER, shown), shown)
        earlier = old.components.get(key) or old.components.get(MASTER, shown)
        components.append(_with_files(own, earlier, shown))
    return Component(known.name, known.properties, components)


def _instance(series: Component, shown: Component) -> Component:
    times = [prop for prop in shown.properties if prop.name in _OF_INSTANCE]
    rest = [prop for prop in series.properties if prop.name not in _OF_INSTANCE | _OF_SERIES]
    return Component(series.name, [*times, *rest], series.components)


def _with_files(own: Component, before: Component, after: Component) -> Component:
    old, new = _files(before), _files(after)
    kept = [
        prop
        for prop in own.properties
        if prop.name != "ATTACH" or (file := reference(prop.value)) is None or file.managed_id in new
    ]
    added = [prop for managed_id, prop in new.items() if managed_id not in old]
    return Component(own.name, [*kept, *added], own.components)


def _files(component: Component) -> dict[int, Property]:
    found = ((reference(prop.value), prop) for prop in component.all("ATTACH"))
    return {file.managed_id: prop for file, prop in found if file is not None}
