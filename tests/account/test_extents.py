"""What touches a range is found without a look at everything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.account.extents import Extents
from gateway.account.index import Member, Piece
from gateway.account.memo import ChangeLog

Range = tuple[int | None, int | None]
Change = tuple[int, tuple[Piece, ...] | None]

DAY = 24 * 3600 * 1000
days = st.integers(-100, 100).map(lambda day: day * DAY // 2)
limits = st.none() | days
pieces = st.tuples(limits, limits).map(lambda limit: Piece("1", 1, *limit))
spans = st.lists(pieces, min_size=1, max_size=3).map(tuple)
changes = st.lists(st.tuples(st.integers(0, 7), spans | st.none()), max_size=25)
ranges = st.tuples(limits, limits)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(changes, ranges), max_size=4), st.integers(0, 8))
def test_ranges_are_answered_as_by_a_look_at_all(
    lives: list[tuple[list[Change], tuple[int | None, int | None]]], most: int
) -> None:
    """Members come, change and go between two questions."""
    log, members = ChangeLog(), dict[str, Member]()
    extents = Extents(log, most)
    for happened, (start, end) in lives:
        for number, span in happened:
            name = str(number)
            log.note(name)
            if span is None:
                members.pop(name, None)
            elif name in members and number % 2:
                members[name].pieces = span
            else:
                members[name] = Member(name, name, None, span, 1)
        found = sorted(member.name for member in extents.touching(start, end, members.values(), members.get))
        assert found == sorted(member.name for member in members.values() if member.overlaps(start, end))
