"""What counts as the same in calendar objects, what as repaired, lost, added."""

from __future__ import annotations

import pytest

from gateway.roundtrip.calendars import compare
from gateway.roundtrip.findings import Verdict
from tests.roundtrip.texts import BERLIN, END, START, calendar, differences, event, events, zone

SAME = {
    "order and case": (["summary:a", "LOCATION:b"], ["LOCATION:b", "SUMMARY:a"]),
    "bookkeeping": (["LAST-MODIFIED:20270101T000000Z", "CREATED:20270101T000000Z"], ["CREATED:20280101T000000Z"]),
    "defaults": (["CLASS:PUBLIC", "TRANSP:OPAQUE", "SEQUENCE:0", "PRIORITY:0"], []),
    "empty texts": (["SUMMARY:", "LOCATION:", "DESCRIPTION:"], []),
    "an end by its length": (["DURATION:PT1H"], [END]),
    "no end and an end at the start": ([], ["DTEND;TZID=Europe/Berlin:20270301T090000"]),
    "the order of a list": (["CATEGORIES:a,b\\,c"], ["CATEGORIES:b\\,c", "CATEGORIES:a"]),
    "line ends in texts": (["DESCRIPTION:a\\nb"], ["DESCRIPTION:a\\Nb"]),
    "needless escapes": (["X-OWN:a\\,b"], ["X-OWN:a,b"]),
    "attendees": (
        ["ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL;RSVP=FALSE:MAILTO:A@example.org"],
        ["ATTENDEE:mailto:a@example.org"],
    ),
    "quotes": (['ATTENDEE;CN="A":mailto:a@example.org'], ["ATTENDEE;CN=A:mailto:a@example.org"]),
    "a rule": (["RRULE:FREQ=WEEKLY;BYDAY=WE,MO;INTERVAL=1"], ["RRULE:BYDAY=MO,WE;FREQ=WEEKLY;WKST=MO"]),
    "excluded dates": (
        ["RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20270302T090000,20270303T090000"],
        ["RRULE:FREQ=DAILY", "EXDATE:20270303T080000Z", "EXDATE:20270302T080000Z"],
    ),
    "a period as long as the event": (
        [END, "RRULE:FREQ=DAILY", "RDATE;VALUE=PERIOD:20270501T080000Z/PT1H"],
        [END, "RRULE:FREQ=DAILY", "RDATE:20270501T080000Z"],
    ),
}

LOST = {
    "a text": (["SUMMARY:a"], [], ["SUMMARY lost"]),
    "a changed text": (["SUMMARY:a"], ["SUMMARY:b"], ["SUMMARY lost"]),
    "a parameter": (["SUMMARY;LANGUAGE=de:a"], ["SUMMARY:a"], ["SUMMARY;LANGUAGE lost"]),
    "a changed parameter": (["X;P=1:a"], ["X;P=2:a"], ["X;P lost"]),
    "one of several": (["COMMENT:a", "COMMENT:b"], ["COMMENT:b"], ["COMMENT lost"]),
    "a category": (["CATEGORIES:a,b"], ["CATEGORIES:a"], ["CATEGORIES lost"]),
    "a cut category": (["CATEGORIES:a\\,b"], ["CATEGORIES:a,b"], ["CATEGORIES lost", "CATEGORIES added"]),
    "an answer": (
        ["ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.org"],
        ["ATTENDEE:mailto:a@x.org"],
        ["ATTENDEE;PARTSTAT lost"],
    ),
    "an end": ([END], [], ["DTEND lost"]),
    "a rule": (["RRULE:FREQ=DAILY;COUNT=3"], ["RRULE:FREQ=DAILY;COUNT=4"], ["RRULE lost"]),
    "an exclusion": (["RRULE:FREQ=DAILY", "EXDATE:20270302T080000Z"], ["RRULE:FREQ=DAILY"], ["EXDATE lost"]),
    "a flag without a value": (["X-FLAG:"], [], ["X-FLAG lost"]),
    "privacy": (["CLASS:PRIVATE"], [], ["CLASS lost"]),
    "an alarm": (["BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "END:VALARM"], [], ["VALARM lost"]),
    "an alarm's time": (
        ["BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "END:VALARM"],
        ["BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT6M", "END:VALARM"],
        ["VALARM.TRIGGER lost"],
    ),
}

REPAIRED = {
    "an exclusion of nothing": (
        ["RRULE:FREQ=DAILY", "EXDATE:20270302T090000Z"],
        ["RRULE:FREQ=DAILY"],
        "EXDATE repaired: it excludes no occurrence",
    ),
    "a rule in other words": (
        ["RRULE:FREQ=WEEKLY;COUNT=4"],
        ["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO"],
        "RRULE repaired: the same occurrences, said in another way",
    ),
    "a date that is the start": (
        ["RRULE:FREQ=DAILY", "RDATE;TZID=Europe/Berlin:20270301T090000"],
        ["RRULE:FREQ=DAILY"],
        "RDATE repaired: it is DTSTART",
    ),
    "an item twice": (["CATEGORIES:a,b,a"], ["CATEGORIES:a,b"], "CATEGORIES repaired: it stands there twice"),
    "an end before the start": (["DTEND:20260101T000000Z"], [], "DTEND repaired: ends before it starts"),
    "two of what stands once": (["STATUS:CONFIRMED", "STATUS:TENTATIVE"], ["STATUS:CONFIRMED"], "STATUS repaired"),
    "no value of its type": (["GEO:here"], [], "GEO repaired"),
    "no address": (["ORGANIZER;CN=x:nobody"], [], "ORGANIZER repaired: not an address"),
    "another zone of a single event": (
        ["DTEND:20270301T100000Z"],
        ["DTEND;TZID=Europe/Berlin:20270301T110000"],
        "DTEND;TZID repaired: the same instants in another time zone",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same(case: str) -> None:
    sent, got = SAME[case]
    assert events([START, *sent], [START, *got]) == []
    assert events([START, *got], [START, *sent]) == []


@pytest.mark.parametrize("case", LOST)
def test_lost(case: str) -> None:
    sent, got, expected = LOST[case]
    assert events([START, *sent], [START, *got]) == expected


@pytest.mark.parametrize("case", REPAIRED)
def test_repaired(case: str) -> None:
    sent, got, expected = REPAIRED[case]
    (found,) = events([START, *sent], [START, *got])
    assert found.startswith(expected)


def test_added() -> None:
    assert events([START], [START, "COMMENT:a"]) == ["COMMENT added"]
    assert events([START], [START, "SEQUENCE:1"]) == ["SEQUENCE added: OX counts changes itself"]


@pytest.mark.parametrize("tzid", ["Anywhere", "/mozilla.org/20050126_1/Europe/Berlin", "W. Europe Standard Time"])
def test_a_zone_by_another_name_is_the_same(tzid: str) -> None:
    sent = [f"DTSTART;TZID={tzid}:20270301T090000", "RRULE:FREQ=WEEKLY;COUNT=40"]
    assert events(sent, [START, "RRULE:FREQ=WEEKLY;COUNT=40"], zone(tzid)) == []


def test_a_series_in_a_zone_with_other_rules_is_not_the_same() -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=40"
    found = events([START, rule], ["DTSTART;TZID=Africa/Lagos:20270301T090000", rule])
    assert found == ["DTSTART;TZID lost"]


def test_a_series_that_ends_before_the_rules_differ_is_repaired() -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=5"
    found = events([START, rule], ["DTSTART;TZID=Africa/Lagos:20270301T090000", rule])
    assert found == ["DTSTART;TZID repaired: the same instants in another time zone"]


def test_a_zone_that_nobody_knows_is_repaired_whatever_becomes_of_it() -> None:
    found = events(["DTSTART;TZID=Nowhere:20270301T090000"], [START])
    assert found == ["DTSTART repaired: a time zone that nobody knows"]


def test_floating_time_is_not_time_in_a_zone() -> None:
    assert events(["DTSTART:20270301T090000"], [START]) == ["DTSTART lost"]
    assert events(["DTSTART;VALUE=DATE:20270301"], ["DTSTART:20270301T000000"]) == ["DTSTART lost"]


def test_days_are_nominal_and_hours_exact() -> None:
    start = "DTSTART;TZID=Europe/Berlin:20270327T120000"
    assert events([start, "DURATION:P1D"], [start, "DTEND;TZID=Europe/Berlin:20270328T120000"]) == []
    assert events([start, "DURATION:PT24H"], [start, "DTEND;TZID=Europe/Berlin:20270328T130000"]) == []


SERIES = [START, END, "RRULE:FREQ=DAILY;COUNT=5", "SUMMARY:s"]


def instance(*lines: str, when: str = ";TZID=Europe/Berlin:20270303T090000") -> str:
    return event(f"RECURRENCE-ID{when}", *lines)


def test_instances_are_found_by_their_instant() -> None:
    moved = ["DTSTART;TZID=Europe/Berlin:20270303T150000", "SUMMARY:s"]
    sent = calendar(event(*SERIES), instance(*moved))
    got = calendar(instance(*moved, when=":20270303T080000Z"), event(*SERIES))
    assert differences(sent, got) == []


def test_a_missing_instance_is_lost() -> None:
    sent = calendar(event(*SERIES), instance("DTSTART;TZID=Europe/Berlin:20270303T150000"))
    assert differences(sent, calendar(event(*SERIES))) == ["VEVENT (instance) lost"]


def test_a_period_may_come_back_as_an_instance() -> None:
    sent = calendar(event(*SERIES, "RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20270401T090000/PT3H"))
    long = ["DTSTART;TZID=Europe/Berlin:20270401T090000", "DURATION:PT3H", "SUMMARY:s"]
    got = calendar(
        event(*SERIES, "RDATE;TZID=Europe/Berlin:20270401T090000"),
        instance(*long, when=f";TZID={BERLIN}:20270401T090000"),
    )
    assert differences(sent, got) == [
        "RDATE;PERIOD repaired: an instance says so",
        "VEVENT (instance) added: an occurrence of a length of its own",
    ]
    assert differences(sent, calendar(event(*SERIES, "RDATE;TZID=Europe/Berlin:20270401T090000"))) == [
        "RDATE;PERIOD lost"
    ]


def test_a_start_that_is_no_occurrence_may_move() -> None:
    found = events([START, "RRULE:FREQ=WEEKLY;BYDAY=TU"], [START.replace("0301", "0302"), "RRULE:FREQ=WEEKLY;BYDAY=TU"])
    assert found == ["DTSTART repaired: DTSTART is no occurrence of its rule"]


def test_components_inside_are_compared_with_their_like() -> None:
    alarms = [
        ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:a", "END:VALARM"],
        ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT9M", "DESCRIPTION:b", "END:VALARM"],
    ]
    assert events([START, *alarms[0], *alarms[1]], [START, *alarms[1], *alarms[0]]) == []
    place = ["BEGIN:VLOCATION", "NAME:a", "END:VLOCATION"]
    assert events([START, *place], [START]) == ["VLOCATION lost"]


def test_properties_of_the_calendar_count() -> None:
    sent = calendar("X-WR-CALNAME:a", event(START))
    assert differences(sent, calendar(event(START))) == ["VCALENDAR.X-WR-CALNAME lost"]


def test_inline_data_is_compared_by_its_octets() -> None:
    sent = [START, "ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVs\n bG8="]
    assert events(sent, [START, "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGVsbG8="]) == []
    assert events(sent, [START, "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGVsbG9v"]) == ["ATTACH lost"]


MOVED = ["DTSTART;TZID=Europe/Berlin:20270303T150000", "SUMMARY:s"]
IN_TIME = ["DTSTART;TZID=Europe/Berlin:20270303T090000", "DURATION:PT1H", "SUMMARY:t"]


LONGER = [IN_TIME[0], "DURATION:PT2H"]


@pytest.mark.parametrize(("lines", "expected"), [(MOVED, "repaired"), (IN_TIME, "lost"), (LONGER, "repaired")])
def test_whoever_is_asked_again_has_not_answered(lines: list[str], expected: str) -> None:
    answered, asked = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.org", "ATTENDEE:mailto:a@example.org"
    sent = calendar(event(*SERIES), instance(*lines, answered))
    (found,) = differences(sent, calendar(event(*SERIES), instance(*lines, asked)))
    assert found.startswith(f"ATTENDEE;PARTSTAT {expected}")


def test_names_of_users_are_of_ox() -> None:
    sent = calendar(event(START, "ATTENDEE;CN=Al:mailto:a@example.org"))
    got = calendar(event(START, "ATTENDEE;CN=Alice:mailto:a@example.org"))
    assert differences(sent, got) == ["ATTENDEE;CN lost"]
    (found,) = [one for one in compare(sent, got, frozenset(["a@example.org"])) if one.verdict is not Verdict.EQUAL]
    assert found.verdict is Verdict.REPAIRED


def test_other_addresses_may_be_told_by_their_mail_address() -> None:
    sent = [START, "ATTENDEE;EMAIL=a@example.org:/principals/a/"]
    (found,) = events(sent, [START, "ATTENDEE:mailto:a@example.org"])
    assert found == "ATTENDEE repaired: its mail address stands for it"


def test_a_range_may_come_back_as_single_instances() -> None:
    later = ["DTSTART;TZID=Europe/Berlin:20270303T150000", "DURATION:PT1H", "SUMMARY:s"]
    sent = calendar(event(*SERIES), instance(*later, when=";RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270303T090000"))
    also = [later[0].replace("0303T", "0304T"), *later[1:]]
    got = calendar(event(*SERIES), instance(*later), instance(*also, when=";TZID=Europe/Berlin:20270304T090000"))
    assert differences(sent, got) == [
        "RECURRENCE-ID;RANGE repaired: an override for each instance it is for",
        "VEVENT (instance) added: an override for each instance it is for",
    ]


def test_a_person_may_come_back_once() -> None:
    twice = ["ATTENDEE:mailto:a@example.net", "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:A@example.net"]
    assert events([START, *twice], [START, twice[0]]) == ["ATTENDEE repaired: it stands there twice"]
