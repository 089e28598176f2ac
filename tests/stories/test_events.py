"""Single events: what a DAV client writes OX shows, what OX writes a DAV client gets."""

from __future__ import annotations

from urllib.parse import unquote

from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.stories.conftest import BOTH

GENERATIONS = BOTH


async def test_a_new_event_is_in_ox_and_comes_back(alice: DAV, alice_ox: OX, calendar: str) -> None:
    lines = [
        "LOCATION:Room 9",
        "DESCRIPTION:First line\\nsecond\\, with comma",
        "CATEGORIES:Work,Trips",
        "CLASS:PRIVATE",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "URL:https://example.org/x",
        "GEO:52.5;13.4",
        "COLOR:tomato",
        "X-CUSTOM;X-PARAM=1:kept",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        "DESCRIPTION:Soon",
        "END:VALARM",
    ]
    href = child(calendar, "new-event.ics")
    (await alice.put(href, event("new-event-uid", "Kick-off", lines=lines), if_none_match="*")).expect(201)

    stored = await alice_ox.event("new-event-uid")
    assert stored["summary"] == "Kick-off"
    assert stored["location"] == "Room 9"
    assert stored["startDate"] == {"value": "20270301T090000", "tzid": "Europe/Berlin"}
    assert stored["description"] == "First line\nsecond, with comma"
    assert sorted(stored["categories"]) == ["Trips", "Work"]
    assert stored["class"] in ("PRIVATE", "CONFIDENTIAL")  # OX 7.8 has but one of them
    assert stored["transp"] == "TRANSPARENT"

    answer = (await alice.get(href)).expect(200)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    unfolded = answer.text.replace("\r\n ", "")
    for line in ("UID:new-event-uid", "SUMMARY:Kick-off", "LOCATION:Room 9", "X-CUSTOM;X-PARAM=1:kept", "COLOR:tomato"):
        assert line in unfolded, unfolded
    assert "DESCRIPTION:First line\\nsecond\\, with comma" in unfolded
    assert "TRIGGER:-PT15M" in unfolded
    assert "ORGANIZER" not in unfolded
    assert "ATTENDEE" not in unfolded


async def test_an_event_made_in_ox_appears(alice: DAV, alice_ox: OX, calendar: str) -> None:
    await alice_ox.add_event(summary="From the web", uid="web-1@example.com")
    listed = (await alice.propfind(calendar, "D:getetag", depth=1)).responses
    href = child(calendar, "web-1@example.com.ics")
    found = [one for one in listed if "web-1" in one]
    assert found
    answer = (await alice.get(found[0])).expect(200)
    assert "SUMMARY:From the web" in answer.text
    assert answer.etag == listed[found[0]].text("D:getetag")
    assert (await alice.get(href)).status == 200


async def test_a_change_moves_the_etag_and_reaches_ox(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "changing.ics")
    (await alice.put(href, event("changing-uid", "Before"))).expect(201)
    before = (await alice.get(href)).etag
    assert before
    (await alice.put(href, event("changing-uid", "After"), if_match=before)).expect(204)
    assert (await alice_ox.event("changing-uid"))["summary"] == "After"
    after = await alice.get(href)
    assert after.etag != before
    assert "SUMMARY:After" in after.text


async def test_a_removed_property_is_removed_in_ox(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "clearing.ics")
    (await alice.put(href, event("clearing-uid", lines=["LOCATION:Here", "DESCRIPTION:Text"]))).expect(201)
    (await alice.put(href, event("clearing-uid"))).expect(204)
    stored = await alice_ox.event("clearing-uid")
    assert "location" not in stored
    assert "description" not in stored


async def test_stale_and_wrong_conditions_change_nothing(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "conditions.ics")
    (await alice.put(href, event("conditions-uid", "One"), if_match='"nothing there"')).expect(412)
    (await alice.put(href, event("conditions-uid", "One"), if_none_match="*")).expect(201)
    (await alice.put(href, event("conditions-uid", "Two"), if_none_match="*")).expect(412)
    old = (await alice.get(href)).etag
    assert old
    await alice_ox.change_event(await alice_ox.event("conditions-uid"), summary="Changed in OX")
    (await alice.put(href, event("conditions-uid", "Three"), if_match=old)).expect(412)
    (await alice.delete(href, if_match=old)).expect(412)
    assert (await alice_ox.event("conditions-uid"))["summary"] == "Changed in OX"
    assert (await alice.get(href, if_none_match=(await alice.get(href)).etag or "")).status == 304


async def test_writing_back_what_was_read_does_not_write(alice: DAV, alice_ox: OX, calendar: str) -> None:
    await alice_ox.add_event(summary="Untouched", uid="untouched@example.com", location="There")
    href = child(calendar, "untouched@example.com.ics")
    text = (await alice.get(href)).expect(200).text
    before = (await alice_ox.event("untouched@example.com"))["timestamp"]
    (await alice.put(href, text)).expect(204)
    assert (await alice_ox.event("untouched@example.com"))["timestamp"] == before


async def test_delete_is_a_deletion_in_ox_and_the_name_is_free_again(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "going.ics")
    (await alice.put(href, event("going-uid"))).expect(201)
    (await alice.delete(href)).expect(204)
    (await alice.get(href)).expect(404)
    (await alice.delete(href)).expect(404)
    assert not [one for one in await alice_ox.events() if one["uid"] == "going-uid"]
    (await alice.put(href, event("going-uid", "Back"))).expect(201)
    assert "SUMMARY:Back" in (await alice.get(href)).text


async def test_names_chosen_by_clients_last(alice: DAV, calendar: str) -> None:
    names = ("plain.ics", "with space.ics", "ünïcode.ics", "a+b%20c.ics", "no-extension", "UPPER.ICS", "semi;colon")
    for name in names:
        href = child(calendar, name)
        (await alice.put(href, event(f"uid of {name}", name))).expect(201)
        (await alice.get(href)).expect(200)
    listed = {unquote(href) for href in (await alice.propfind(calendar, "D:getetag", depth=1)).responses}
    for name in names:
        assert calendar + name in listed, name


async def test_the_same_uid_under_another_name_is_refused_with_the_href(alice: DAV, calendar: str) -> None:
    href = child(calendar, "first-name.ics")
    (await alice.put(href, event("one-uid"))).expect(201)
    answer = (await alice.put(child(calendar, "second-name.ics"), event("one-uid"))).expect(409, 403)
    assert answer.precondition("C:no-uid-conflict")
    assert answer.xml.findtext(".//{DAV:}href") == href
    (await alice.get(child(calendar, "second-name.ics"))).expect(404)


async def test_all_day_events_stay_days(alice: DAV, alice_ox: OX, calendar: str) -> None:
    text = event("days-uid").replace("DTSTART;TZID=Europe/Berlin:20270301T090000", "DTSTART;VALUE=DATE:20270301")
    text = text.replace("DTEND;TZID=Europe/Berlin:20270301T100000", "DTEND;VALUE=DATE:20270303")
    (await alice.put(child(calendar, "days.ics"), text)).expect(201)
    stored = await alice_ox.event("days-uid")
    assert (stored["startDate"], stored["endDate"]) == ({"value": "20270301"}, {"value": "20270303"})
    assert "DTSTART;VALUE=DATE:20270301" in (await alice.get(child(calendar, "days.ics"))).text
