"""What OX cannot hold of an event: found when a client writes, merged back when the event is read.

The residue is the client's own wording of single families of properties (see ``families``), each beside a digest of
what OX showed in its place when it was written. On reading, a wording stands for what OX shows as long as OX still
shows the same; once somebody changes that in OX, the wording no longer counts. An empty wording hides what OX adds by
itself. A client that sends a wording back unchanged has changed nothing. People are kept one by one
(``participants``), and so is a UID that OX did not take (``other_uid``); an object of single instances, which OX holds
as a series, is kept whole, and so are overrides that say nothing new (``redundant``).

All functions are pure; the caller keeps the JSON text.
"""

from collections.abc import Hashable, Iterator, Sequence

from mappings.calendar import other_uid, participants, redundant
from mappings.calendar.attachments import adopted, told
from mappings.calendar.families import OF_ORGANIZER, RECURRENCE, TIME, Family, families, meaning
from mappings.calendar.read import sequence
from mappings.calendar.user import CalendarUser
from mappings.calendar.vtimezone import vtimezone
from mappings.calendar.wordings import (
    CALENDAR,
    MASTER,
    Parts,
    Wording,
    digest,
    from_json,
    lines_of,
    put_family,
    read_lines,
    to_json,
)
from mappings.calendar.zones import Zones
from mappings.contentline import Component, parse_tree, write_tree
from mappings.errors import InvalidData

__all__ = ["Wording", "as_changed", "find", "from_json", "merge", "to_json"]

_OF_CALENDAR = frozenset(["VERSION", "PRODID", "CALSCALE", "METHOD", "LAST-MODIFIED"])
_WHOLE = "WHOLE"
_SEQUENCE = "SEQUENCE"


def find(
    sent: Component,
    shown: Component,
    user: CalendarUser,
    *,
    former: Component | None = None,
    granted: Component | None = None,
    known: Sequence[Wording] = (),
    unheld: frozenset[str] = frozenset(),
    whole: bool = False,
) -> tuple[Wording, ...]:
    """The residue of what a client sent, when OX now shows ``shown``.

    ``former``: what the client was shown before; it counts where people are shown. ``granted``: what OX would show if
    the user could change everything; given for users who cannot, so that what they may not change is not kept either,
    unless it is among the wordings ``known`` before. None for organizers. ``unheld``: parameters of people that this
    OX has no place for; ``whole``: it may have no place for an instance, or none for what makes it one.
    """
    theirs, ours = Parts(sent), Parts(shown)
    before, allowed = None if former is None else Parts(former), None if granted is None else Parts(granted)
    found = list(_whole(theirs, ours, known, always=whole and granted is None))
    renamed = list(other_uid.find(sent, shown))
    if not found:
        found += [each for each in redundant.find(theirs, ours, known) if granted is None or each in known]
    for key, component in ours.components.items():
        if key not in theirs.components:
            continue
        theirs.components[key] = adopted(theirs.components[key], component)
        found += [
            wording
            for wording in _differences(key, theirs, ours)
            if wording in known or allowed is None or _is_granted(wording, ours, allowed)
        ]
        earlier = None if before is None else before.components.get(key)
        for person in participants.differences(theirs.components[key], component, earlier, user, unheld):
            line = Family([] if person.line is None else [person.line])
            found.append(Wording(key, person.name, digest(person.shown), lines_of(line, theirs.zones) or ()))
    return tuple(sorted((*found, *renamed), key=lambda wording: (wording.component, wording.family)))


def _is_granted(wording: Wording, ours: Parts, allowed: Parts) -> bool:
    """Whether the wording differs from what OX shows in nothing but what OX has no place for."""
    key, name = wording.component, wording.family
    return name not in OF_ORGANIZER or _meaning(allowed, key, name) == _meaning(ours, key, name)


def _differences(key: str, theirs: Parts, ours: Parts) -> Iterator[Wording]:
    component, shown = theirs.components[key], ours.components[key]
    wanted, there = _families(key, component), _families(key, shown)
    # OX counts for a new instance, whatever is sent, and not at all for tasks.
    if (key != MASTER or shown.name == "VTODO") and sequence(component) > sequence(shown):
        yield Wording(key, _SEQUENCE, digest(sequence(shown)), (f"{_SEQUENCE}:{sequence(component)}",))
    for name in dict.fromkeys((*wanted, *there)):
        if name not in (TIME, RECURRENCE) and wanted.get(name) == there.get(name):
            continue  # the same letters; those of times may stand for another zone
        mine = meaning(name, there.get(name), shown, ours.zones)
        same = meaning(name, wanted.get(name), component, theirs.zones) == mine
        if same and not (name == "VALARM" and _are_other_alarms(component, shown)):
            continue
        lines = lines_of(wanted.get(name, Family()), theirs.zones)
        if lines is not None:
            yield Wording(key, name, digest(mine), lines)


def _are_other_alarms(component: Component, shown: Component) -> bool:
    """Whether the client names alarms otherwise than OX: it takes a new alarm for a changed old one."""
    mine, theirs = ({alarm.text("UID") for alarm in each.components} - {None} for each in (component, shown))
    return not mine <= theirs


def _meaning(parts: Parts, key: str, name: str) -> Hashable:
    component = parts.components.get(key)
    if component is None:
        return None
    if name == _SEQUENCE:
        return sequence(component)
    return meaning(name, _families(key, component).get(name), component, parts.zones)


def merge(text: str, residue: Sequence[Wording], user: CalendarUser) -> str:
    """The iCalendar text of what OX holds, with the wordings that still count."""
    if not residue:
        return text
    tree = parse_tree(text)
    parts = Parts(tree)
    counting = [wording for wording in residue if _counts(wording, parts, user)]
    for wording in counting:
        if wording.family in (_WHOLE, redundant.FAMILY, other_uid.FAMILY):
            continue
        component, family = parts.components[wording.component], read_lines(wording.lines)
        if participants.is_kept_person(wording.family):
            participants.put(component, wording.family, next(iter(family.properties), None), user)
        else:
            family.properties[:] = told(family.properties, component.all("ATTACH"))
            put_family(component, wording.family, family)
    for wording in counting:
        if wording.family == _WHOLE:
            tree.components[:] = read_lines(wording.lines).components
        elif wording.family == redundant.FAMILY:
            redundant.put(tree, wording)
    for wording in counting:
        if wording.family == other_uid.FAMILY:
            other_uid.put(tree, wording)
    add_timezones(tree)
    return write_tree(tree)


def as_changed(sent: Component, shown: Component, residue: Sequence[Wording], user: CalendarUser) -> Component:
    """What a client sent, with wordings that it merely sent back replaced by what OX shows in their place."""
    theirs, ours = Parts(sent), Parts(shown)
    counting = [wording for wording in residue if _counts(wording, ours, user)]
    for wording in counting:
        if wording.family == _WHOLE:
            if _said_by(theirs) == _said_by(Parts(_calendar_of(wording))):
                return shown
        elif wording.family in (redundant.FAMILY, other_uid.FAMILY):
            continue
        elif (component := theirs.components.get(wording.component)) is not None:
            _without(wording, component, theirs.zones, ours, user)
    for wording in counting:
        if wording.family == redundant.FAMILY:
            redundant.take_out(sent, theirs, ours, wording)
    return sent


def _without(wording: Wording, component: Component, zones: Zones, ours: Parts, user: CalendarUser) -> None:
    there, family = ours.components[wording.component], read_lines(wording.lines)
    name = wording.family
    if name == _SEQUENCE:
        return
    if participants.is_kept_person(name):
        line, shown = next(iter(family.properties), None), participants.people(there, user).get(name)
        participants.take_out(component, name, line, shown, user)
        return
    own = Component(there.name, list(there.properties), list(there.components))
    put_family(own, name, family)
    kept = meaning(name, _families(wording.component, own).get(name), own, ours.zones)
    if meaning(name, _families(wording.component, component).get(name), component, zones) == kept:
        put_family(component, name, _families(wording.component, there).get(name, Family()))


def _families(key: str, component: Component) -> dict[str, Family]:
    found = families(component)
    if key != CALENDAR:
        return found
    return {name: family for name, family in found.items() if name not in _OF_CALENDAR and not family.components}


def _counts(wording: Wording, shown: Parts, user: CalendarUser) -> bool:
    if wording.family == redundant.FAMILY:
        return redundant.counts(wording, shown)
    if wording.family == other_uid.FAMILY:
        return other_uid.counts(wording, shown.components[CALENDAR])
    component = shown.components.get(wording.component)
    if component is None:
        return False
    if wording.family == _WHOLE:
        return digest(_said_by(shown)) == wording.shown
    if participants.is_kept_person(wording.family):
        line = next(iter(read_lines(wording.lines).properties), None)
        return digest(participants.state(component, wording.family, line, user)) == wording.shown
    return digest(_meaning(shown, wording.component, wording.family)) == wording.shown


# -- objects of single instances -------------------------------------------------------------------------------------


def _whole(theirs: Parts, ours: Parts, known: Sequence[Wording], *, always: bool) -> Iterator[Wording]:
    """Single instances that OX holds as a series or not at all, or with a range: the whole object as it was sent. Of
    what was ``known`` before the former wording stays, when it says the same."""
    sent = [component for key, component in theirs.components.items() if key != CALENDAR]
    ranged = any((prop := each.first("RECURRENCE-ID")) and prop.param("RANGE") for each in sent)
    missing = always and theirs.components.keys() - ours.components.keys()
    if not missing and (MASTER in theirs.components or not (MASTER in ours.components or ranged)):
        return
    shown = digest(_said_by(ours))
    former = next((each for each in known if each.family == _WHOLE and each.shown == shown), None)
    if former is not None and _numbered(Parts(_calendar_of(former))) == _numbered(theirs):
        yield former
    elif (lines := lines_of(Family([], sent), theirs.zones)) is not None:
        yield Wording(CALENDAR, _WHOLE, shown, lines)


def _calendar_of(wording: Wording) -> Component:
    return Component("VCALENDAR", [], read_lines(wording.lines).components)


def _numbered(parts: Parts) -> Hashable:
    """All that an object says of its events, and their SEQUENCE."""
    return _said_by(parts), frozenset((key, each.text("SEQUENCE")) for key, each in parts.components.items())


def _said_by(parts: Parts) -> Hashable:
    """All that an object says of its events, but stamps."""
    return frozenset(
        (key, redundant.said_of(component, parts.zones))
        for key, component in parts.components.items()
        if key != CALENDAR
    )


# -- time zones ------------------------------------------------------------------------------------------------------


def add_timezones(tree: Component) -> None:
    """Explain the zones that wordings brought in."""
    known = {each.text("TZID") for each in tree.components if each.name == "VTIMEZONE"}
    wanted: dict[str, int] = {}
    for component in tree.components:
        for prop in component.properties:
            tzid = prop.param("TZID")
            if tzid and tzid not in known and prop.value[:4].isdecimal():
                wanted[tzid] = min(wanted.get(tzid, 9999), int(prop.value[:4]))
    for tzid, year in wanted.items():
        try:
            tree.components[:0] = parse_tree(f"BEGIN:X\r\n{vtimezone(tzid, year, None)}END:X\r\n").components
        except InvalidData:
            continue
