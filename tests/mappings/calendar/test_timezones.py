"""Which zone a client means, and the VTIMEZONEs we write."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from mappings.calendar.definitions import defined_offset, matching_zone
from mappings.calendar.timezones import resolve, zone
from mappings.calendar.vtimezone import same_zone, vtimezone
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, parse_tree


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("W. Europe Standard Time 1", "Europe/Berlin"),
        ('"Central Standard Time"', "America/Chicago"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("/citadel.org/20190914_1/Europe/London", "Europe/London"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("GMT", "UTC"),
        ("GMT+0100", "Etc/GMT-1"),
        ("UTC-05:00", "Etc/GMT+5"),
        ("Amsterdam, Belgrade, Berlin", "Europe/Amsterdam"),
        ("(UTC-03:00) Brasília", "America/Sao_Paulo"),
        ("(UTC-05:00) Eastern Time (US and Canada)", "America/New_York"),
        ("Kuala Lumpur, Singapore", "Asia/Kuala_Lumpur"),
        ("America/Los Angeles", "America/Los_Angeles"),
        ("custom_America/New_York", "America/New_York"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("Customized Time Zone", None),
        ("(GMT +01:00)", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_names(tzid: str, name: str | None) -> None:
    assert resolve(tzid) == name
    assert (zone(tzid) is UTC) is (name == "UTC")


BERLIN_BY_OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def test_a_definition_is_matched_with_the_zone_of_the_same_clock() -> None:
    assert matching_zone(parse_tree(BERLIN_BY_OUTLOOK), 2027) == "Europe/Berlin"
    other = BERLIN_BY_OUTLOOK.replace("-1SU;BYMONTH=10", "1SU;BYMONTH=11").replace("-1SU;BYMONTH=3", "2SU;BYMONTH=3")
    other = other.replace("+0200", "-0400").replace("+0100", "-0500").replace("T030000", "T020000")
    assert matching_zone(parse_tree(other), 2027) == "America/New_York"


def test_definitions_since_the_first_year() -> None:
    assert matching_zone(parse_tree(BERLIN_BY_OUTLOOK.replace("16010101", "00010101")), 2027) == "Europe/Berlin"


@pytest.mark.parametrize("name", ["Europe/Dublin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_our_own_definitions_are_matched_too(name: str) -> None:
    definition = parse_tree(vtimezone(name, 2027, None))
    found = matching_zone(definition, 2027)
    assert found is not None
    assert same_zone(found, name, 2027)


def test_a_clock_nobody_keeps_still_tells_the_time() -> None:
    text = BERLIN_BY_OUTLOOK.replace("+0100", "+0117").replace("+0200", "+0217")
    definition = parse_tree(text)
    assert matching_zone(definition, 2027) is None
    assert defined_offset(definition, datetime(2027, 7, 1)) == timedelta(hours=2, minutes=17)
    zones = Zones(Component("VCALENDAR", [], [definition]), ZoneInfo("Asia/Tokyo"))
    start = Property("DTSTART", (("TZID", ("Customized Time Zone",)),), "20270701T021700")
    assert zones.moment(start) == datetime(2027, 7, 1, tzinfo=UTC)


def test_an_offset_is_better_than_nothing() -> None:
    zones = Zones(Component("VCALENDAR"), ZoneInfo("Asia/Tokyo"))
    start = Property("DTSTART", (("TZID", ("(GMT +01:00)",)),), "20270701T021700")
    assert zones.moment(start) == datetime(2027, 7, 1, 2, 17, tzinfo=ZoneInfo("Etc/GMT-1"))
    text = BERLIN_BY_OUTLOOK.replace("BYMONTH=3", "BYMONTH=1")
    zones = Zones(Component("VCALENDAR", [], [parse_tree(text)]))
    start = Property("DTSTART", (("TZID", ("Customized Time Zone",)),), "20270701T021700")
    assert zones.moment(start) == datetime(2027, 7, 1, 2, 17, tzinfo=ZoneInfo("Etc/GMT-2"))


@pytest.mark.parametrize(
    "text",
    [
        BERLIN_BY_OUTLOOK.replace("FREQ=YEARLY", "FREQ=SECONDLY"),
        BERLIN_BY_OUTLOOK.replace("+0200", "two"),
        "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nEND:VTIMEZONE",
    ],
)
def test_hostile_definitions_end_in_the_fallback(text: str) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    zones = Zones(Component("VCALENDAR", [], [parse_tree(text)]), tokyo)
    start = Property("DTSTART", (("TZID", ("Customized Time Zone",)),), "20270701T021700")
    assert zones.moment(start) == datetime(2027, 7, 1, 2, 17, tzinfo=tokyo)


ZONES = [
    *("Europe/Berlin", "Europe/Dublin", "Europe/Moscow", "America/New_York", "America/Sao_Paulo", "Asia/Tokyo"),
    *("Asia/Jerusalem", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran"),
]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [1975, 1996, 2011, 2027])
def test_written_definitions_tell_the_right_time(name: str, year: int) -> None:
    """Read by the icalendar library, and compared on every third day of the years from the first one on."""
    text = "BEGIN:VCALENDAR\r\n" + vtimezone(name, year, None) + "END:VCALENDAR\r\n"
    calendar = icalendar.Calendar.from_ical(text)
    (component,) = calendar.walk("VTIMEZONE")
    assert isinstance(component, icalendar.Timezone)
    theirs = component.to_tz(lookup_tzid=False)
    ours = ZoneInfo(name)
    at = datetime(year, 1, 2, 12)
    while at.year < min(year + 12, 2036):
        assert at.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=ours).utcoffset(), at
        at += timedelta(days=3)


def test_the_definition_of_a_zone_is_the_same_for_all_years_of_one_rule() -> None:
    assert vtimezone("Europe/Berlin", 2003, 2003) == vtimezone("Europe/Berlin", 2027, None)
    assert vtimezone("UTC", 2027, None) == ""
    assert vtimezone("Nowhere", 2027, None) == ""


def test_the_zone_of_an_object_by_name_or_definition_alone() -> None:
    zones = Zones(Component("VCALENDAR", [], [parse_tree(BERLIN_BY_OUTLOOK)]), ZoneInfo("Asia/Tokyo"))
    assert zones.zone("Customized Time Zone") == ZoneInfo("Europe/Berlin")
    assert zones.zone("America/New_York") == ZoneInfo("America/New_York")
    assert zones.zone("Nowhere") is None
