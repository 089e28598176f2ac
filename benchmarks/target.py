"""A server to be measured: where its collections are, and how somebody else changes something there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import answers, requests
from benchmarks.connection import Connection
from benchmarks.ours import Ours
from benchmarks.peers import Peer
from benchmarks.process import Process


@dataclass(slots=True)
class Target:
    """``processes``: all that work for an answer, first the one that clients talk to.

    ``change(count, number)``: ``count`` events get a new text, for the ``number``. time. ``calls``: to OX so far.
    """

    name: str
    connection: Connection
    home: str
    calendar: str
    book: str
    processes: Sequence[Process]
    change: Callable[[int, int], None]
    calls: Callable[[], int] = lambda: 0
    quiet: bool = False
    """Nothing was changed since the last rest."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What rows have to remember: members, tokens."""

    @property
    def events(self) -> list[str]:
        """The hrefs of all events."""
        if "events" not in self.notes:
            listed = answers.ask(self.connection, requests.listing(self.calendar))
            self.notes["events"] = sorted(answers.members(listed))
        found: list[str] = self.notes["events"]
        return found

    def text(self, href: str) -> str:
        return answers.ask(self.connection, requests.get(href)).body.decode()


def gateway(ours: Ours, port: int = 0) -> Target:
    """The gateway (another one at ``port`` if given); the filled collections are the first of their homes."""
    connection = Connection(port or ours.gateway.port)
    principal = answers.href_in(answers.ask(connection, requests.principal("/")), "{DAV:}current-user-principal")
    homes = answers.ask(connection, requests.homes(principal))
    calendars = answers.href_in(homes, "{urn:ietf:params:xml:ns:caldav}calendar-home-set")
    books = answers.href_in(homes, "{urn:ietf:params:xml:ns:carddav}addressbook-home-set")
    calendar = answers.hrefs(answers.ask(connection, requests.home(calendars)))[1]
    book = answers.hrefs(answers.ask(connection, requests.home(books)))[1]
    folder = f"cal://0/{calendar.split('/')[-2]}"
    return Target(
        "gateway",
        connection,
        calendars,
        calendar,
        book,
        (ours.gateway, ours.ox),
        lambda count, number: ours.other.change(folder, count, number),
        ours.upstream_calls,
    )


def peer(served: Peer) -> Target:
    connection = Connection(served.process.port)
    target = Target(
        served.process.name,
        connection,
        served.home,
        served.calendar,
        served.book,
        (served.process,),
        lambda count, number: None,
    )
    target.change = lambda count, number: _change(target, count, number)
    return target


def _change(target: Target, count: int, number: int) -> None:
    """Through another connection, as another client would."""
    other = Connection(target.processes[0].port)
    if not target.events:
        raise answers.Unexpected(f"{target.name} holds nothing")
    spread = target.events[number % 7 :: max(1, len(target.events) // count)][:count]
    for href in spread:
        text = target.text(href).replace("\nEND:VEVENT", f"\nX-CHANGED:{number}\r\nEND:VEVENT", 1)
        answers.ask(other, requests.put(href, text))
    other.close()
