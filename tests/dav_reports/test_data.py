"""Parts of objects: calendar-data and address-data."""

from datetime import UTC
from pathlib import Path

import pytest

from gateway.dav.errors import BadRequest
from gateway.dav.names import caldav
from gateway.dav.reports.data import CalendarData, decode_address_data, decode_calendar_data
from gateway.dav.xml import Element, parse
from tests.dav_reports.texts import calendar, event, vevent

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nnot even parsed\r\nEND:VCARD\r\n"


def element(text: str, namespace: str = "caldav", name: str = "calendar-data") -> Element:
    parsed = parse(f'<{name} xmlns="urn:ietf:params:xml:ns:{namespace}">{text}</{name}>'.encode())
    assert parsed is not None
    return parsed


def test_the_whole_text_is_passed_on_untouched() -> None:
    assert decode_calendar_data(element("")) == CalendarData()
    assert decode_calendar_data(element("")).render("not even parsed", UTC) == "not even parsed"
    assert decode_address_data(element("<allprop/>", "carddav", "address-data")).render(CARD) is CARD


@pytest.mark.parametrize("source", sorted(GOLDEN.glob("calendar-data-*.xml")), ids=lambda path: path.stem)
def test_golden(source: Path) -> None:
    """The request, and beside it what of ``calendar-data-source.ics`` is answered."""
    request = parse(source.read_bytes())
    assert request is not None
    found = request.find(caldav("calendar-data"))
    text = (GOLDEN / "calendar-data-source.ics").read_bytes().decode()
    data = decode_calendar_data(request if found is None else found)
    assert data.render(text, UTC) == source.with_suffix(".ics").read_bytes().decode()


@pytest.mark.parametrize(
    "text",
    [
        "<comp/>",
        '<comp name="VEVENT"/>',
        '<comp name="VCALENDAR"><prop/></comp>',
        '<comp name="VCALENDAR"><comp/></comp>',
        "<expand/>",
        '<expand start="20270101T000000Z"/>',
        '<expand start="20270101" end="20270102"/>',
        '<limit-recurrence-set start="20270102T000000Z" end="20270101T000000Z"/>',
        '<expand start="20270101T000000Z" end="20270102T000000Z"/>'
        '<limit-recurrence-set start="20270101T000000Z" end="20270102T000000Z"/>',
    ],
)
def test_malformed(text: str) -> None:
    with pytest.raises(BadRequest):
        decode_calendar_data(element(text))


def test_values_can_be_left_out() -> None:
    text = '<comp name="VCALENDAR"><comp name="VEVENT"><prop name="SUMMARY" novalue="yes"/></comp></comp>'
    rendered = decode_calendar_data(element(text)).render(event("a", "20270101", "20270102"), UTC)
    assert rendered == "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def test_instances_are_expanded() -> None:
    text = '<expand start="20270406T000000Z" end="20270408T000000Z"/>'
    series = calendar(vevent("a", "20270405T090000Z", "20270405T100000Z", "RRULE:FREQ=DAILY"))
    rendered = decode_calendar_data(element(text)).render(series, UTC)
    assert "RRULE" not in rendered
    assert [line for line in rendered.splitlines() if line.startswith("DTSTART")] == [
        "DTSTART:20270406T090000Z",
        "DTSTART:20270407T090000Z",
    ]
