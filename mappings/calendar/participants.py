"""The residue of ORGANIZER and ATTENDEE: person by person, so that an answer is always the one OX holds.

Kept are parameters OX has no place for, the user's own lines in an event that is no meeting, and that the client did
not name the owner, whom OX adds to every meeting. All of it ends when OX shows that person otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mappings.calendar.families import said
from mappings.calendar.people import address
from mappings.calendar.user import CalendarUser
from mappings.contentline import Component, Property

_NAMES = ("ORGANIZER", "ATTENDEE")
# What OX knows better, or what a server tells its clients.
_OF_OX = frozenset(["PARTSTAT", "RSVP", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND", "CN", "CUTYPE", "ROLE", "MEMBER"])
# What an OX that has no place for it shows in a way of its own: the client's value stands for that one.
_REPLACED = frozenset(["CUTYPE", "PARTSTAT"])
_ANSWERS = frozenset(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"])


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of one person. ``name``: ORGANIZER or ATTENDEE and who it is. ``line``: its parameters are added to
    the line OX shows (CUTYPE and PARTSTAT stand for OX's), or it stands there when OX shows no meeting; None hides what
    OX shows."""

    name: str
    shown: tuple[object, ...]
    line: Property | None


def differences(
    sent: Component,
    shown: Component,
    former: Component | None,
    user: CalendarUser,
    unheld: frozenset[str] = frozenset(),
) -> Iterator[Person]:
    """``former``: what the client was shown before it wrote. ``unheld``: parameters that this OX has no place for,
    although others have; it has none for people without a usable address either."""
    theirs, ours, before = people(sent, user), people(shown, user), people(former, user) if former else {}
    for name, prop in theirs.items():
        if name not in ours:
            if _is_kept_whole(name, prop, shown) or (unheld and address(prop) is None):
                yield Person(name, state(shown, name, prop, user), prop)
            continue
        shown_first = [key for key, _ in ours[name].params]
        known = {*shown_first, *(_OF_OX - unheld)} - (_replaced(prop, ours[name], _organizes(name, ours)) & unheld)
        extra = tuple((key, values) for key, values in prop.params if key not in known)
        if extra:  # in the order ``put`` writes them
            extra = tuple(sorted(extra, key=lambda param: (*shown_first, param[0]).index(param[0])))
            line = Property(prop.name, extra, ours[name].value)
            yield Person(name, state(shown, name, line, user), line)
    if "ATTENDEE:me" in ours and "ATTENDEE:me" not in theirs and "ATTENDEE:me" not in before:
        yield Person("ATTENDEE:me", state(shown, "ATTENDEE:me", None, user), None)


def _replaced(sent: Property, shown: Property, organizes: bool) -> frozenset[str]:
    """Which parameters the client's line says otherwise than OX can. An answer is the one OX holds, but for those it
    does not know (DELEGATED), and for the organizer's own in somebody else's meeting, whom it asks for one."""
    kind, answer = ((sent.param(name) or "").upper() for name in ("CUTYPE", "PARTSTAT"))
    held = (shown.param("PARTSTAT") or "NEEDS-ACTION").upper()
    found = {"CUTYPE"} if kind and kind != (shown.param("CUTYPE") or "INDIVIDUAL").upper() else set()
    if answer and answer != held and (answer not in _ANSWERS or (organizes and held == "NEEDS-ACTION")):
        found.add("PARTSTAT")
    return frozenset(found)


def _organizes(name: str, shown: dict[str, Property]) -> bool:
    """Whether an attendee is somebody else who organizes the meeting."""
    kind, _, who = name.partition(":")
    return kind == "ATTENDEE" and who != "me" and f"ORGANIZER:{who}" in shown


def _is_kept_whole(name: str, prop: Property, shown: Component) -> bool:
    """The user's own lines where OX shows no meeting; of tasks all lines then, as OX has no place for somebody else's
    invitation, and those it takes no address of."""
    if shown.name == "VTODO" and not (is_meeting(shown) and address(prop)):
        return True
    return name.endswith(":me") and not is_meeting(shown)


def state(shown: Component, name: str, line: Property | None, user: CalendarUser) -> tuple[object, ...]:
    """What a wording depends on: to hide somebody, all that OX shows of him; else whether he is there, and what OX
    shows of what the wording replaces."""
    there = people(shown, user).get(name)
    if there is None:
        return ("meeting",) if is_meeting(shown) else ("alone",)
    if line is None:
        return said(there)
    return ("there", *sorted((key, there.param(key)) for key, _ in line.params if key in _REPLACED))


def is_meeting(shown: Component) -> bool:
    return shown.first("ORGANIZER") is not None


def is_kept_person(family: str) -> bool:
    return family.startswith(tuple(f"{name}:" for name in _NAMES))


def put(component: Component, name: str, line: Property | None, user: CalendarUser) -> None:
    """Let the client's line stand beside or instead of what the component shows of a person."""
    there = people(component, user).get(name)
    if there is None:
        component.properties.extend([] if line is None else [line])
        return
    place = next(index for index, prop in enumerate(component.properties) if prop is there)
    if line is None:
        del component.properties[place]
        return
    replacing = {key: values for key, values in line.params if key in _REPLACED}
    shown = tuple((key, replacing.get(key, values)) for key, values in there.params)
    known = {key for key, _ in shown}
    extra = tuple((key, values) for key, values in line.params if key not in known)
    component.properties[place] = Property(there.name, shown + extra, there.value, there.group)


def take_out(
    component: Component, name: str, line: Property | None, shown: Property | None, user: CalendarUser
) -> None:
    """The opposite for what a client sent back: only what OX can hold of the person stays."""
    there = people(component, user).get(name)
    if there is None:
        if line is None and shown is not None:
            component.properties.append(shown)
        return
    place = next(index for index, prop in enumerate(component.properties) if prop is there)
    if shown is None:
        del component.properties[place]
    elif line is not None:
        params = tuple(param for param in there.params if param not in line.params)
        taken = {key for key, _ in there.params} - {key for key, _ in params}
        params += tuple(param for param in shown.params if param[0] in taken & _REPLACED)
        component.properties[place] = Property(there.name, params, there.value, there.group)


def people(component: Component, user: CalendarUser) -> dict[str, Property]:
    """The people of a component by name; of several lines of one person the first counts."""
    found: dict[str, Property] = {}
    for prop in component.properties:
        if prop.name in _NAMES:
            found.setdefault(f"{prop.name}:{_who(prop, user)}", prop)
    return found


def _who(prop: Property, user: CalendarUser) -> str:
    found = address(prop)
    if found is None:
        return prop.value.strip().lower()
    if found.get("entity") == user.user_id or user.owns(str(found.get("uri") or "")):
        return "me"
    return str(found.get("uri") or f"entity:{found['entity']}").lower()
