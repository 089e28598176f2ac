"""SCHEDULE-AGENT (RFC 6638 7.1): who sends the messages of a meeting, the server, the client, or nobody."""

from collections.abc import Iterator

from mappings.calendar.people import address, is_user
from mappings.calendar.user import CalendarUser
from mappings.contentline import Component, Property


def server_sends(calendar: Component, user: CalendarUser) -> bool:
    """Whether the server sends messages about what ``user`` writes. OX can only send to everybody or to nobody, so it
    is everybody as soon as one attendee is the server's; attendees answer if the organizer is the server's."""
    people = list(_people(calendar))
    organizers = [prop for prop in people if prop.name == "ORGANIZER"]
    if organizers and not any(_is(prop, user) for prop in organizers):
        return any(map(_is_servers, organizers))
    others = [prop for prop in people if prop.name == "ATTENDEE" and not _is(prop, user)]
    return not others or any(map(_is_servers, others))


def _people(calendar: Component) -> Iterator[Property]:
    for component in calendar.components:
        yield from (prop for prop in component.properties if prop.name in ("ORGANIZER", "ATTENDEE"))


def _is(prop: Property, user: CalendarUser) -> bool:
    person = address(prop)
    return person is not None and is_user(person, user)


def _is_servers(prop: Property) -> bool:
    """Agents that nobody knows mean NONE."""
    return (prop.param("SCHEDULE-AGENT") or "SERVER").strip().upper() == "SERVER"
