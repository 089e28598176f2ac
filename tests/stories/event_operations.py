"""Every kind of PUT, DELETE and MOVE of events: what there is before, and what a client does then."""

from __future__ import annotations

from tests.davclient import child, event
from tests.stories.event_stage import Stage, Step, alarm, deletes, invites, master, moved, moves, nothing, part, puts


async def with_one_in_the_way(stage: Stage) -> None:
    (await stage.put(part("Lunch", "X-THING:1"))).expect(201)
    in_the_way = child(stage.there, f"{stage.uid}.ics")
    (await stage.alice.put(in_the_way, event(f"{stage.uid}-other", "In the way"))).expect(201)


async def with_one_beside(stage: Stage) -> None:
    (await stage.put(part("Lunch", "COMMENT;X-ODD=1:Said"))).expect(201)
    beside = child(stage.here, f"{stage.uid}-2.ics")
    (await stage.alice.put(beside, event(f"{stage.uid}-other", "In the way"))).expect(201)


def people(*own: str) -> tuple[str, ...]:
    return ("ORGANIZER:mailto:bob@example.com", "ATTENDEE:mailto:bob@example.com", *own)


ACCEPTED = people("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com")
ASKED = people("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@example.com")
DECLINED = people("ATTENDEE;PARTSTAT=DECLINED:mailto:alice@example.com")
OWN_MEETING = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com")
EXTERNAL = ("ORGANIZER:mailto:ext@example.net", "ATTENDEE:mailto:alice@example.com", "ATTENDEE:mailto:ext@example.net")
RULE = {"rrule": "FREQ=DAILY;COUNT=6"}

SERIES = (master("Daily", *alarm("Before")), moved("Moved", 2), moved("Odd", 3, "LOCATION:Elsewhere"))

OPERATIONS: dict[str, tuple[Step, Step]] = {
    "create": (nothing, puts(part("Lunch", "X-THING:1", *alarm("Soon")))),
    "create with residue": (nothing, puts(part("Lunch", "COMMENT;X-ODD=1:Said"))),
    "create under an odd name": (nothing, puts(part("Lunch"), name="{uid}")),
    "create a series": (nothing, puts(*SERIES)),
    "create an external series": (nothing, puts(master("Theirs", *EXTERNAL), moved("Theirs moved", 2, *EXTERNAL))),
    "update": (puts(part("Lunch")), puts(part("Dinner", "LOCATION:There", *alarm("Soon")))),
    "update a series": (
        puts(*SERIES),
        puts(master("Every day"), moved("Moved again", 2), moved("Odd", 3, "LOCATION:Elsewhere"), moved("New", 4)),
    ),
    "another rule": (puts(*SERIES), puts(part("Weekly", "RRULE:FREQ=WEEKLY;COUNT=3"), moved("New", 8))),
    "take an override back": (puts(*SERIES), puts(master("Daily", *alarm("Before")), moved("Odd", 3))),
    "delete an occurrence": (
        puts(*SERIES),
        puts(master("Daily", "EXDATE;TZID=Europe/Berlin:20270303T090000", *alarm("Before")), moved("Moved", 2)),
    ),
    "only alarms": (
        puts(part("Lunch", *alarm("One"))),
        puts(part("Lunch", *alarm("Another", "-PT30M"), *alarm("Third", "-PT5M"))),
    ),
    "only residue": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), puts(part("Lunch", "COMMENT;X-ODD=2:Said"))),
    "a meeting": (puts(part("Lunch")), puts(part("Lunch", *OWN_MEETING, "ATTENDEE:mailto:bob@example.com"))),
    "answer": (invites(), puts(part("Meeting", *ACCEPTED, *alarm("Mine")))),
    "answer a series": (
        invites(**RULE),
        puts(master("Meeting", *ACCEPTED, *alarm("Mine")), moved("Meeting", 2, *DECLINED, hour=9)),
    ),
    "skip an occurrence as attendee": (
        invites(**RULE),
        puts(
            master("Meeting", *ASKED, "EXDATE;TZID=Europe/Berlin:20270303T090000"),
            moved("Meeting", 2, *DECLINED, hour=9),
        ),
    ),
    "residue as attendee": (invites(), puts(part("Meeting", *ASKED, "COMMENT;X-ODD=1:Said"))),
    "delete": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), deletes()),
    "delete a series": (puts(*SERIES), deletes()),
    "delete as attendee": (invites(**RULE), deletes()),
    "move": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), moves()),
    "move onto another": (with_one_in_the_way, moves()),
    "move to another name": (puts(part("Lunch")), moves(name="{uid}-2.ics")),
    "move a series": (puts(*SERIES), moves()),
    "rename": (puts(part("Lunch")), moves("here", "{uid}-2.ics")),
    "rename onto another": (with_one_beside, moves("here", "{uid}-2.ics")),
    "rename to an odd name": (puts(part("Lunch")), moves("here", "{uid}-2")),
}
