"""What OX cannot hold of a task: ``mappings.calendar.residue``, and the occurrences of a series.

OX holds one occurrence. All overrides are kept as they were written: settled ones (done or cancelled) for good, open
ones for as long as OX shows the dates it showed when they were written, because they would be further tasks else.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime

from mappings.calendar import residue
from mappings.calendar.families import STATUS, TIME, Family, families, meaning
from mappings.calendar.moments import moment_key, to_utc, write_moment
from mappings.calendar.read import read
from mappings.calendar.residue import Wording, from_json, to_json
from mappings.calendar.timezones import zone
from mappings.calendar.user import CalendarUser
from mappings.calendar.wordings import MASTER, Parts, digest, lines_of, read_lines
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, parse_tree, write_tree
from mappings.tasks.progress import progress_of
from mappings.tasks.series import current, is_settled

__all__ = ["Wording", "as_changed", "find", "from_json", "merge", "to_json"]

_SETTLED, _OPEN = "SETTLED OCCURRENCES", "OPEN OCCURRENCES"
_OCCURRENCES = (_SETTLED, _OPEN)


def find(
    sent: Component,
    shown: Component,
    user: CalendarUser,
    *,
    former: Component | None = None,
    granted: Component | None = None,
    known: Sequence[Wording] = (),
) -> tuple[Wording, ...]:
    """The residue of what a client sent, when OX now shows ``shown``; see ``mappings.calendar.residue.find``.

    ``former``, what the client was shown before, tells that a recurring task was completed with its rule left in it:
    OX has made the next task then, which has the rule now.
    """
    sent = _in_known_zones(sent, user)
    if former is not None and _was_continued(former, sent, shown, user):
        sent = _without_rule(sent)
    found = residue.find(sent, shown, user, former=former, granted=granted, known=known)
    return (*found, *_occurrences(sent, shown))


def _in_known_zones(tree: Component, user: CalendarUser) -> Component:
    """Times in zones that cannot be named become UTC: what is kept of a series has no other place."""
    zones = Zones(tree, zone(user.timezone) or UTC)
    components = [
        component
        if component.name != "VTODO"
        else Component(
            component.name, [_in_known_zone(each, zones) for each in component.properties], component.components
        )
        for component in tree.components
    ]
    return Component(tree.name, tree.properties, components)


def _in_known_zone(prop: Property, zones: Zones) -> Property:
    if prop.param("TZID") is None or lines_of(Family([prop]), zones) is not None:
        return prop
    params = tuple(param for param in prop.params if param[0] != "TZID")
    values = (write_moment(to_utc(moment)) for moment, _ in zones.moments(prop) if isinstance(moment, datetime))
    return Property(prop.name, params, ",".join(values), prop.group)


def merge(text: str, wordings: Sequence[Wording], user: CalendarUser) -> str:
    """The iCalendar text of what OX holds, with the wordings that still count."""
    of_task, occurrences = _apart(wordings)
    merged = residue.merge(text, of_task, user)
    if not occurrences:
        return merged
    shown, tree = parse_tree(text), parse_tree(merged)
    there = {component.first("RECURRENCE-ID") for component in tree.components}
    tree.components.extend(
        component
        for wording in occurrences
        if _counts(wording, shown)
        for component in read_lines(wording.lines).components
        if component.first("RECURRENCE-ID") not in there
    )
    residue.add_timezones(tree)
    return write_tree(tree)


def as_changed(sent: Component, shown: Component, wordings: Sequence[Wording], user: CalendarUser) -> Component:
    """What a client sent, with wordings that it merely sent back replaced by what OX shows in their place.

    Dates, status and alarms are replaced only where nothing changed that the current occurrence, whether it is done and
    its alarm depend on.
    """
    of_task, _ = _apart(wordings)
    former = parse_tree(merge(write_tree(shown), wordings, user))
    if _state(sent) != _state(former):
        of_task = [wording for wording in of_task if wording.family not in (TIME, STATUS, "VALARM")]
    return residue.as_changed(sent, shown, of_task, user)


def _apart(wordings: Sequence[Wording]) -> tuple[list[Wording], list[Wording]]:
    return (
        [wording for wording in wordings if wording.family not in _OCCURRENCES],
        [wording for wording in wordings if wording.family in _OCCURRENCES],
    )


def _said(tree: Component, family: str) -> Hashable:
    """What the master says in a family."""
    parts = Parts(tree)
    master = parts.components.get(MASTER)
    return None if master is None else meaning(family, families(master).get(family), master, parts.zones)


def _state(tree: Component) -> Hashable:
    """What the current occurrence depends on."""
    parts = Parts(tree)
    occurrences = frozenset(
        (key, meaning(family, families(component).get(family), component, parts.zones))
        for key, component in parts.components.items()
        if component.name == "VTODO" and component.first("RECURRENCE-ID")
        for family in (TIME, STATUS)
    )
    recurs = any(prop.name in ("RRULE", "RDATE") for prop in _master(tree).properties)
    return _said(tree, TIME), occurrences, _said(tree, STATUS) if recurs else None


def _master(tree: Component) -> Component:
    return Parts(tree).components.get(MASTER) or Component("VTODO")


def _was_continued(former: Component, sent: Component, shown: Component, user: CalendarUser) -> bool:
    """Whether the client completed a recurring task, and OX, which had its rule, goes on with another."""
    if _is_done(former) or not _is_done(sent) or not _is_done(shown) or _master(shown).first("RRULE"):
        return False
    if any(component.first("RECURRENCE-ID") for component in sent.components):
        return False
    fallback = zone(user.timezone) or UTC
    return all(
        current(read(write_tree(tree).encode()), Zones(tree, fallback)).rule is not None for tree in (former, sent)
    )


def _is_done(tree: Component) -> bool:
    return progress_of(_master(tree), Zones(tree)).done


def _without_rule(tree: Component) -> Component:
    master = _master(tree)
    properties = [prop for prop in master.properties if prop.name not in ("RRULE", "RDATE", "EXDATE", "EXRULE")]
    single = Component(master.name, properties, master.components)
    return Component(tree.name, tree.properties, [single if each is master else each for each in tree.components])


def _occurrences(sent: Component, shown: Component) -> Iterator[Wording]:
    """Without a master OX holds the first instance, and all others have no other place."""
    parts = Parts(sent)
    found = [
        (parts.zones.moment(recurrence_id), component)
        for component in parts.components.values()
        if component.name == "VTODO" and (recurrence_id := component.first("RECURRENCE-ID"))
    ]
    overrides = [component for _, component in sorted(found, key=lambda pair: moment_key(pair[0]))]
    detached = MASTER not in parts.components
    settled = overrides[1:] if detached else [each for each in overrides if is_settled(each, parts.zones)]
    opened = [] if detached else [each for each in overrides if not is_settled(each, parts.zones)]
    for name, kept, depends in ((_SETTLED, settled, ""), (_OPEN, opened, digest(_said(shown, TIME)))):
        lines = lines_of(Family([], kept), parts.zones) if kept else None
        if lines:
            yield Wording(MASTER, name, depends, lines)


def _counts(wording: Wording, shown: Component) -> bool:
    return wording.family == _SETTLED or digest(_said(shown, TIME)) == wording.shown
