"""CALDAV:expand (RFC 4791 9.6.5) in ranges that move with the clock: of each event the instances of whole months are
kept, ready to be sent, and those of the range are picked. Where there are too many of them the event is expanded anew.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from itertools import chain, islice

from gateway.dav.properties.members import Members
from gateway.dav.properties.model import OfBody
from gateway.dav.values import Body
from gateway.dav.xml import escape
from mappings.calendar.expanded import expanded_events
from mappings.calendar.overlap import Range, event_overlaps
from mappings.calendar.times import months_around
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

_HERE = "\0"
"""Marks the place of calendar-data in a response: no XML can hold this character."""


@dataclass(frozen=True, slots=True)
class _Response:
    """Of one member, with its ``instances`` in some months: start, end and what is sent of each. Not ``known``: the
    member has to be expanded for each range."""

    opening: str = ""
    instances: tuple[tuple[datetime, datetime, str], ...] = ()
    closing: str = ""
    known: bool = True

    def within(self, span: Range) -> str:
        texts = [text for start, end, text in self.instances if event_overlaps(span, start, end)]
        return "".join([self.opening, *texts, self.closing])

    def __sizeof__(self) -> int:
        """With the texts, about."""
        texts = sum(200 + sys.getsizeof(text) for _, _, text in self.instances)
        return 200 + sys.getsizeof(self.opening) + sys.getsizeof(self.closing) + texts


_UNKNOWN = _Response(known=False)


@dataclass(frozen=True, slots=True)
class Expanding:
    """Writes responses of events whose property ``name`` is their text, expanded from ``start`` to ``end``.
    ``floating``: the zone of floating times."""

    name: str
    start: datetime
    end: datetime
    floating: tzinfo

    async def responses(self, writer: Members, names: Sequence[str]) -> AsyncIterator[Sequence[str | None]]:
        """See ``Members.with_bodies``."""
        span, months = Range(self.start, self.end), months_around(self.start, self.end)
        form = f"expanded {months} {self.floating}"
        frame = writer.with_value(self.name, OfBody(form, lambda body: _HERE))
        remaining = iter(names)
        async for found in writer.collection.made_of(names, frame.form, partial(self._made, frame, months)):
            some = list(islice(remaining, len(found)))
            unknown = [name for name, response in zip(some, found, strict=True) if response is _UNKNOWN]
            exact = dict(zip(unknown, chain(*[batch async for batch in writer.one_by_one(unknown)]), strict=True))
            yield [
                exact.get(name) if response is None or response is _UNKNOWN else response.within(span)
                for name, response in zip(some, found, strict=True)
            ]

    def _made(self, frame: Members, months: tuple[datetime, datetime], body: Body) -> _Response:
        parts = frame.response(body.entry, body).split(_HERE)
        try:
            expanded = expanded_events(parse_tree(body.text), *months, self.floating)
        except InvalidData:  # perhaps in these months only
            return _UNKNOWN
        if expanded is None or len(parts) != 2:
            return _UNKNOWN
        before, after = parts
        instances = tuple((start, end, escape(text)) for start, end, text in expanded.instances)
        return _Response(before + escape(expanded.opening), instances, escape(expanded.closing) + after)
