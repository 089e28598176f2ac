"""Which members match a filter, where only their texts can tell. Verdicts are kept until a member changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

from gateway.dav.errors import DAVError
from gateway.dav.ports import ObjectCollection
from gateway.dav.reports.objects import unusable
from gateway.dav.turns import in_turns
from gateway.dav.values import Body
from mappings.calendar.times import Times, event_times, months_around
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

T = TypeVar("T")

Verdict = bool | DAVError
"""Whether a member matches, or why that cannot be told."""


class Judge(Protocol):
    """Tells of members whether they match."""

    def verdicts(self, collection: ObjectCollection, names: Sequence[str]) -> AsyncIterator[tuple[str, Verdict]]:
        """For each of ``names`` that exists, in their order. Costs the texts of those that are judged anew."""


@dataclass(frozen=True, slots=True)
class ByText:
    """``matches`` decides and may raise InvalidData. ``form``: all that it decides by beside the text."""

    form: str
    matches: Callable[[str], bool]

    async def verdicts(self, collection: ObjectCollection, names: Sequence[str]) -> AsyncIterator[tuple[str, Verdict]]:
        async for found in _made_of(collection, names, self.form, self._judged):
            yield found

    def _judged(self, body: Body) -> Verdict:
        try:
            return self.matches(body.text)
        except InvalidData as error:
            return unusable(error)


@dataclass(frozen=True, slots=True)
class ByTimes:
    """Events in a time range. ``exactly`` decides where the times of a member are not enough to tell."""

    start: datetime
    end: datetime | None
    floating: tzinfo
    exactly: ByText

    async def verdicts(self, collection: ObjectCollection, names: Sequence[str]) -> AsyncIterator[tuple[str, Verdict]]:
        covered = months_around(self.start, self.end)
        form = f"times {covered} {self.floating}"
        verdicts: dict[str, Verdict] = {}
        unknown: list[str] = []
        async for name, times in _made_of(collection, names, form, lambda body: self._times(body, *covered)):
            overlap = times.overlap(self.start, self.end)
            if overlap is None:
                unknown.append(name)
            else:
                verdicts[name] = overlap
        async for name, verdict in self.exactly.verdicts(collection, unknown):
            verdicts[name] = verdict
        for name in names:
            if name in verdicts:
                yield name, verdicts[name]

    def _times(self, body: Body, start: datetime, end: datetime) -> Times:
        try:
            return event_times(parse_tree(body.text), start, end, self.floating)
        except InvalidData:  # perhaps in this range only
            return Times.unknown()


async def _made_of(
    collection: ObjectCollection, names: Sequence[str], form: str, make: Callable[[Body], T]
) -> AsyncIterator[tuple[str, T]]:
    remaining = iter(names)
    async for values in in_turns(collection.made_of(names, form, make)):
        for value, name in zip(values, remaining, strict=False):
            if value is not None:
                yield name, value
