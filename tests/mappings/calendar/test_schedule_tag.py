"""Schedule tags, and answers that an edit of an older state must not take back."""

from __future__ import annotations

import pytest

from mappings.calendar.schedule_tag import merged, schedule_tag
from mappings.errors import InvalidData

OWN = frozenset({"alice@example.com"})
ALICE = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com"


def bob(answer: str = "NEEDS-ACTION") -> str:
    return f"ATTENDEE;CN=Bob;PARTSTAT={answer}:mailto:bob@example.com"


def vevent(*lines: str) -> str:
    head = ["BEGIN:VEVENT", "UID:tag", "ORGANIZER:mailto:alice@example.com", ALICE]
    return "\r\n".join([*head, *lines, "END:VEVENT", ""])


def calendar(*events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n"


START, RULE = "DTSTART:20270301T090000Z", "RRULE:FREQ=DAILY;COUNT=5"
SECOND = ("RECURRENCE-ID:20270302T090000Z", "DTSTART:20270302T090000Z", "DTEND:20270302T100000Z")
TIMES = (START, "DTEND:20270301T100000Z")


def series(answer: str = "NEEDS-ACTION", *more: str) -> str:
    return vevent(*TIMES, RULE, bob(answer), *more)


def tag(*events: str) -> str | None:
    return schedule_tag(calendar(*events), OWN)


def test_answers_of_others_and_stamps_do_not_count() -> None:
    assert tag(series("ACCEPTED", "DTSTAMP:20270101T000000Z", "SEQUENCE:9")) == tag(series())
    assert tag(series(), vevent(*SECOND, bob("DECLINED"), "CLASS:PUBLIC")) == tag(series())


@pytest.mark.parametrize(
    "changed",
    [
        (series("NEEDS-ACTION", "LOCATION:There"),),
        (series().replace("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED"),),
        (series().replace("COUNT=5", "COUNT=6"),),
        (series("NEEDS-ACTION", "ATTENDEE:mailto:carol@example.com"),),
        (series("NEEDS-ACTION", "EXDATE:20270302T090000Z"),),
        (series(), vevent(*SECOND, bob("DECLINED"), "LOCATION:There")),
        (series(), vevent(*SECOND, bob("DECLINED")).replace("T100000Z", "T110000Z")),
    ],
)
def test_everything_else_counts(changed: tuple[str, ...]) -> None:
    assert tag(*changed) != tag(series())


def test_tasks_need_no_start() -> None:
    tasks = [series(), vevent(*SECOND, bob("DECLINED"))]
    assert tag(*(text.replace("DTSTART", "X-START").replace("VEVENT", "VTODO") for text in tasks)) is not None


def test_what_has_no_organizer_has_no_tag() -> None:
    assert schedule_tag(calendar("BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20270301\r\nEND:VEVENT\r\n"), OWN) is None


def test_answers_are_put_in() -> None:
    text = merged(calendar(series("NEEDS-ACTION", "SUMMARY:New")), calendar(series("ACCEPTED")), OWN)
    assert text is not None
    assert "PARTSTAT=ACCEPTED:mailto:bob" in text
    assert "SUMMARY:New" in text


def test_what_the_organizer_records_stays() -> None:
    assert merged(calendar(series("ACCEPTED")), calendar(series()), OWN) is None


def test_own_answers_are_the_clients() -> None:
    sent = calendar(series("ACCEPTED").replace("PARTSTAT=ACCEPTED:mailto:alice", "PARTSTAT=DECLINED:mailto:alice"))
    assert merged(sent, calendar(series("ACCEPTED")), OWN) is None


@pytest.mark.parametrize("spelling", [RULE, "RRULE:COUNT=5;FREQ=DAILY", f"{RULE}\r\nEXDATE:20270303T090000Z"])
def test_instances_made_by_answers_come_back(spelling: str) -> None:
    sent = calendar(series("NEEDS-ACTION", "SUMMARY:New").replace(RULE, spelling))
    text = merged(sent, calendar(series(), vevent(*SECOND, bob("DECLINED"))), OWN)
    assert text is not None
    assert text.count("SUMMARY:New") == 2
    assert text.count("PARTSTAT=DECLINED:mailto:bob") == 1


@pytest.mark.parametrize(
    "sent", [series().replace("COUNT=5", "COUNT=6"), series("NEEDS-ACTION", "EXDATE:20270302T090000Z"), vevent(RULE)]
)
def test_unless_they_are_no_occurrences_any_more(sent: str) -> None:
    assert merged(calendar(sent), calendar(series(), vevent(*SECOND, bob("DECLINED"))), OWN) is None


@pytest.mark.parametrize("recurrence_id", ["RECURRENCE-ID;VALUE=DATE:20270302", "RECURRENCE-ID:20270302T090000"])
def test_an_instance_the_client_has_itself_is_the_clients(recurrence_id: str) -> None:
    own = vevent(recurrence_id, *SECOND[1:], bob(), "SUMMARY:Mine")
    text = merged(calendar(series(), own), calendar(series(), vevent(*SECOND, bob("DECLINED"))), OWN)
    assert text is not None
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("PARTSTAT=DECLINED:mailto:bob") == text.count("SUMMARY:Mine") == 1


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidData):
        merged("nonsense", calendar(series()), OWN)
