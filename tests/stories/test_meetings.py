"""Meetings between users of the same OX: invitations arrive, answers travel back."""

from __future__ import annotations

from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.stories.conftest import BOTH

GENERATIONS = BOTH

PEOPLE = [
    "ORGANIZER;CN=Alice Archer:mailto:alice@example.com",
    "ATTENDEE;CN=Alice Archer;PARTSTAT=ACCEPTED:mailto:alice@example.com",
    "ATTENDEE;CN=Bob Baker;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.com",
]


def answered(text: str, status: str) -> str:
    """Bob's copy with his participation changed."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return "\r\n".join(
        line.replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={status}") if "bob@example.com" in line else line
        for line in lines
    )


async def test_an_invitation_arrives_and_the_answer_travels_back(alice: DAV, bob: DAV, calendar: str) -> None:
    mine = child(calendar, "meeting-1.ics")
    (await alice.put(mine, event("meeting-1", "Planning", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "meeting-1")
    text = (await bob.get(theirs)).expect(200).text
    assert "SUMMARY:Planning" in text
    (await bob.put(theirs, answered(text, "ACCEPTED"))).expect(204, 201)
    seen = (await alice.get(mine)).text.replace("\r\n ", "")
    assert any("bob@example.com" in line and "PARTSTAT=ACCEPTED" in line for line in seen.split("\r\n")), seen


async def test_an_attendees_other_changes_are_dropped_not_refused(
    alice: DAV, bob: DAV, alice_ox: OX, calendar: str
) -> None:
    (await alice.put(child(calendar, "meeting-2.ics"), event("meeting-2", "Mine", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "meeting-2")
    text = answered((await bob.get(theirs)).text, "TENTATIVE").replace("SUMMARY:Mine", "SUMMARY:Bob was here")
    (await bob.put(theirs, text)).expect(204, 201)
    stored = await alice_ox.event("meeting-2")
    assert stored["summary"] == "Mine"
    assert {one["email"]: one["partStat"] for one in stored["attendees"]}["bob@example.com"] == "TENTATIVE"


async def test_an_attendee_who_deletes_declines(alice: DAV, bob: DAV, alice_ox: OX, calendar: str) -> None:
    (await alice.put(child(calendar, "meeting-3.ics"), event("meeting-3", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "meeting-3")
    (await bob.delete(theirs)).expect(204)
    (await bob.get(theirs)).expect(404)
    assert await alice_ox.event("meeting-3")


async def test_a_cancelled_meeting_leaves_the_attendees_calendar(alice: DAV, bob: DAV, calendar: str) -> None:
    mine = child(calendar, "meeting-4.ics")
    (await alice.put(mine, event("meeting-4", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "meeting-4")
    (await alice.delete(mine)).expect(204)
    (await bob.get(theirs)).expect(404)


async def test_an_attendees_alarm_is_hers_alone(alice: DAV, bob: DAV, calendar: str) -> None:
    mine = child(calendar, "meeting-5.ics")
    (await alice.put(mine, event("meeting-5", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "meeting-5")
    text = (await bob.get(theirs)).text
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT42M\r\nDESCRIPTION:x\r\nEND:VALARM\r\n"
    (await bob.put(theirs, text.replace("END:VEVENT", alarm + "END:VEVENT"))).expect(204, 201)
    assert "-PT42M" in (await bob.get(theirs)).text
    assert "-PT42M" not in (await alice.get(mine)).text


async def resource(client: DAV, uid: str) -> str:
    """Href of the resource with that uid in the default calendar."""
    calendar = (await client.calendars())["Calendar"]
    filters = (
        '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID">'
        f'<C:text-match collation="i;octet">{uid}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>'
    )
    (found,) = (await client.query(calendar, filters)).responses
    return found
