"""What a malformed or unsupported filter is answered with."""

import pytest

from gateway.dav.errors import (
    BadRequest,
    DAVError,
    SupportedAddressCollation,
    SupportedAddressFilter,
    SupportedCollation,
    SupportedFilter,
    ValidFilter,
)
from gateway.dav.filters import calendar, card
from gateway.dav.xml import Element, parse

RANGE = '<time-range start="20270102T000000Z"/>'


def element(text: str, namespace: str) -> Element:
    parsed = parse(f'<filter xmlns="urn:ietf:params:xml:ns:{namespace}">{text}</filter>'.encode())
    assert parsed is not None
    return parsed


def in_calendar(text: str) -> str:
    return f'<comp-filter name="VCALENDAR">{text}</comp-filter>'


def in_event(text: str) -> str:
    return in_calendar(f'<comp-filter name="VEVENT">{text}</comp-filter>')


def in_summary(text: str) -> str:
    return in_event(f'<prop-filter name="SUMMARY">{text}</prop-filter>')


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ValidFilter),
        ('<comp-filter name="VEVENT"/>', ValidFilter),
        (in_calendar("") * 2, ValidFilter),
        ("<comp-filter/>", ValidFilter),
        ('<prop-filter name="UID"/>', ValidFilter),
        (in_calendar('<comp-filter name="VALARM"/>'), ValidFilter),
        (in_event('<comp-filter name="VTODO"/>'), ValidFilter),
        (in_event('<comp-filter name="VCALENDAR"/>'), ValidFilter),
        (in_event("<is-not-defined/><prop-filter name='UID'/>"), ValidFilter),
        (in_event("<time-range/>"), ValidFilter),
        (in_event('<time-range start="20270101"/>'), ValidFilter),
        (in_event('<time-range start="20270101T000000"/>'), ValidFilter),
        (in_event('<time-range start="20271301T000000Z"/>'), ValidFilter),
        (in_event('<time-range start="20270101T000000Z" end="20270101T000000Z"/>'), ValidFilter),
        (in_event('<time-range start="20270102T000000Z" end="20270101T000000Z"/>'), ValidFilter),
        (in_event(RANGE * 2), ValidFilter),
        (in_event("<text-match>x</text-match>"), ValidFilter),
        (in_calendar(RANGE), ValidFilter),
        (
            in_calendar(f'<comp-filter name="VTIMEZONE">{RANGE}' + "</comp-filter>"),
            ValidFilter,
        ),
        (in_summary(RANGE), ValidFilter),
        (in_summary('<text-match negate-condition="maybe">x</text-match>'), ValidFilter),
        (in_summary('<text-match collation="i;unknown">x</text-match>'), SupportedCollation),
        (
            in_summary('<param-filter name="LANGUAGE">' + RANGE + "</param-filter>"),
            ValidFilter,
        ),
        ('<comp-filter name="VCALENDAR" test="anyof"/>', SupportedFilter),
        (in_event('<prop-filter name="UID"/>' * 1000), SupportedFilter),
    ],
)
def test_calendar_filter_is_refused(text: str, error: type[DAVError]) -> None:
    with pytest.raises(error):
        calendar.decode_filter(element(text, "caldav"))


def test_calendar_filter_is_required() -> None:
    with pytest.raises(ValidFilter):
        calendar.decode_filter(None)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<prop-filter/>", BadRequest),
        ('<prop-filter name="FN"/>' * 1000, SupportedAddressFilter),
        ('<prop-filter name="item1."/>', BadRequest),
        ('<comp-filter name="VCARD"/>', BadRequest),
        ('<prop-filter name="FN" test="one"/>', BadRequest),
        ('<prop-filter name="FN"><is-not-defined/><text-match>x</text-match></prop-filter>', BadRequest),
        ('<prop-filter name="FN"><text-match match-type="regex">x</text-match></prop-filter>', BadRequest),
        ('<prop-filter name="FN"><text-match negate-condition="1">x</text-match></prop-filter>', BadRequest),
        ('<prop-filter name="FN"><text-match collation="x">x</text-match></prop-filter>', SupportedAddressCollation),
        (
            '<prop-filter name="FN"><param-filter name="X"><text-match/><text-match/></param-filter></prop-filter>',
            BadRequest,
        ),
    ],
)
def test_card_filter_is_refused(text: str, error: type[DAVError]) -> None:
    with pytest.raises(error):
        card.decode_filter(element(text, "carddav"))
