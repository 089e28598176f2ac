"""Cards against filters, and what the hint of a filter promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dav.filters.card import CardFilter, PropFilter, hint, matches, needles
from gateway.dav.filters.collation import COLLATIONS, OCTET, UNICODE_CASEMAP
from gateway.dav.filters.elements import MatchType, ParamFilter, TextMatch
from mappings.contentline import Component, escape_text, fold, parse_tree

CARD = parse_tree(
    "\r\n".join(
        [
            "BEGIN:VCARD",
            "VERSION:3.0",
            "FN:Jürgen Müller",
            "N:Müller;Jürgen;;;",
            "EMAIL;TYPE=INTERNET,HOME:juergen@example.org",
            "EMAIL;TYPE=WORK:mueller@example.com",
            "item1.TEL:+49 1",
            "item1.X-ABLabel:Boat",
            "NOTE:one\\, two\\nthree",
            "END:VCARD",
            "",
        ]
    )
)


def contains(text: str, collation: str = UNICODE_CASEMAP, *, negate: bool = False) -> TextMatch:
    return TextMatch(text, collation, MatchType.CONTAINS, negate)


@pytest.mark.parametrize(
    ("prop", "expected"),
    [
        (PropFilter("FN"), True),
        (PropFilter("NICKNAME"), False),
        (PropFilter("NICKNAME", defined=False), True),
        (PropFilter("FN", defined=False), False),
        (PropFilter("FN", texts=(contains("MÜLLER"),)), True),
        (PropFilter("FN", texts=(contains("MÜLLER", OCTET),)), False),
        (PropFilter("NOTE", texts=(contains("one, two\nthree"),)), True),
        (PropFilter("TEL", group="ITEM1"), True),
        (PropFilter("TEL", group="ITEM2"), False),
        (PropFilter("EMAIL", texts=(contains("example.com"),)), True),
        (PropFilter("EMAIL", params=(ParamFilter("TYPE", text=contains("home")),)), True),
        (PropFilter("EMAIL", params=(ParamFilter("PREF"),)), False),
        (PropFilter("EMAIL", params=(ParamFilter("PREF", defined=False),)), True),
        (PropFilter("FN", texts=(contains("nobody"), contains("müller"))), True),
        (PropFilter("FN", every=True, texts=(contains("nobody"), contains("müller"))), False),
        # both conditions must hold for one and the same property
        (
            PropFilter(
                "EMAIL",
                every=True,
                texts=(contains("example.com"),),
                params=(ParamFilter("TYPE", text=contains("home")),),
            ),
            False,
        ),
        (
            PropFilter(
                "EMAIL",
                every=True,
                texts=(contains("example.com"),),
                params=(ParamFilter("TYPE", text=contains("work")),),
            ),
            True,
        ),
    ],
)
def test_one_property_filter(prop: PropFilter, expected: bool) -> None:
    assert matches(CardFilter(props=(prop,)), CARD) is expected


def test_without_property_filters_every_card_matches() -> None:
    assert matches(CardFilter(), CARD)
    assert matches(CardFilter(every=True), CARD)


def test_anyof_and_allof() -> None:
    props = (PropFilter("FN"), PropFilter("NICKNAME"))
    assert matches(CardFilter(props=props), CARD)
    assert not matches(CardFilter(every=True, props=props), CARD)


texts = st.builds(
    TextMatch,
    st.text(max_size=4) | st.sampled_from(["mül", "org", "juergen exa", "two"]),
    st.sampled_from(sorted(COLLATIONS)),
    st.sampled_from(MatchType),
    st.booleans(),
)
params = st.builds(ParamFilter, st.sampled_from(["TYPE", "PREF"]), st.booleans(), st.none() | texts)
props = st.builds(
    PropFilter,
    st.sampled_from(["FN", "EMAIL", "NOTE", "TEL", "NICKNAME"]),
    st.none() | st.just("ITEM1"),
    st.booleans(),
    st.booleans(),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(params, max_size=2).map(tuple),
)
filters = st.builds(CardFilter, st.booleans(), st.lists(props, max_size=3).map(tuple))


@given(filters)
def test_a_match_contains_the_words_of_the_hint(card_filter: CardFilter) -> None:
    whole = " ".join(prop.value for prop in CARD.properties).lower()
    if matches(card_filter, CARD):
        assert all(word in whole for word in hint(card_filter).text)


@given(filters)
def test_more_conditions_never_match_more(card_filter: CardFilter) -> None:
    every, any_of = (CardFilter(every, card_filter.props) for every in (True, False))
    assert matches(any_of, CARD) or not matches(every, CARD)


@given(st.sampled_from(["FN", "TEL", "NICKNAME"]), st.sampled_from([CARD, Component("VCARD")]))
def test_not_defined_is_the_opposite_of_defined(name: str, card: Component) -> None:
    results = {matches(CardFilter(props=(PropFilter(name, defined=defined),)), card) for defined in (True, False)}
    assert results == {True, False}


@given(st.text("aÄß,; \\\n:", min_size=1, max_size=4), st.sampled_from(sorted(COLLATIONS)), st.sampled_from(MatchType))
def test_the_quick_look_never_hides_a_match(text: str, collation: str, how: MatchType) -> None:
    value = escape_text(f"{text} and more of it that makes the line so long that it has to be folded: {text}")
    lines = ["BEGIN:VCARD", "VERSION:3.0", fold(f"NOTE:{value}"), "END:VCARD", ""]
    card = "\r\n".join(lines)
    for wanted in (text, text.upper(), text[:1]):
        prop = PropFilter("NOTE", texts=(TextMatch(wanted, collation, how),))
        card_filter = CardFilter(props=(prop,))
        if matches(card_filter, parse_tree(card)):
            assert needles(card_filter).in_text(card)


def test_the_quick_look_leaves_out_what_cannot_match() -> None:
    absent = needles(CardFilter(props=(PropFilter("FN", texts=(contains("Muller"),)),)))
    assert not absent.in_text("BEGIN:VCARD\r\nFN:Ada\r\nEND:VCARD\r\n")
    negated = needles(CardFilter(props=(PropFilter("FN", texts=(contains("Ada", negate=True),)),)))
    assert negated.in_text("BEGIN:VCARD\r\nFN:Bob\r\nEND:VCARD\r\n")
