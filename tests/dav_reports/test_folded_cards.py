"""What is found by searching folded texts: never less than what a look at each card finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dav.filters.card import CardFilter, PropFilter, folded, matches, needles
from gateway.dav.filters.collation import COLLATIONS
from gateway.dav.filters.elements import MatchType, TextMatch
from mappings.contentline import parse_tree

letters = st.text(st.sampled_from("aAéÉeǅßſıİ e\u0301\u0327 12 Ω\U0001d400"), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.lists(letters, min_size=1, max_size=5), letters, st.sampled_from(sorted(COLLATIONS)))
def test_all_matching_cards_are_found(names: list[str], wanted: str, collation: str) -> None:
    condition = PropFilter("FN", texts=(TextMatch(wanted, collation, MatchType.CONTAINS),))
    card_filter = CardFilter(props=(condition,))
    cards = [f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nEND:VCARD\r\n" for name in names]
    keys = needles(card_filter).folded
    for text in cards:
        if matches(card_filter, parse_tree(text)):
            assert all(key in folded(text) for key in keys)


def test_pictures_are_not_searched() -> None:
    text = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nPHOTO;ENCODING=b:{'QUJD' * 2000}\r\nNOTE:tall\r\nEND:VCARD\r\n"
    assert len(folded(text)) < 100
    assert "NOTE:TALL" in folded(text)
