"""Schedule tags (RFC 6638 3.2.10): what of a meeting changes when others merely answer, and what does not."""

import hashlib
from collections.abc import Collection, Hashable, Iterator

from mappings.calendar.families import RECURRENCE, Family, meaning
from mappings.calendar.moments import duration_between, like, moment_key
from mappings.calendar.wordings import CALENDAR, MASTER, Parts, instance_key
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, parse_tree, write_tree
from mappings.errors import InvalidCalendarData

_STAMPS = frozenset(["DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "REQUEST-STATUS"])
_ANSWER = frozenset(["PARTSTAT", "RSVP", "X-RESPONSE-COMMENT", "SCHEDULE-STATUS"])
_TIMES = frozenset(["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE"])
_DEFAULTS = frozenset([("CLASS", "PUBLIC"), ("TRANSP", "OPAQUE")])

_Canonical = tuple[object, ...]
_Parts = dict[str, Component]


def schedule_tag(text: str, own: Collection[str]) -> str | None:
    """The tag of a calendar object, quoted; None unless it has an ORGANIZER. It stays the same while only answers of
    others than ``own`` (lower-case mail addresses of the user) change, also those to single occurrences, and with it
    what OX counts and stamps. What the user answers changes it: another device of his must not undo that."""
    if "\r\nORGANIZER" not in text:
        return None
    tree = parse_tree(text)
    parts = _parts(tree)
    unlike = [part for key, part in parts.items() if not _is_regular(key, parts, Zones(tree), own)]
    meaning = sorted(repr(_canonical(part, own)) for part in unlike)
    return f'"{hashlib.blake2b("".join(meaning).encode(), digest_size=12).hexdigest()}"'


def merged(sent: str, stored: str, own: Collection[str]) -> str | None:
    """``sent``, an edit of an older state with the same schedule tag as ``stored``, with the answers of others that are
    in ``stored``, so that they are not taken back; None when nothing has to be put in. Raises InvalidData."""
    tree = parse_tree(sent)
    return write_tree(tree) if _with_answers(tree, parse_tree(stored), own) else None


def _with_answers(sent: Component, stored: Component, own: Collection[str]) -> bool:
    """Whether there were any to put into ``sent``."""
    mine, theirs = _parts(sent), _parts(stored)
    changed = False
    for key, part in mine.items():
        if key in theirs:
            changed |= _answer(part, theirs[key], own)
    for key in _regular_there(sent, mine, stored, theirs, own):
        instance = _like_master(mine[MASTER], theirs[key])
        _answer(instance, theirs[key], own)
        sent.components.append(instance)
        changed = True
    return changed


def _regular_there(
    sent: Component, mine: _Parts, stored: Component, theirs: _Parts, own: Collection[str]
) -> Iterator[str]:
    """Instances that are there for the sake of answers alone, and that the client, who does not know of them, still
    has as occurrences."""
    master, there, zones = mine.get(MASTER), theirs.get(MASTER), Zones(sent)
    first = None if master is None else master.first("DTSTART")
    if master is None or first is None or there is None or _rule(master, zones) != _rule(there, Zones(stored)):
        return
    start = zones.moment(first)
    deleted = {instance_key(like(moment, start)) for prop in master.all("EXDATE") for moment, _ in zones.moments(prop)}
    for key in theirs:
        if key not in mine and key not in deleted and _is_regular(key, theirs, Zones(stored), own):
            yield key


def _like_master(master: Component, instance: Component) -> Component:
    """The instance as the client's new version of the series has it."""
    times = [prop for prop in instance.properties if prop.name in _TIMES]
    rest = [prop for prop in master.properties if prop.name not in _TIMES]
    return Component(master.name, [*times, *rest], master.components)


def _answer(part: Component, source: Component, own: Collection[str]) -> bool:
    """Take over the answers of others."""
    answers = {_who(prop): prop for prop in source.all("ATTENDEE") if _who(prop) not in own}
    changed = False
    for place, prop in enumerate(part.properties):
        held = answers.get(_who(prop)) if prop.name == "ATTENDEE" else None
        if held is None or _partstat(held) in ("NEEDS-ACTION", _partstat(prop)):
            continue  # what nobody has answered the organizer may record himself
        params = tuple(pair for pair in prop.params if pair[0] != "PARTSTAT")
        part.properties[place] = Property(
            prop.name, (*params, ("PARTSTAT", (_partstat(held),))), prop.value, prop.group
        )
        changed = True
    return changed


def _partstat(prop: Property) -> str:
    return (prop.param("PARTSTAT") or "NEEDS-ACTION").upper()


def _who(prop: Property) -> str:
    return prop.value.strip().lower().removeprefix("mailto:")


def _parts(tree: Component) -> _Parts:
    """The components by what they stand for."""
    return {key: component for key, component in Parts(tree).components.items() if key != CALENDAR}


def _rule(master: Component, zones: Zones) -> Hashable:
    """When a series takes place, deleted occurrences included, in any spelling; None for what has no start."""
    start = master.first("DTSTART")
    if start is None:
        return None
    rule = Family([prop for prop in master.properties if prop.name in ("RRULE", "RDATE")])
    return moment_key(zones.moment(start)), meaning(RECURRENCE, rule, master, zones)


def _is_regular(key: str, parts: _Parts, zones: Zones, own: Collection[str]) -> bool:
    """Whether an instance differs from its series in others' answers only, so that it might as well not be there."""
    part, master = parts[key], parts.get(MASTER)
    if master is None or key == MASTER:
        return False
    recurrence_id = part.first("RECURRENCE-ID")
    assert recurrence_id is not None
    try:
        (start, end), whole = zones.span(part), zones.span(master)
    except InvalidCalendarData:
        return False  # a task without start
    return (
        moment_key(start) == moment_key(like(zones.moment(recurrence_id), start))
        and duration_between(start, end) == duration_between(*whole)
        and _canonical(part, own, _TIMES) == _canonical(master, own, _TIMES)
    )


def _canonical(component: Component, own: Collection[str], ignored: frozenset[str] = frozenset()) -> _Canonical:
    """What a component says, but for stamps and the answers of others. Alarms' ids are OX's."""
    properties = sorted(
        _property(prop, own)
        for prop in component.properties
        if prop.name not in _STAMPS | ignored
        and (prop.name, prop.value.upper()) not in _DEFAULTS
        and not (prop.name == "UID" and component.name == "VALARM")
    )
    return component.name, tuple(properties), tuple(sorted(map(repr, _inner(component, own))))


def _inner(component: Component, own: Collection[str]) -> Iterator[_Canonical]:
    return (_canonical(inner, own) for inner in component.components)


def _property(prop: Property, own: Collection[str]) -> tuple[str, str, str]:
    hidden = _ANSWER if prop.name == "ATTENDEE" and _who(prop) not in own else frozenset(["SCHEDULE-STATUS"])
    return prop.name, repr(sorted(pair for pair in prop.params if pair[0] not in hidden)), prop.value
