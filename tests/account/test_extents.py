"""What touches a range is found without a look at everything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.account.extents import Extents
from gateway.account.index import Member, Piece

DAY = 24 * 3600 * 1000
days = st.integers(-100, 100).map(lambda day: day * DAY // 2)
limits = st.none() | days
pieces = st.tuples(limits, limits).map(lambda limit: Piece("1", 1, *limit))
members = st.lists(st.lists(pieces, min_size=1, max_size=3).map(lambda some: Member("1", "1", None, tuple(some), 1)))


@settings(max_examples=300, deadline=None)
@given(members, limits, limits)
def test_ranges_are_answered_as_by_a_look_at_all(everything: list[Member], start: int | None, end: int | None) -> None:
    found = {id(member) for member in Extents(everything).touching(start, end)}
    assert found == {id(member) for member in everything if member.overlaps(start, end)}
