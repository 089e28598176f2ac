"""Scheduling messages that came by mail: what they mean, and what they do."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleware.ical.reading import read_calendar
from middleware.itip import deliver
from middleware.running import Running
from tests.middleware_chronos.people import FAR_FUTURE, Person, meeting

BOSS = "ORGANIZER;CN=Boss:mailto:boss@example.net"
ALICE = "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:alice@example.com"
MANY_ANSWERS = {"accept", "tentative", "decline"}


def message(method: str, *lines: str, uid: str = "m@example.net") -> str:
    event = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT"]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", *event, "END:VCALENDAR", ""]
    return "\r\n".join(whole)


def invitation(*more: str, sequence: int = 0, summary: str = "Plan") -> str:
    times = ("DTSTART:20270405T090000Z", "DTEND:20270405T100000Z")
    return message("REQUEST", f"SEQUENCE:{sequence}", f"SUMMARY:{summary}", *times, BOSS, ALICE, *more)


class Inbox:
    """The mails of alice, and her calls about them."""

    def __init__(self, server: Running, alice: Person) -> None:
        self._context = server.context
        self._alice = alice

    def receive(self, text: str) -> int:
        mail = EmailMessage()
        mail.set_content("See the attachment.")
        mail.add_attachment(text.encode(), maintype="text", subtype="calendar")
        return deliver(self._context, 3, mail.as_bytes())

    async def call(self, action: str, number: int, part: str = "2") -> Any:
        prefix = "com.openexchange.mail.conversion."
        named = {"fullname": "default0/INBOX", "mailid": str(number), "sequenceid": part}
        body = {prefix + name: value for name, value in named.items()}
        return await self._alice.client.call("chronos/itip", action, body=body)

    async def analyze(self, number: int) -> dict[str, Any]:
        (found,) = (await self.call("analyze", number))["data"]
        return dict(found)


async def listed(alice: Person) -> list[dict[str, Any]]:
    answer = await alice.call("all", folder=alice.folder, rangeStart="20270101T000000Z", rangeEnd="20280101T000000Z")
    events: list[dict[str, Any]] = answer["data"]
    return events


async def test_an_invitation_is_answered(server: Running, alice: Person) -> None:
    inbox = Inbox(server, alice)
    number = inbox.receive(invitation())
    found = await inbox.analyze(number)
    assert found["changes"][0]["type"] == "CREATE"
    assert set(found["actions"]) > MANY_ANSWERS
    assert await listed(alice) == []

    (event,) = (await inbox.call("decline", number))["data"]
    own = next(one for one in event["attendees"] if one.get("entity") == 3)
    assert own["partStat"] == "DECLINED"
    assert set((await inbox.analyze(number))["actions"]) == MANY_ANSWERS


async def test_a_change_keeps_the_answer_unless_there_is_another(server: Running, alice: Person) -> None:
    inbox = Inbox(server, alice)
    await inbox.call("accept", inbox.receive(invitation()))
    number = inbox.receive(invitation("LOCATION:Elsewhere", sequence=1))
    found = await inbox.analyze(number)
    assert found["annotations"][0]["message"] == 'Boss <boss@example.net> has changed the appointment "Plan".'
    done = (await inbox.call("apply_change", number))["data"]
    (event,) = done["updated"]
    assert (event["location"], event["sequence"]) == ("Elsewhere", 1)
    assert [one["partStat"] for one in event["attendees"] if one.get("entity") == 3] == ["ACCEPTED"]
    assert (await inbox.call("apply_change", inbox.receive(invitation())))["code"] == "CAL-4121"


async def test_a_detached_occurrence(server: Running, alice: Person) -> None:
    inbox = Inbox(server, alice)
    number = inbox.receive(invitation("RECURRENCE-ID:20270405T080000Z"))
    await inbox.analyze(number)
    await inbox.call("accept", number)
    (event,) = await listed(alice)
    assert event["recurrenceId"] == "20270405T080000Z"
    cancel = invitation("RECURRENCE-ID:20270405T080000Z", "STATUS:CANCELLED").replace("REQUEST", "CANCEL")
    await inbox.call("apply_remove", inbox.receive(cancel))
    assert await listed(alice) == []
    assert (await inbox.call("apply_remove", inbox.receive(cancel)))["code"] == "CAL-4040"


async def test_answers_of_strangers_and_to_other_peoples_meetings(server: Running, alice: Person, bob: Person) -> None:
    inbox = Inbox(server, alice)
    own = await alice.new(meeting(attendees=[{"entity": 3}, {"uri": "mailto:guest@example.org"}]))
    other = await bob.new(meeting(attendees=[{"entity": 4}, {"entity": 3}]))
    times = ("DTSTART:20270405T070000Z", "DTEND:20270405T080000Z", "ORGANIZER:mailto:alice@example.com")

    def reply(uid: str, address: str) -> str:
        return message("REPLY", *times, f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{address}", uid=uid)

    assert (await inbox.call("update", inbox.receive(reply(own["uid"], "who@example.org"))))["code"] == "CAL-4043"
    assert (await inbox.call("update", inbox.receive(reply(other["uid"], "bob@example.com"))))["code"] == "CAL-4038"
    assert (await inbox.call("update", inbox.receive(reply("nothing", "bob@example.com"))))["code"] == "CAL-4040"
    (event,) = (await inbox.call("update", inbox.receive(reply(own["uid"], "guest@example.org"))))["data"]
    assert {one["partStat"] for one in event["attendees"]} == {"ACCEPTED", "TENTATIVE"}


async def test_meetings_of_the_same_server_are_only_answered(server: Running, alice: Person, bob: Person) -> None:
    inbox = Inbox(server, alice)
    event = await bob.new(meeting("Inside", attendees=[{"entity": 4}, {"entity": 3}]))
    text = invitation(summary="Forged").replace("m@example.net", event["uid"])
    await inbox.call("accept", inbox.receive(text))
    answer = await bob.call("get", folder=bob.folder, id=event["id"])
    assert answer["data"]["summary"] == "Inside"
    assert [one["partStat"] for one in answer["data"]["attendees"]] == ["ACCEPTED", "ACCEPTED"]


async def test_mails_are_the_users_own(server: Running, alice: Person, bob: Person) -> None:
    number = Inbox(server, alice).receive(invitation())
    assert (await Inbox(server, bob).call("accept", number))["code"] == "SVL-0011"
    assert (await alice.client.call("chronos/itip", "analyze", body={}))["code"] == "SVL-0009"
    assert (await Inbox(server, alice).call("accept", number, part="1"))["data"]
    await alice.call("delete", [{"folder": alice.folder, "id": "1"}], timestamp=FAR_FUTURE)


PIECES = """SUMMARY:x|RRULE:FREQ=DAILY|RRULE:FREQ=NEVER|DTEND:1|DURATION:P9999999999W|GEO:a;b|RDATE:2027|x
RECURRENCE-ID:20270405|ATTENDEE:|ORGANIZER:nobody|BEGIN:VALARM|END:VALARM|TRIGGER:-PT|ATTACH;ENCODING=BASE64:%
EXDATE;TZID=Mars:20270405T090000,x|CATEGORIES:,"""
PIECE = st.sampled_from([*PIECES.replace("\n", "|").split("|"), "SEQUENCE:" + "9" * 5000, BOSS, ALICE])


@given(st.lists(PIECE, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_read(lines: list[str]) -> None:
    read = read_calendar(message("REQUEST", "DTSTART:20270405T090000Z", *lines), "Europe/Berlin")
    assert all(one.body["startDate"] for events in read.events.values() for one in events)
