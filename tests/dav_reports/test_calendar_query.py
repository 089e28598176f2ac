"""calendar-query: what is asked of the account, what is answered, what is refused."""

from datetime import UTC, datetime

import pytest

from gateway.dav.reports.query import MAX_FAILURES
from gateway.dav.values import Candidates, QueryHint
from tests.dav.client import Answer, Client, clark, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import calendar, event, vevent

CALENDAR = "/calendars/3/31/"
ALL_EVENTS = '<C:comp-filter name="VEVENT"/>'


def in_event(text: str) -> str:
    return f'<C:comp-filter name="VEVENT">{text}</C:comp-filter>'


def time_range(start: str, end: str) -> str:
    return in_event(f'<C:time-range start="{start}" end="{end}"/>')


def body(inner: str, props: str = "D:getetag", more: str = "") -> str:
    asked = "".join(f"<{prop}/>" for prop in props.split())
    filter_text = f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
    return xml("C:calendar-query", f"<D:prop>{asked}</D:prop>{filter_text}{more}")


async def query(client: Client, inner: str, props: str = "D:getetag", more: str = "", **headers: str) -> Answer:
    return await client("REPORT", CALENDAR, body(inner, props, more), **{"depth": "1", **headers})


def bodies(tree: MemoryTree) -> list[str]:
    return [call for call in tree.upstream.calls if call.startswith("body")]


async def test_a_component_filter_needs_no_texts(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    assert (await query(client, ALL_EVENTS)).hrefs() == [f"{CALENDAR}a.ics"]
    assert (await query(client, "")).hrefs() == [f"{CALENDAR}a.ics"]
    assert (await query(client, '<C:comp-filter name="VTODO"/>')).hrefs() == []
    assert (await query(client, '<C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter>')).hrefs() == [
        f"{CALENDAR}a.ics"
    ]
    assert (await query(client, '<C:comp-filter name="VEVENT"><C:is-not-defined/></C:comp-filter>')).hrefs() == []
    assert not bodies(tree)


async def test_another_component_needs_no_texts_even_when_they_are_asked_for(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    assert (await query(client, '<C:comp-filter name="VTODO"/>', "C:calendar-data")).hrefs() == []
    assert not bodies(tree)


async def test_properties_decide(client: Client, tree: MemoryTree) -> None:
    for uid in "abc":
        tree.calendar.store(f"{uid}.ics", event(uid))
    wanted = in_event('<C:prop-filter name="UID"><C:text-match>B</C:text-match></C:prop-filter>')
    answer = await query(client, wanted, "D:getetag C:calendar-data")
    assert answer.hrefs() == [f"{CALENDAR}b.ics"]
    assert answer.prop(f"{CALENDAR}b.ics", "C:calendar-data").text == event("b")


async def test_time_decides(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("april.ics", event("april"))
    tree.calendar.store("may.ics", event("may", "20270505T090000Z", "20270505T100000Z"))
    answer = await query(client, time_range("20270401T000000Z", "20270501T000000Z"))
    assert answer.hrefs() == [f"{CALENDAR}april.ics"]


async def test_the_account_narrows(client: Client, tree: MemoryTree, monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[QueryHint] = []

    async def candidates(hint: QueryHint) -> Candidates:
        hints.append(hint)
        return Candidates()

    monkeypatch.setattr(tree.calendar, "candidates", candidates)
    await query(client, time_range("20270401T000000Z", "20270501T000000Z"))
    await query(client, in_event('<C:prop-filter name="UID"><C:text-match>A-1</C:text-match></C:prop-filter>'))
    start, end = datetime(2027, 4, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)
    assert hints == [
        QueryHint(component="VEVENT", start=start, end=end),
        QueryHint(component="VEVENT", uid_part="a-1"),
    ]


async def test_depth(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    assert (await query(client, ALL_EVENTS, depth="0")).hrefs() == []
    assert (await query(client, ALL_EVENTS, depth="infinity")).hrefs() == [f"{CALENDAR}a.ics"]
    assert (await client("REPORT", CALENDAR, body(ALL_EVENTS))).hrefs() == [f"{CALENDAR}a.ics"]


async def test_without_properties(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    content = f'<C:filter><C:comp-filter name="VCALENDAR">{ALL_EVENTS}</C:comp-filter></C:filter>'
    answer = await client("REPORT", CALENDAR, xml("C:calendar-query", content), depth="1")
    assert answer.properties(f"{CALENDAR}a.ics") == {}


BERLIN_DAY = ("20270404T220000Z", "20270404T223000Z")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # the calendar's zone is Europe/Berlin: its April 5th begins at 22:00 UTC
        ("", True),
        ("<C:timezone-id>America/New_York</C:timezone-id>", False),
        (
            "<C:timezone>BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VTIMEZONE\nTZID:America/New_York\n"
            "END:VTIMEZONE\nEND:VCALENDAR\n</C:timezone>",
            False,
        ),
    ],
)
async def test_all_day_events_are_in_some_zone(client: Client, tree: MemoryTree, more: str, expected: bool) -> None:
    tree.calendar.store("a.ics", event("a", ";VALUE=DATE:20270405", ";VALUE=DATE:20270406"))
    answer = await query(client, time_range(*BERLIN_DAY), more=more)
    assert bool(answer.hrefs()) is expected


@pytest.mark.parametrize(
    ("more", "precondition"),
    [
        ("<C:timezone-id>Nowhere/Land</C:timezone-id>", "C:valid-timezone"),
        ("<C:timezone>garbage</C:timezone>", "C:valid-calendar-data"),
        ("<C:timezone>BEGIN:VCALENDAR\nEND:VCALENDAR</C:timezone>", "C:valid-calendar-data"),
    ],
)
async def test_a_zone_that_is_none(client: Client, more: str, precondition: str) -> None:
    answer = await query(client, ALL_EVENTS, more=more)
    assert (answer.status, answer.precondition()) == (403, clark(precondition))


@pytest.mark.parametrize(
    ("inner", "props", "precondition"),
    [
        (in_event('<C:time-range start="now"/>'), "D:getetag", "C:valid-filter"),
        (
            in_event('<C:prop-filter name="UID"><C:text-match collation="x">a</C:text-match></C:prop-filter>'),
            "D:getetag",
            "C:supported-collation",
        ),
        (ALL_EVENTS, 'C:calendar-data content-type="application/calendar+json"', "C:supported-calendar-data"),
        (ALL_EVENTS, 'C:calendar-data version="3.0"', "C:supported-calendar-data"),
    ],
)
async def test_refused(client: Client, inner: str, props: str, precondition: str) -> None:
    filter_text = f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
    content = xml("C:calendar-query", f"<D:prop><{props}/></D:prop>{filter_text}")
    answer = await client("REPORT", CALENDAR, content, depth="1")
    assert (answer.status, answer.precondition()) == (403, clark(precondition))


async def test_a_filter_is_required(client: Client) -> None:
    answer = await client("REPORT", CALENDAR, xml("C:calendar-query", "<D:prop/>"), depth="1")
    assert answer.precondition() == clark("C:valid-filter")


async def test_an_overridden_instance_counts_for_itself(client: Client, tree: MemoryTree) -> None:
    series = vevent("a", "20270405T090000Z", "20270405T100000Z", "RRULE:FREQ=DAILY;COUNT=3")
    moved = vevent("a", "20270410T090000Z", "20270410T100000Z", "RECURRENCE-ID:20270406T090000Z")
    tree.calendar.store("a.ics", calendar(series, moved))
    for day, expected in [("05", True), ("06", False), ("07", True), ("08", False), ("10", True)]:
        answer = await query(client, time_range(f"202704{day}T000000Z", f"202704{day}T235959Z"))
        assert bool(answer.hrefs()) is expected, day


async def test_one_object_that_cannot_be_evaluated_does_not_fail_the_others(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("broken.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n")
    tree.calendar.store("good.ics", event("good"))
    answer = await query(client, in_event('<C:prop-filter name="UID"/>'))
    assert answer.hrefs() == [f"{CALENDAR}broken.ics", f"{CALENDAR}good.ics"]
    assert answer.response(f"{CALENDAR}broken.ics").findtext(clark("D:status"), "").startswith("HTTP/1.1 500")


ENDLESS = event("x", "19700101T000000Z", "19700101T000001Z", "RRULE:FREQ=SECONDLY;COUNT=100000000")


async def test_a_costly_recurrence_is_named_and_the_rest_is_answered(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("costly.ics", ENDLESS)
    tree.calendar.store("good.ics", event("good"))
    answer = await query(client, time_range("20270401T000000Z", "20270501T000000Z"))
    assert answer.hrefs() == [f"{CALENDAR}costly.ics", f"{CALENDAR}good.ics"]
    costly = answer.response(f"{CALENDAR}costly.ics")
    assert costly.findtext(clark("D:status")) == "HTTP/1.1 403 Forbidden"
    assert costly.find(f"{clark('D:error')}/{clark('C:max-instances')}") is not None


async def test_many_costly_recurrences_fail_the_query(client: Client, tree: MemoryTree) -> None:
    for number in range(MAX_FAILURES + 1):
        tree.calendar.store(f"{number}.ics", ENDLESS)
    answer = await query(client, time_range("20270401T000000Z", "20270501T000000Z"))
    assert (answer.status, answer.precondition()) == (403, clark("C:max-instances"))


async def test_data_that_cannot_be_expanded_is_a_property_that_fails(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("costly.ics", ENDLESS)
    data = '<C:calendar-data><C:expand start="20270401T000000Z" end="20270501T000000Z"/></C:calendar-data>'
    asked = f"<D:prop><D:getetag/>{data}</D:prop><D:href>{CALENDAR}costly.ics</D:href>"
    answer = await client("REPORT", CALENDAR, xml("C:calendar-multiget", asked))
    assert answer.prop(f"{CALENDAR}costly.ics", "D:getetag").text == '"1"'
    assert set(answer.properties(f"{CALENDAR}costly.ics", 403)) == {clark("C:calendar-data")}
    assert next(answer.root.iter(clark("C:max-instances")), None) is not None


async def test_expanded_instances(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a", "20270405T090000Z", "20270405T100000Z", "RRULE:FREQ=DAILY"))
    span = 'start="20270410T000000Z" end="20270412T000000Z"'
    wanted = in_event(f"<C:time-range {span}/>")
    filter_text = f'<C:filter><C:comp-filter name="VCALENDAR">{wanted}</C:comp-filter></C:filter>'
    asked = f"<D:prop><C:calendar-data><C:expand {span}/></C:calendar-data></D:prop>{filter_text}"
    answer = await client("REPORT", CALENDAR, xml("C:calendar-query", asked), depth="1")
    text = answer.prop(f"{CALENDAR}a.ics", "C:calendar-data").text or ""
    assert [line for line in text.splitlines() if line.startswith("RECURRENCE-ID")] == [
        "RECURRENCE-ID:20270410T090000Z",
        "RECURRENCE-ID:20270411T090000Z",
    ]
