"""Days in all spellings, with and without year."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.contacts import dates
from mappings.contacts.change import changes, create
from mappings.contacts.render import render
from tests.mappings.contacts.cards import card, lines

LEAP_DAY = -11_544_768_000_000


@pytest.mark.parametrize(
    ("spelling", "milliseconds"),
    [
        ("BDAY:1980-02-29", 320630400000),
        ("BDAY;VALUE=date:19800229", 320630400000),
        ("BDAY:1980-02-29T23:30:00Z", 320630400000),
        ("BDAY;VALUE=DATE-AND-OR-TIME:19800229T000033", 320630400000),
        ("BDAY:1815-07-31", -4873132800000),
        ("BDAY:0001-01-01", -62135596800000),
        ("BDAY:--0229", LEAP_DAY),
        ("BDAY:--02-29", LEAP_DAY),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", LEAP_DAY),
    ],
)
def test_birthdays_are_read(spelling: str, milliseconds: int) -> None:
    assert create(card(spelling)).fields["birthday"] == milliseconds


@pytest.mark.parametrize(
    "spelling",
    [
        "BDAY:1985",
        "BDAY:1985-04",
        "BDAY:---15",
        "BDAY;VALUE=text:circa 1800",
        "BDAY:1981-02-29",
        "BDAY:70-7-14",
        "BDAY:٢٠٢٠0101",
    ],
)
def test_what_is_no_day_stays_residue_until_ox_gets_one(spelling: str) -> None:
    change = create(card(spelling))
    assert "birthday" not in change.fields
    assert spelling in lines(render({"id": "1"}, extra=change.overflow))
    assert lines(render({"birthday": 0}, extra=change.overflow))[2:] == ["BDAY;VALUE=date:1970-01-01"]


@pytest.mark.parametrize(
    "spelling",
    [
        "ANNIVERSARY:20150808",
        "X-ANNIVERSARY:2015-08-08",
        "X-EVOLUTION-ANNIVERSARY:2015-08-08",
        "item1.X-ABDATE:2015-08-08",
    ],
)
def test_anniversaries_in_all_dialects(spelling: str) -> None:
    change = create(card(spelling, "item1.X-ABLabel:_$!<Anniversary>!$_"))
    assert change.fields == {"anniversary": 1438992000000}


def test_another_labelled_date_is_no_anniversary() -> None:
    assert create(card("item1.X-ABDATE:2015-08-08", "item1.X-ABLabel:Umzug")).fields == {}


def test_a_year_less_day_is_written_as_apple_does() -> None:
    text = render({"birthday": LEAP_DAY, "anniversary": LEAP_DAY})
    assert "BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:1604-02-29" in lines(text)
    assert "item1.X-ABDATE;VALUE=date;X-APPLE-OMIT-YEAR=1604:1604-02-29" in lines(text)


def test_a_stamp_within_a_day_is_that_day_and_no_change() -> None:
    contact = {"birthday": 12345}
    assert "BDAY;VALUE=date:1970-01-01" in lines(render(contact))
    assert changes(contact, None, card("BDAY:1970-01-01")).fields == {}


@pytest.mark.parametrize("beyond", [10**18, -(10**17), "soon", True, None])
def test_days_no_card_can_show_are_left_alone(beyond: object) -> None:
    contact = {"display_name": "x", "birthday": beyond}
    text = render(contact)
    assert "BDAY" not in text
    assert changes(contact, None, card("FN:x", "N:x;;;;")).fields == {}


@given(st.dates())
def test_days_survive(day: datetime.date) -> None:
    assert dates.from_milliseconds(dates.to_milliseconds(day)) == day
    assert dates.parse(day.isoformat()) == day
    assert dates.parse(day.isoformat().replace("-", "")) == day
