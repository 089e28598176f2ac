"""Another UID in OX for an object whose own UID OX holds in another folder already.

CalDAV wants a UID to be unique in its calendar (RFC 4791 4.1), OX among all calendars of a user. Thunderbird and
Evolution move an object by storing it in the one calendar before they delete it from the other. Then OX gets a UID
made of the client's and the folder; the residue keeps the client's, and every component is shown with it.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from mappings.calendar.people import address, is_user
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.user import CalendarUser
from mappings.calendar.wordings import CALENDAR, Wording, digest
from mappings.contentline import (
    Component,
    Property,
    escape_text,
    parse_property,
    parse_tree,
    property_line,
    unescape_text,
    write_tree,
)

FAMILY = "OTHER-UID"
_NAMESPACE = UUID("6f1c1f3c-6a0e-5e0b-9f38-2f7b5d0c8a11")


def uid_in_ox(uid: str, folder: str) -> str:
    """The other UID; always the same for a UID in a folder, so that a second object with it is noticed."""
    return str(uuid5(_NAMESPACE, f"{folder}\n{uid}"))


def may_be_other(uid: str) -> bool:
    """Whether a UID in OX may be from `uid_in_ox`."""
    try:
        return UUID(uid).version == 5
    except ValueError:
        return False


def is_personal(obj: CalendarObject, user: CalendarUser) -> bool:
    """Whether nobody but ``user`` takes part. Meetings keep their UID: it is the one that the others know, and in one
    calendar of a user only (RFC 6638 3.2.4.1, unique-scheduling-object-resource)."""
    people = [
        address(prop)
        for component in obj.tree.components
        for prop in component.properties
        if prop.name in ("ORGANIZER", "ATTENDEE")
    ]
    return all(person is not None and is_user(person, user) for person in people)


def renamed(obj: CalendarObject, uid: str) -> CalendarObject:
    """The same object with another UID."""
    tree = parse_tree(write_tree(obj.tree))
    _put(tree, Property("UID", (), escape_text(uid)))
    return read(write_tree(tree).encode())


def given(wordings: Iterable[Wording]) -> str | None:
    """The client's UID, if OX has another one."""
    lines = [parse_property(wording.lines[0]) for wording in wordings if wording.family == FAMILY]
    return _value(lines[0]) if lines else None


def find(sent: Component, shown: Component) -> Iterator[Wording]:
    """The UID that a client sent, if OX holds the object under another one."""
    mine, theirs = _line(sent), _line(shown)
    if mine is not None and theirs is not None and _value(mine) != _value(theirs):
        yield Wording(CALENDAR, FAMILY, digest(_value(theirs)), (property_line(mine),))


def counts(wording: Wording, shown: Component) -> bool:
    """Whether OX still shows the UID it was given."""
    line = _line(shown)
    return line is not None and digest(_value(line)) == wording.shown


def put(tree: Component, wording: Wording) -> None:
    """Let the client's UID stand in all components."""
    _put(tree, parse_property(wording.lines[0]))


def _put(tree: Component, line: Property) -> None:
    for component in _objects(tree):
        component.properties[:] = [line if prop.name == "UID" else prop for prop in component.properties]


def _line(tree: Component) -> Property | None:
    return next((component.first("UID") for component in _objects(tree)), None)


def _value(line: Property) -> str:
    return unescape_text(line.value).strip()


def _objects(tree: Component) -> Iterator[Component]:
    return (component for component in tree.components if component.name != "VTIMEZONE")
