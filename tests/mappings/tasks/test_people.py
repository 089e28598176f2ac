"""Participants of tasks and their answers."""

from typing import Any

import pytest

from mappings.calendar.read import read
from mappings.tasks import plan
from mappings.tasks.people import Confirmation
from mappings.tasks.render import render
from tests.mappings.tasks.imitation import ALICE, NEW, Refused, Resource, todo

ME = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Alice@example.com"
BOB = "ATTENDEE;CN=Bob:mailto:bob@other.example"
OURS = "ORGANIZER:mailto:alice@example.com"
TASK: dict[str, Any] = NEW | {
    **{"id": 2, "uid": "u", "created_by": 4},
    "participants": [
        {"type": 1, "id": 3, "confirmation": 0},
        {"type": 1, "id": 5, "mail": "carol@example.com", "display_name": "Carol", "confirmation": 2},
        {"type": 2, "id": 6},
        {"type": 5, "mail": "ext@other.example", "display_name": "Ext"},
    ],
    "users": [{"id": 3, "confirmation": 0}, {"id": 5, "confirmation": 2, "confirmmessage": "no"}, {"id": 9}],
    "confirmations": [{"type": 5, "mail": "ext@other.example", "status": 3, "message": "perhaps"}],
}


def created(*lines: str) -> Any:
    return plan.create(read(todo(*lines).encode()), ALICE).get("participants")


def test_how_people_are_shown() -> None:
    text = render(TASK, ALICE).replace("\r\n ", "")
    assert [line for line in text.split("\r\n") if line.startswith(("ORGANIZER", "ATTENDEE"))] == [
        "ORGANIZER:/principals/users/4/",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION:mailto:alice@example.com",
        'ATTENDEE;CN="Carol";CUTYPE=INDIVIDUAL;PARTSTAT=DECLINED;X-RESPONSE-COMMENT="no":mailto:carol@example.com',
        "ATTENDEE;CUTYPE=GROUP;PARTSTAT=NEEDS-ACTION:/principals/groups/6/",
        'ATTENDEE;CN="Ext";CUTYPE=INDIVIDUAL;PARTSTAT=TENTATIVE;X-RESPONSE-COMMENT="perhaps":mailto:ext@other.example',
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION:/principals/users/9/",
    ]


def test_who_is_asked_to_take_part() -> None:
    principals = ("ATTENDEE:/principals/users/4/", "ATTENDEE;CUTYPE=GROUP:/principals/groups/6/")
    assert created(OURS, BOB, ME, BOB, *principals, "ATTENDEE:urn:x:y", "ATTENDEE:/principals/resources/7/") == [
        {"type": 5, "mail": "bob@other.example", "display_name": "Bob"},
        {"type": 1, "id": 3},
        {"type": 1, "id": 4},
        {"type": 2, "id": 6},
    ]
    assert created(BOB) == [{"type": 5, "mail": "bob@other.example", "display_name": "Bob"}]


@pytest.mark.parametrize("lines", [[ME], [OURS, ME], ["ORGANIZER:mailto:boss@other.example", ME, BOB]])
def test_nobody_is_invited_who_was_not_by_the_user(lines: list[str]) -> None:
    """OX would send a task of somebody else's in the user's name."""
    stored = Resource(todo(*lines))
    assert stored.task["participants"] == []
    assert all(line in stored.get() for line in lines)
    assert not stored.put(stored.get())


def test_addresses_ox_does_not_take_are_kept() -> None:
    stored = Resource(todo(OURS, BOB, "ATTENDEE;CN=X:urn:uuid:1"))
    assert len(stored.task["participants"]) == 1
    assert "ATTENDEE;CN=X:urn:uuid:1" in stored.get()
    assert not stored.put(stored.get())


def test_taking_people_out_and_in() -> None:
    stored = Resource(todo(OURS, BOB))
    added = stored.put(todo(OURS, BOB, "ATTENDEE:mailto:carol@other.example")).fields["participants"]
    assert [each["mail"] for each in added] == ["bob@other.example", "carol@other.example"]
    assert stored.put(todo()).fields == {"participants": []}


def test_the_user_stays_in_a_task_he_was_given() -> None:
    fields = plan.changes(TASK, read(todo("ATTENDEE:/principals/groups/6/").encode()), ALICE).fields
    assert fields["participants"] == [{"type": 2, "id": 6}, {"type": 1, "id": 3}]


def test_an_answer_goes_its_own_way() -> None:
    text = render(TASK, ALICE)
    for answer, confirmation in (("ACCEPTED", 1), ("DECLINED", 2), ("TENTATIVE", 3), ("COMPLETED", 1)):
        sent = text.replace("NEEDS-ACTION:mailto:alice", f"{answer}:mailto:alice")
        assert plan.changes(TASK, read(sent.encode()), ALICE) == plan.TaskChange({}, Confirmation(confirmation))
    commented = text.replace("NEEDS-ACTION:mailto:alice", "DECLINED;X-RESPONSE-COMMENT=ill:mailto:alice")
    assert plan.changes(TASK, read(commented.encode()), ALICE).confirmation == Confirmation(2, "ill")


def test_answers_of_others_are_theirs() -> None:
    sent = render(TASK, ALICE).replace("PARTSTAT=DECLINED", "PARTSTAT=ACCEPTED")
    assert not plan.changes(TASK, read(sent.encode()), ALICE)


def test_parameters_of_people_are_kept() -> None:
    stored = Resource(todo(OURS, "ATTENDEE;CN=Bob;LANGUAGE=en;PARTSTAT=NEEDS-ACTION:mailto:bob@other.example"))
    assert "LANGUAGE=en" in stored.get().replace("\r\n ", "")
    assert not stored.put(stored.get())


def test_private_tasks_with_people_are_for_ox_to_refuse() -> None:
    with pytest.raises(Refused):
        Resource(todo("CLASS:PRIVATE", OURS, BOB))
