"""Generated VTODO objects and OX tasks."""

from typing import Any

from hypothesis import strategies as st

from mappings.contentline import escape_text
from tests.mappings.calendar.generated import TEXT, text_line
from tests.mappings.tasks.imitation import DAY, NEW, override, todo

MARCH = 1804032000000 - 2 * DAY  # the first of March 2027, a Monday

TIMES: list[tuple[str, ...]] = [
    (),
    ("DTSTART;VALUE=DATE:20270303",),
    ("DUE;VALUE=DATE:20270304",),
    ("DTSTART;VALUE=DATE:20270303", "DUE;VALUE=DATE:20270303"),
    ("DTSTART;VALUE=DATE:20270303", "DURATION:P2D"),
    ("DTSTART:20270303T090000Z", "DUE:20270303T100000Z"),
    ("DTSTART;TZID=America/New_York:20270303T090000", "DUE;TZID=Europe/Berlin:20270303T180000"),
    ("DTSTART;TZID=Europe/Berlin:20270303T003000", "DURATION:PT45M"),
    ("DTSTART:20270303T090000", "DUE:20270304T090000"),
    ("DUE;TZID=Europe/Berlin:20270303T235900",),
    ("DTSTART;VALUE=DATE:20270303", "DUE:20270304T120000Z"),
    ("DTSTART:20270303T120000Z", "DUE;VALUE=DATE:20270303"),
    ("DTSTART;TZID=W. Europe Standard Time:20270303T090000",),
]
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=5",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270401T000000Z",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=4",
    "FREQ=MONTHLY;BYDAY=1WE",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=YEARLY",
    "FREQ=HOURLY;INTERVAL=30;COUNT=3",
    "FREQ=WEEKLY;BYDAY=SU",
    "RSCALE=HEBREW;FREQ=YEARLY",
]
STATUS = ["NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED", "completed", "X-LATER"]
ALARMS: list[tuple[str, ...]] = [
    ("ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Soon"),
    ("ACTION:DISPLAY", "TRIGGER;RELATED=END:PT0S", "DESCRIPTION:x"),
    ("ACTION:AUDIO", "TRIGGER;VALUE=DATE-TIME:20270303T060000Z"),
    ("ACTION:EMAIL", "TRIGGER:-P1D", "SUMMARY:s", "DESCRIPTION:d", "ATTENDEE:mailto:alice@example.com"),
    ("ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:20270303T060000Z", "DESCRIPTION:Reminder"),
    ("ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:20270303T060000Z", "ACKNOWLEDGED:20270303T060001Z", "DESCRIPTION:x"),
    ("ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "X-APPLE-PROXIMITY:ARRIVE", "DESCRIPTION:x"),
]
OTHERS = [
    "LOCATION;LANGUAGE=de:Hier\\, da",
    "GEO:52.5;13.4",
    "URL:https://example.com/a,b",
    "COMMENT:one",
    "ATTACH:https://example.com/a",
    "ATTACH;X-A=1;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:SW5zaWRl",
    "ATTACH;X-FILENAME=b.bin;VALUE=BINARY;ENCODING=BASE64:AP8=",
    "ATTACH;VALUE=BINARY;ENCODING=BASE64:broken!",
    "RELATED-TO:parent-uid",
    "RELATED-TO;RELTYPE=CHILD:child-uid",
    "RELATED-TO;RELTYPE=SIBLING:sibling-uid",
    "X-APPLE-SORT-ORDER:631234567",
    "X-TASKS-HIDE;X-P=1:checklist",
    "COLOR:red",
    "SEQUENCE:4",
    "CONTACT:Somebody",
    "ORGANIZER:mailto:boss@other.example",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:urn:uuid:5b1b5b1b-0000-4000-8000-000000000000",
]


def alarm(lines: tuple[str, ...]) -> tuple[str, ...]:
    return ("BEGIN:VALARM", *lines, "END:VALARM")


@st.composite
def objects(draw: st.DrawFn) -> str:
    """One calendar object with a VTODO, now and then a series with overrides."""
    lines: list[str] = list(draw(st.sampled_from(TIMES)))
    if draw(st.booleans()):
        lines.append(draw(text_line("SUMMARY")))
    if draw(st.booleans()):
        lines.append(draw(text_line("DESCRIPTION")))
    choices: list[tuple[str, st.SearchStrategy[Any]]] = [
        ("STATUS", st.sampled_from(STATUS)),
        ("PERCENT-COMPLETE", st.sampled_from([0, 1, 40, 100, 150])),
        ("COMPLETED", st.sampled_from(["20270302T101112Z", "20270302T101112"])),
        ("PRIORITY", st.integers(0, 10)),
        ("CLASS", st.sampled_from(["PUBLIC", "PRIVATE", "CONFIDENTIAL", "X-OWN"])),
        ("CATEGORIES", st.lists(TEXT, min_size=1, max_size=3).map(lambda found: ",".join(map(escape_text, found)))),
    ]
    for name, values in choices:
        if draw(st.integers(0, 2)) == 0:
            lines.append(f"{name}:{draw(values)}")
    lines += draw(st.lists(st.sampled_from(OTHERS), max_size=3, unique=True))
    more: tuple[str, ...] = ()
    if draw(st.booleans()):
        rule = draw(st.sampled_from(RULES))
        dated = any("VALUE=DATE:" in line for line in lines if line.startswith(("DTSTART", "DUE")))
        lines.append(f"RRULE:{rule.replace('T000000Z', '') if dated else rule}")
        if draw(st.integers(0, 3)) == 0:
            lines.append("EXDATE;VALUE=DATE:20270303")
        for day in draw(st.lists(st.sampled_from([3, 4, 5, 6]), max_size=3, unique=True)):
            status = draw(
                st.sampled_from(["STATUS:COMPLETED", "STATUS:CANCELLED", "STATUS:IN-PROCESS", "SUMMARY:other"])
            )
            more += override(f";VALUE=DATE:202703{day:02}", f"DUE;VALUE=DATE:202703{day:02}", status)
    for each in draw(st.lists(st.sampled_from(ALARMS), max_size=2, unique=True)):
        lines += alarm(each)
    return todo(*lines, more=more)


RULE_FIELDS: list[dict[str, Any]] = [
    {"recurrence_type": 0},
    {"recurrence_type": 1, "interval": 1, "occurrences": 3},
    {"recurrence_type": 2, "interval": 2, "days": 2, "until": MARCH + 30 * DAY},
    {"recurrence_type": 3, "interval": 1, "day_in_month": 1},
    {"recurrence_type": 3, "interval": 1, "days": 2, "day_in_month": 1, "occurrences": 4},
    {"recurrence_type": 4, "interval": 1, "month": 2, "day_in_month": 1},
]

PARTICIPANTS: list[dict[str, Any]] = [
    {"type": 1, "id": 4, "confirmation": 0},
    {"type": 1, "id": 3, "confirmation": 1, "confirmmessage": "yes"},
    {"type": 1, "id": 5, "confirmation": 2, "mail": "carol@example.com", "display_name": "Carol"},
    {"type": 2, "id": 6},
    {"type": 5, "mail": "ext@other.example", "display_name": "Ext"},
]


FILES: list[dict[str, Any]] = [
    {"managedId": 7, "filename": "a, b;c.txt", "fmtType": "text/plain", "size": 3},
    {"managedId": 8, "filename": 'ä"x".bin', "size": 0},
]


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    """A task as `get` answers it."""
    task = NEW | {
        "id": 2,
        "folder_id": 33,
        "uid": "u",
        "last_modified": 1795324577351,
        "created_by": draw(st.integers(3, 4)),
    }
    start = MARCH + draw(st.sampled_from([0, 9 * 3_600_000 + 1234]))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "title": TEXT,
        "note": TEXT,
        "full_time": st.booleans(),
        "start_time": st.just(start),
        "end_time": st.sampled_from([start, start + DAY + 1]),
        "status": st.sampled_from([1, 2, 3, 4, 5]),
        "percent_completed": st.sampled_from([0, 40, 100, 150]),
        "date_completed": st.just(MARCH + 5),
        "priority": st.sampled_from([1, 2, 3]),
        "categories": st.sampled_from(["A", "A,B", "A, B ,,A", ""]),
        "alarm": st.just(start - 900_123),
        "color_label": st.integers(0, 10),
        "target_duration": st.just("60"),
        "attachments": st.lists(st.sampled_from(FILES), unique_by=repr),
        "actual_costs": st.just(2.5),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            task[name] = draw(values)
    task["private_flag"] = draw(st.booleans())
    if {"start_time", "end_time"} <= task.keys():
        task |= draw(st.sampled_from(RULE_FIELDS))
    if not task["private_flag"]:
        task["participants"] = draw(st.lists(st.sampled_from(PARTICIPANTS), unique_by=repr))
        task["users"] = [
            {name: each[name] for name in ("id", "confirmation", "confirmmessage") if name in each}
            for each in task["participants"]
            if each["type"] == 1
        ] + ([{"id": 9, "confirmation": 1}] if draw(st.booleans()) else [])
    return task
