"""Meetings: what an organizer and what an attendee may change, and how people are named."""

from typing import Any

import pytest

from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.steps import Attend, Create, DeleteInstance, Override, SetAlarms, Step, Update
from mappings.calendar.user import CalendarUser

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com", "aa@example.com"}), "Europe/Berlin")
BOB = CalendarUser(4, 2, "Bob Baker", frozenset({"bob@example.com"}), "Europe/Berlin")

A = {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com", "entity": 3}
B = {"uri": "mailto:bob@example.com", "cn": "Bob Baker", "email": "bob@example.com", "entity": 4}
EXT = {"uri": "mailto:ext@other.example", "cn": "Extern", "email": "ext@other.example", "partStat": "NEEDS-ACTION"}
BOSS = {"uri": "mailto:boss@other.example", "cn": "Boss", "email": "boss@other.example"}
TIMES = ("DTSTART;TZID=Europe/Berlin:20270310T090000", "DTEND;TZID=Europe/Berlin:20270310T100000")

Event = dict[str, Any]


def meeting(*people: Event, organizer: Event = A, flags: tuple[str, ...] = ("scheduled", "organizer")) -> Event:
    return {
        "id": "54",
        "uid": "m1",
        "folder": "cal://0/31",
        "timestamp": 1795324561671,
        "sequence": 1,
        "startDate": {"value": "20270310T090000", "tzid": "Europe/Berlin"},
        "endDate": {"value": "20270310T100000", "tzid": "Europe/Berlin"},
        "summary": "Meeting",
        "class": "PUBLIC",
        "transp": "OPAQUE",
        "organizer": organizer,
        "attendees": list(people),
        "flags": list(flags),
    }


def internal(person: Event, part_stat: str, **more: Any) -> Event:
    return person | {"cuType": "INDIVIDUAL", "partStat": part_stat, "folder": "31"} | more


ANSWERED = meeting(internal(A, "ACCEPTED"), internal(B, "ACCEPTED", comment="fine"), EXT)
INVITED = meeting(internal(A, "ACCEPTED"), internal(B, "NEEDS-ACTION"), flags=("scheduled", "attendee", "needs_action"))


def edited(
    event: Event, user: CalendarUser, *changes: tuple[str, str], current: list[Event] | None = None
) -> tuple[Step, ...]:
    """The plan for what a client makes of the rendered event."""
    text = render([event], user).replace("\r\n ", "")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return plan(current or [event], read(text.encode()), user)


def created(*lines: str, user: CalendarUser = ALICE) -> Event:
    body = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:m1", *TIMES, *lines, "END:VEVENT", "END:VCALENDAR", ""])
    (step,) = plan([], read(body.encode()), user)
    assert isinstance(step, Create)
    return step.event


def test_a_meeting_is_shown_with_its_people() -> None:
    text = render([ANSWERED], ALICE).replace("\r\n ", "")
    assert 'ORGANIZER;CN="Alice Archer":mailto:alice@example.com\r\n' in text
    assert 'ATTENDEE;CN="Alice Archer";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED:mailto:alice@example.com\r\n' in text
    assert 'PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="fine":mailto:bob@example.com\r\n' in text
    assert 'ATTENDEE;CN="Extern";PARTSTAT=NEEDS-ACTION:mailto:ext@other.example\r\n' in text
    assert plan([ANSWERED], read(text.encode()), ALICE) == ()
    assert plan([INVITED], read(render([INVITED], BOB).encode()), BOB) == ()


def test_a_new_meeting_leaves_the_organizer_to_ox() -> None:
    event = created(
        "ORGANIZER;CN=Alice:MAILTO:AA@example.com",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
        "ATTENDEE;CN=Bob;ROLE=OPT-PARTICIPANT;RSVP=TRUE;SCHEDULE-STATUS=1.1:MAILTO:bob@example.com",
    )
    assert "organizer" not in event
    assert event["attendees"][1] == {
        "uri": "mailto:bob@example.com",
        "cn": "Bob",
        "role": "OPT-PARTICIPANT",
        "rsvp": True,
    }


def test_the_copy_of_somebody_elses_meeting_keeps_its_organizer() -> None:
    event = created("ORGANIZER;CN=Boss:mailto:boss@other.example", "ATTENDEE:mailto:alice@example.com", "SEQUENCE:2")
    assert event["organizer"] == {"uri": "mailto:boss@other.example", "cn": "Boss"}
    assert event["attendees"] == [{"uri": "mailto:alice@example.com"}]
    assert event["sequence"] == 2


def test_a_meeting_of_nobody_but_oneself_is_none() -> None:
    event = created("ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:alice@example.com")
    assert "attendees" not in event


@pytest.mark.parametrize(
    ("line", "attendee"),
    [
        ("ATTENDEE:bob@example.com", {"uri": "mailto:bob@example.com"}),
        ("ATTENDEE:mailto: bob@example.com", {"uri": "mailto:bob@example.com"}),
        ("ATTENDEE;EMAIL=bob@example.com:urn:uuid:1234", {"uri": "mailto:bob@example.com"}),
        ("ATTENDEE;EMAIL=bob@example.com:/principals/users/4/", {"entity": 4, "cuType": "INDIVIDUAL"}),
        ("ATTENDEE:https://dav.example.com/dav/principals/resources/7", {"entity": 7, "cuType": "RESOURCE"}),
        (
            "ATTENDEE;CUTYPE=GROUP:urn:uuid:00000002-0000-0006-00fc-c0e11e000002",
            {"uri": "urn:uuid:00000002-0000-0006-00fc-c0e11e000002", "cuType": "GROUP"},
        ),
        ("ATTENDEE;EMAIL=bob@example.com:mailto:", {"uri": "mailto:bob@example.com"}),
    ],
)
def test_people_in_any_form(line: str, attendee: Event) -> None:
    assert created(line)["attendees"] == [attendee]


@pytest.mark.parametrize("line", ["ATTENDEE:nobody", "ATTENDEE:mailto:", "ATTENDEE:", "ATTENDEE:not a uri"])
def test_people_ox_would_refuse_are_kept_as_extended_properties(line: str) -> None:
    event = created(line)
    assert "attendees" not in event
    assert event["extendedProperties"] == {"ATTENDEE": {"value": line.partition(":")[2]}}


TEAM = "urn:uuid:00000002-0000-0006-00fc-c0e11e000002"


def test_members_and_unknown_parameters_survive() -> None:
    group = {
        "uri": "urn:uuid:00000002-0000-0006-00fc-c0e11e000002",
        "cn": "Team",
        "entity": 6,
        "cuType": "GROUP",
        "partStat": "ACCEPTED",
    }
    member = internal(
        B,
        "NEEDS-ACTION",
        member=[TEAM],
        extendedParameters={"X-GUESTS": "2", "Y": '"a","b"'},
    )
    event = meeting(internal(A, "ACCEPTED"), member, group)
    text = render([event], ALICE).replace("\r\n ", "")
    assert f'MEMBER="{TEAM}";X-GUESTS=2;Y="a","b":mailto:bob@example.com' in text
    assert plan([event], read(text.encode()), ALICE) == ()
    without_member = "\r\n".join(line for line in text.split("\r\n") if "mailto:bob" not in line)
    assert plan([event], read(without_member.encode()), ALICE) == ()


def test_an_organizer_adds_and_removes_people() -> None:
    (step,) = edited(ANSWERED, ALICE, ("mailto:ext@other.example", "mailto:new@other.example"), ('CN="Extern";', ""))
    assert isinstance(step, Update)
    assert step.fields.keys() == {"attendees"}
    alice, bob, new = step.fields["attendees"]
    assert (alice["entity"], bob["entity"], bob["partStat"], bob["comment"]) == (3, 4, "ACCEPTED", "fine")
    assert new == {"uri": "mailto:new@other.example", "partStat": "NEEDS-ACTION"}
    assert all("folder" not in attendee for attendee in step.fields["attendees"])


def test_removing_everybody_keeps_the_owner() -> None:
    text = "\r\n".join(
        line for line in render([ANSWERED], ALICE).replace("\r\n ", "").split("\r\n") if "mailto:" not in line
    )
    (step,) = plan([ANSWERED], read(text.encode()), ALICE)
    assert isinstance(step, Update)
    assert [attendee["entity"] for attendee in step.fields["attendees"]] == [3]


def test_an_organizer_does_not_answer_for_internal_people_but_records_answers_of_others() -> None:
    assert edited(ANSWERED, ALICE, ("PARTSTAT=ACCEPTED;X-RESPONSE", "PARTSTAT=DECLINED;X-RESPONSE")) == ()
    (step,) = edited(ANSWERED, ALICE, ("PARTSTAT=NEEDS-ACTION:mailto:ext", "PARTSTAT=DECLINED:mailto:ext"))
    assert isinstance(step, Update)
    assert step.fields["attendees"][2]["partStat"] == "DECLINED"


def test_a_changed_organizer_is_never_sent() -> None:
    assert (
        edited(ANSWERED, ALICE, ('ORGANIZER;CN="Alice Archer":mailto:alice', 'ORGANIZER;CN="Bob Baker":mailto:bob'))
        == ()
    )


def test_an_attendee_answers() -> None:
    assert edited(INVITED, BOB, ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE;X-RESPONSE-COMMENT=late")) == (
        Attend("54", None, {"entity": 4, "partStat": "TENTATIVE", "comment": "late"}),
    )


def test_what_an_attendee_may_not_change_is_dropped() -> None:
    assert edited(INVITED, BOB, ("SUMMARY:Meeting", "SUMMARY:Mine"), ("DTEND;", "COLOR:red\r\nDTEND;")) == ()
    assert edited(INVITED, BOB, ("SUMMARY:Meeting", "SUMMARY:Mine"), ("=NEEDS-ACTION", "=DECLINED")) == (
        Attend("54", None, {"entity": 4, "partStat": "DECLINED"}),
    )


def test_alarms_and_transparency_of_an_attendee() -> None:
    alarm = "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
    alarms = [{"action": "AUDIO", "trigger": {"duration": "-PT5M"}}]
    assert edited(INVITED, BOB, ("END:VEVENT", alarm)) == (SetAlarms("54", None, alarms),)
    assert edited(INVITED, BOB, ("END:VEVENT", alarm), ("TRANSP:OPAQUE", "TRANSP:TRANSPARENT")) == (
        Attend("54", None, {"entity": 4, "transp": "TRANSPARENT"}, alarms),
    )


def test_attendees_who_may_modify_change_everything() -> None:
    event = INVITED | {"attendeePrivileges": "MODIFY"}
    assert edited(event, BOB, ("SUMMARY:Meeting", "SUMMARY:Ours")) == (Update("54", {"summary": "Ours"}),)


def test_whoever_writes_for_the_organizer_may_edit() -> None:
    event = ANSWERED | {"flags": ["scheduled", "organizer_on_behalf"]}
    assert edited(event, ALICE, ("SUMMARY:Meeting", "SUMMARY:Ours")) == (Update("54", {"summary": "Ours"}),)


def series(event: Event, **more: Any) -> Event:
    return event | {"seriesId": "54", "rrule": "FREQ=DAILY;COUNT=5"} | more


OVERRIDE = "\r\n".join(
    [
        *("END:VEVENT", "BEGIN:VEVENT", "UID:m1", "RECURRENCE-ID;TZID=Europe/Berlin:20270311T090000"),
        *("DTSTART;TZID=Europe/Berlin:20270311T120000", "DTEND;TZID=Europe/Berlin:20270311T130000"),
        *("SUMMARY:Meeting", "ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:alice@example.com"),
        *("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com", "END:VEVENT\r\n"),
    ]
)


def test_an_attendee_answers_one_occurrence_and_leaves_another() -> None:
    event = series(INVITED)
    excluded = ("RRULE:", "EXDATE;TZID=Europe/Berlin:20270312T090000\r\nRRULE:")
    assert edited(event, BOB, excluded, ("END:VEVENT\r\n", OVERRIDE)) == (
        Attend("54", "20270311T080000Z", {"entity": 4, "partStat": "DECLINED"}),
        DeleteInstance("54", "20270312T080000Z"),
    )


def test_answering_series_and_occurrence_at_once() -> None:
    event = series(INVITED)
    accepted = ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")
    assert edited(event, BOB, accepted, ("END:VEVENT\r\n", OVERRIDE)) == (
        Attend("54", None, {"entity": 4, "partStat": "ACCEPTED"}),
        Attend("54", "20270311T080000Z", {"entity": 4, "partStat": "DECLINED"}),
    )


def test_an_attendee_answers_an_overridden_instance_by_its_own_id() -> None:
    event = series(INVITED, changeExceptionDates=["Europe/Berlin:20270311T090000"])
    instance = INVITED | {"id": "55", "seriesId": "54", "recurrenceId": "Europe/Berlin:20270311T090000"}
    assert edited(event, BOB, ("END:VEVENT\r\n", OVERRIDE), current=[event, instance]) == (
        Attend("55", None, {"entity": 4, "partStat": "DECLINED"}),
    )
    gone = ("RRULE:", "EXDATE;TZID=Europe/Berlin:20270311T090000\r\nRRULE:")
    assert edited(event, BOB, gone, current=[event, instance]) == (DeleteInstance("55"),)


def test_single_instances_without_their_series() -> None:
    instance = INVITED | {"id": "55", "seriesId": "54", "recurrenceId": "Europe/Berlin:20270310T090000"}
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20270310T090000\r\n" in render([instance], BOB)
    assert edited(instance, BOB) == ()
    assert edited(instance, BOB, ("=NEEDS-ACTION", "=ACCEPTED")) == (
        Attend("55", None, {"entity": 4, "partStat": "ACCEPTED"}),
    )


def test_detached_instances_of_an_external_meeting_are_created_as_such() -> None:
    body = [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:m1", "RECURRENCE-ID:20270311T080000Z", *TIMES),
        *("ORGANIZER:mailto:boss@other.example", "ATTENDEE:mailto:alice@example.com", "END:VEVENT", "END:VCALENDAR"),
    ]
    (step,) = plan([], read("\r\n".join(body).encode()), ALICE)
    assert isinstance(step, Create)
    assert (step.event["recurrenceId"], step.event["uid"]) == ("20270311T080000Z", "m1")


def test_a_new_version_of_an_external_organizer_is_applied_with_what_ox_wants_repeated() -> None:
    event = meeting(
        BOSS | {"partStat": "ACCEPTED"}, internal(A, "NEEDS-ACTION"), organizer=BOSS, flags=("scheduled", "attendee")
    )
    changed = ("SUMMARY:Meeting", "SUMMARY:Moved")
    assert edited(event, ALICE, changed) == ()
    assert edited(event, ALICE, changed, ("SEQUENCE:1", "SEQUENCE:2")) == (
        Update("54", {"summary": "Moved", "organizer": BOSS, "uid": "m1", "sequence": 2}),
    )
    (step,) = edited(event, ALICE, ("=NEEDS-ACTION", "=ACCEPTED"))
    assert step == Attend("54", None, {"entity": 3, "partStat": "ACCEPTED"})


def test_people_of_an_occurrence_differ_from_those_of_the_series() -> None:
    event = series(ANSWERED)
    override = OVERRIDE.replace(";PARTSTAT=DECLINED:mailto:bob@example.com", ":mailto:carol@example.com")
    (step,) = edited(event, ALICE, ("END:VEVENT\r\n", override))
    assert isinstance(step, Override)
    assert [attendee["uri"] for attendee in step.event["attendees"]] == [A["uri"], "mailto:carol@example.com"]


def test_an_imported_series_of_somebody_else_repeats_its_organizer_with_every_override() -> None:
    boss = ("ORGANIZER:mailto:boss@other.example", "ATTENDEE:mailto:alice@example.com")
    moved = (
        *("END:VEVENT", "BEGIN:VEVENT", "UID:m1", "RECURRENCE-ID:20270311T080000Z", "SEQUENCE:3"),
        *("DTSTART:20270311T120000Z", "DTEND:20270311T130000Z"),
    )
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:m1", *TIMES, "RRULE:FREQ=DAILY;COUNT=3", "SEQUENCE:2", *boss)
    text = "\r\n".join([*lines, *moved, *boss, "END:VEVENT", "END:VCALENDAR"])
    _, override = plan([], read(text.encode()), ALICE)
    assert isinstance(override, Override)
    repeated = {name: override.event[name] for name in ("organizer", "uid", "sequence")}
    assert repeated == {"organizer": {"uri": "mailto:boss@other.example"}, "uid": "m1", "sequence": 3}


@pytest.mark.parametrize("organizer", ["ORGANIZER;CN=Boss:invalid:nomail", "ORGANIZER:nobody", "ORGANIZER:tel:1"])
def test_an_unusable_organizer_makes_no_meeting_of_the_users_own(organizer: str) -> None:
    lines = (organizer, "ATTENDEE:mailto:bob@example.com")
    event = created(*lines)
    assert not event.keys() & {"organizer", "attendees"}
    assert event["extendedProperties"].keys() == {"ORGANIZER", "ATTENDEE"}
    shown = meeting(internal(A, "ACCEPTED"), flags=("organizer",)) | event
    text = render([shown], ALICE)
    assert all(line in text for line in lines)
    assert plan([shown], read(text.encode()), ALICE) == ()


def test_a_series_of_the_users_own_takes_the_place_of_single_instances() -> None:
    instance = INVITED | {"id": "55", "seriesId": "54", "recurrenceId": "Europe/Berlin:20270310T090000"}
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:m1", *TIMES, "SUMMARY:Mine", "END:VEVENT", "END:VCALENDAR")
    removal, creation = plan([instance], read("\r\n".join(lines).encode()), BOB)
    assert removal == DeleteInstance("55")
    assert isinstance(creation, Create)
    assert creation.event["summary"] == "Mine"


def test_a_further_single_instance_belongs_to_the_same_organizer() -> None:
    boss = {"uri": "mailto:boss@other.example"}
    instance = meeting(internal(B, "ACCEPTED"), organizer=boss, flags=("scheduled", "attendee"))
    instance |= {"id": "55", "seriesId": "54", "recurrenceId": "20270310T080000Z"}
    lines = [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:m1", "RECURRENCE-ID:20270310T080000Z", *TIMES, "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:m1", "RECURRENCE-ID:20270311T080000Z", *TIMES, "END:VEVENT", "END:VCALENDAR"),
    ]
    *_, creation = plan([instance], read("\r\n".join(lines).encode()), BOB)
    assert isinstance(creation, Create)
    assert (creation.event["organizer"], creation.event["recurrenceId"]) == (boss, "20270311T080000Z")
