"""Which members need no look at their text to answer a time range."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.account.index import Member, Piece
from gateway.dav.values import Candidates, QueryHint
from tests.account.test_events import ics, vevent
from tests.account.world import World

HOUR = 3_600_000


def member(*pieces: Piece) -> Member:
    return Member("1", "1.ics", "u", pieces, 1)


def piece(start: int | None = 8 * HOUR, end: int | None = 9 * HOUR, *, exact: bool = True) -> Piece:
    return Piece("1", 1, start, end, exact=exact)


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (8 * HOUR, 9 * HOUR, True),
        (None, 8 * HOUR + 1, True),
        (9 * HOUR - 1, None, True),
        (9 * HOUR, 10 * HOUR, False),
        (7 * HOUR, 8 * HOUR, False),
    ],
)
def test_the_borders_are_those_of_the_specification(start: int | None, end: int | None, overlaps: bool) -> None:
    assert member(piece()).surely_overlaps(start, end) is overlaps


@pytest.mark.parametrize(
    "unsure",
    [
        (piece(exact=False),),
        (piece(end=None),),
        (piece(end=8 * HOUR),),
        (piece(), piece()),
    ],
)
def test_whatever_is_not_a_plain_event_is_never_certain(unsure: tuple[Piece, ...]) -> None:
    assert not member(*unsure).surely_overlaps(0, 24 * HOUR)


async def test_single_events_with_a_time_zone_are_certain(world: World) -> None:
    calendar = await world.calendar()
    await calendar.put("plain.ics", ics(vevent("u1", "Plain")), None)
    await calendar.put("daily.ics", ics(vevent("u2", "Daily", "RRULE:FREQ=DAILY;COUNT=5")), None)
    march = (datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    assert await calendar.candidates(QueryHint("VEVENT", *march)) == Candidates(["plain.ics"], ["daily.ics"])
    assert await calendar.candidates(QueryHint("VTODO", *march)) == Candidates()
    assert set((await calendar.candidates(QueryHint("VEVENT"))).names) == {"plain.ics", "daily.ics"}
    later = (march[0].replace(day=2), march[1])  # a day after it ended
    assert await calendar.candidates(QueryHint("VEVENT", *later)) == Candidates([], ["plain.ics", "daily.ics"])
