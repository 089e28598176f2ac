"""Overrides of events that say nothing but what their series says. OX makes no instance of them, so they are kept
whole, for as long as OX shows the series as it was then and no instance of its own there.
"""

from collections.abc import Hashable, Iterator, Sequence

from mappings.calendar.families import Family, families, meaning, said
from mappings.calendar.wordings import MASTER, Parts, Wording, digest, lines_of, read_lines
from mappings.calendar.zones import Zones
from mappings.contentline import Component

FAMILY = "OVERRIDE"


def said_of(component: Component, zones: Zones) -> Hashable:
    """All that an event says, but stamps, UID, SEQUENCE and which instance it is."""
    people = [said(prop) for prop in component.properties if prop.name in ("ORGANIZER", "ATTENDEE")]
    return frozenset(
        (name, meaning(name, family, component, zones)) for name, family in families(component).items()
    ) | frozenset(("", person) for person in people)


def find(theirs: Parts, ours: Parts, known: Sequence[Wording]) -> Iterator[Wording]:
    """The overrides that a client sent and OX does not show. Of those ``known`` before the former wording stays, when
    it says the same."""
    if MASTER not in theirs.components or MASTER not in ours.components:
        return
    sent = theirs.components.items()
    hidden = [(key, each) for key, each in sent if each.name == "VEVENT" and key not in ours.components]
    if not hidden:
        return
    shown = _state(ours)
    former = {each.component: each for each in known if each.family == FAMILY and each.shown == shown}
    for key, component in hidden:
        if key in former and _says(former[key], component, theirs.zones):
            yield former[key]
        elif (lines := lines_of(Family([], [component]), theirs.zones)) is not None:
            yield Wording(key, FAMILY, shown, lines)


def counts(wording: Wording, shown: Parts) -> bool:
    components = shown.components
    return MASTER in components and wording.component not in components and wording.shown == _state(shown)


def put(tree: Component, wording: Wording) -> None:
    """Let the override stand beside what OX shows."""
    tree.components.extend(read_lines(wording.lines).components)


def take_out(sent: Component, theirs: Parts, ours: Parts, wording: Wording) -> None:
    """The opposite for what a client sent back. With a changed series the override counts, as it says something now."""
    component, master = theirs.components.get(wording.component), theirs.components.get(MASTER)
    if component is None or master is None or not _says(wording, component, theirs.zones):
        return
    if said_of(master, theirs.zones) == said_of(ours.components[MASTER], ours.zones):
        sent.components[:] = [each for each in sent.components if each is not component]


def _state(shown: Parts) -> str:
    return digest(said_of(shown.components[MASTER], shown.zones))


def _says(wording: Wording, component: Component, zones: Zones) -> bool:
    """Whether the override is the kept one, whatever its stamps."""
    (kept,) = read_lines(wording.lines).components
    same_number = kept.text("SEQUENCE") == component.text("SEQUENCE")
    return same_number and said_of(kept, zones) == said_of(component, zones)
