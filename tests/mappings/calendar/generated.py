"""Generated calendar objects and OX events."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from hypothesis import strategies as st

from mappings.calendar.moments import Moment, parse_moment, to_recurrence_id, write_moment, zone_name
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.calendar.timezones import zone
from mappings.contentline import Property, escape_text, property_line, quote_parameter, without_forbidden

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).map(
    without_forbidden
).filter(bool) | st.sampled_from(["a\nb", "x, y; z\\n", 'quo"te^', " "])
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
RULES = [
    ("FREQ=DAILY;COUNT=5"),
    ("FREQ=DAILY;INTERVAL=2;UNTIL={until}"),
    ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6"),
    ("FREQ=MONTHLY"),
    ("FREQ=YEARLY;COUNT=3"),
    ("FREQ=WEEKLY"),
]


def moments(kind: str) -> st.SearchStrategy[Moment]:
    days = st.integers(0, 40).map(lambda n: date(2027, 3, 1) + timedelta(days=n))
    if kind == "DATE":
        return days
    times = st.tuples(days, st.integers(4, 23), st.sampled_from([0, 30]))
    local = times.map(lambda t: datetime(t[0].year, t[0].month, t[0].day, t[1], t[2]))
    return local.map(lambda moment: moment.replace(tzinfo=zone(kind) if kind else None))


def line(name: str, moment: Moment) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{write_moment(moment)}"
    tzid = zone_name(moment)
    return f"{name};TZID={tzid}:{write_moment(moment)}" if tzid else f"{name}:{write_moment(moment)}"


def text_line(name: str) -> st.SearchStrategy[str]:
    return TEXT.map(lambda text: f"{name}:{escape_text(text)}")


DETAILS: dict[str, st.SearchStrategy[str]] = {
    "SUMMARY": text_line("SUMMARY"),
    "LOCATION": text_line("LOCATION"),
    "DESCRIPTION": text_line("DESCRIPTION"),
    "COLOR": st.sampled_from(["COLOR:red", "COLOR:#aabbcc"]),
    "CLASS": st.sampled_from(["CLASS:PUBLIC", "CLASS:PRIVATE", "CLASS:CONFIDENTIAL", "CLASS:X-OWN"]),
    "STATUS": st.sampled_from(["STATUS:TENTATIVE", "STATUS:CONFIRMED", "STATUS:CANCELLED"]),
    "TRANSP": st.sampled_from(["TRANSP:OPAQUE", "TRANSP:TRANSPARENT"]),
    "CATEGORIES": st.lists(TEXT, min_size=1, max_size=3).map(lambda c: "CATEGORIES:" + ",".join(map(escape_text, c))),
    "URL": st.just("URL:https://example.com/a,b;c?d=\\e"),
    "CONFERENCE": TEXT.map(lambda text: f"CONFERENCE;LABEL={quote_parameter(text)};FEATURE=AUDIO:tel:1"),
    "ATTACH": st.sampled_from(["ATTACH:https://example.com/a", "ATTACH;VALUE=BINARY;ENCODING=BASE64:SGVsbG8="]),
    "PRIORITY": st.integers(0, 9).map(lambda n: f"PRIORITY:{n}"),
    "X-ONE": st.builds(
        lambda value, param: property_line(Property("X-ONE", (("X-P", (param,)),), escape_text(value))),
        TEXT,
        TEXT.map(lambda text: text.strip().replace("\n", " ")),
    ),
    "X-LIST": st.just('X-LIST;X-Q="a;1","b,2":v;w,x'),
    "COMMENT": st.just("COMMENT:one\r\nCOMMENT:two"),
    "RELATED-TO": st.just("RELATED-TO;RELTYPE=SIBLING:other"),
}
ALARMS = st.sampled_from(
    [
        "ACTION:DISPLAY\r\nTRIGGER:-PT15M",
        "ACTION:DISPLAY\r\nTRIGGER;RELATED=END:PT0S\r\nDESCRIPTION:now\r\nUID:a1",
        "ACTION:AUDIO\r\nTRIGGER:-P1DT2H\r\nREPEAT:2\r\nDURATION:PT5M\r\nATTACH:Basso",
        "ACTION:EMAIL\r\nTRIGGER:-PT1H\r\nSUMMARY:s\r\nDESCRIPTION:d\r\nATTENDEE:mailto:alice@example.com",
        "ACTION:DISPLAY\r\nTRIGGER;VALUE=DATE-TIME:20270301T070000Z\r\nDESCRIPTION:abs\r\nACKNOWLEDGED:20270301T070500Z",
    ]
).map(lambda body: f"BEGIN:VALARM\r\n{body}\r\nEND:VALARM")
PEOPLE = [
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
    "ATTENDEE;CN=Bobby;ROLE=OPT-PARTICIPANT;RSVP=TRUE:MAILTO:Bob@example.com",
    "ATTENDEE:mailto:carol@example.com",
    'ATTENDEE;CN="Ext, Ern";PARTSTAT=TENTATIVE;X-GUESTS=2:mailto:ext@other.example',
]


@st.composite
def details(draw: st.DrawFn) -> list[str]:
    names = draw(st.lists(st.sampled_from(sorted(DETAILS)), max_size=5, unique=True))
    lines = [draw(DETAILS[name]) for name in names]
    return lines + draw(st.lists(ALARMS, max_size=2, unique=True))


@st.composite
def people(draw: st.DrawFn) -> list[str]:
    chosen = draw(st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True))
    return ["ORGANIZER;CN=Alice:mailto:alice@example.com", *chosen] if chosen else []


@st.composite
def vevents(draw: st.DrawFn, uid: str = "u1") -> str:
    """One calendar object of alice: a single event or a series with its exceptions."""
    kind = draw(st.sampled_from(["DATE", "", "UTC", *ZONES]))
    start = draw(moments(kind))
    length = draw(st.integers(0, 3))
    duration = timedelta(days=length) if kind == "DATE" else timedelta(hours=length)
    rule = draw(st.none() | st.sampled_from(RULES))
    lines, overrides = [], []
    if rule is not None:
        until = start + timedelta(days=20)
        zoned = isinstance(until, datetime) and until.tzinfo
        rule = rule.replace("{until}", to_recurrence_id(until) if zoned else write_moment(until))
        lines.append(f"RRULE:{rule}")
        occurrences = list(islice(Recurrence(start, parse_rule(rule)).occurrences(), 6))
        lines += [line("EXDATE", moment) for moment in draw(st.lists(st.sampled_from(occurrences), max_size=2))]
        for moment in draw(st.lists(st.sampled_from(occurrences), max_size=2, unique=True)):
            moved = moment + timedelta(days=draw(st.integers(0, 2)))
            body = [line("RECURRENCE-ID", moment), line("DTSTART", moved), line("DTEND", moved + duration)]
            overrides.append([*body, *draw(details())])
    lines += [line("RDATE", moment) for moment in draw(st.lists(moments(kind), max_size=2))]
    meeting = draw(people())
    events = [[line("DTSTART", start), line("DTEND", start + duration), *lines, *draw(details()), *meeting]]
    events += [[*override, *meeting] for override in overrides]
    text = "".join("\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *body, "END:VEVENT", ""]) for body in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{text}END:VCALENDAR\r\n"


def _date_times(kind: str) -> st.SearchStrategy[dict[str, str]]:
    def shown(moment: Moment) -> dict[str, str]:
        name = zone_name(moment)
        return {"value": write_moment(moment)} | ({"tzid": name} if name else {})

    return moments(kind).map(shown)


JSON_TEXT = st.text(max_size=40)


OPTIONAL_OF_OX: dict[str, st.SearchStrategy[Any]] = {
    "summary": JSON_TEXT,
    "location": JSON_TEXT,
    "description": JSON_TEXT,
    "url": st.sampled_from(["", "https://example.com/a,b;c", "not a url"]),
    "color": st.sampled_from(["", "red", "#ff0000"]),
    "class": st.sampled_from(["", "PUBLIC", "PRIVATE", "SECRET"]),
    "status": st.sampled_from(["", "CONFIRMED", "WHATEVER"]),
    "transp": st.sampled_from(["OPAQUE", "TRANSPARENT"]),
    "categories": st.lists(JSON_TEXT, max_size=3),
    "geo": st.fixed_dictionaries({"lat": st.floats(-90, 90), "long": st.integers(-180, 180)}),
    "sequence": st.integers(0, 9),
    "created": st.integers(0, 2_000_000_000_000),
    "extendedProperties": st.dictionaries(
        st.sampled_from(["X-A", "X-B", "PRIORITY", "ü", "SUMMARY"]),
        st.fixed_dictionaries({"value": JSON_TEXT}, optional={"X-P": JSON_TEXT})
        | st.lists(st.fixed_dictionaries({"value": JSON_TEXT}), min_size=2, max_size=3),
        max_size=3,
    ),
    "conferences": st.lists(
        st.fixed_dictionaries(
            {"id": st.integers(1, 9), "uri": st.just("tel:1")},
            optional={"label": JSON_TEXT, "features": st.lists(st.sampled_from(["AUDIO", "VIDEO"]), unique=True)},
        ),
        max_size=2,
    ),
    "attachments": st.lists(
        st.sampled_from(
            [
                {"uri": "https://example.com/a", "filename": "a", "fmtType": "text/plain", "size": 3},
                {"uri": "https://example.com/b"},
                {"managedId": 3, "filename": "c"},
            ]
        ),
        max_size=2,
    ),
    "alarms": st.lists(
        st.fixed_dictionaries(
            {
                "id": st.integers(1, 9),
                "action": st.sampled_from(["DISPLAY", "AUDIO", "EMAIL", "PROCEDURE"]),
                "trigger": st.sampled_from(
                    [
                        {"duration": "-PT15M"},
                        {"duration": "P0D", "related": "START"},
                        {"duration": "-P1W", "related": "END"},
                        {"dateTime": "20270301T070000Z"},
                    ]
                ),
            },
            optional={
                "uid": st.sampled_from(["a", "b"]),
                "description": JSON_TEXT,
                "summary": JSON_TEXT,
                "acknowledged": st.integers(0, 2_000_000_000_000),
                "relatedTo": st.just({"relType": "SNOOZE", "value": "x"}),
                "extendedProperties": st.just({"X-WR-ALARMUID": {"value": "u", "X-P": "1"}}),
            },
        ),
        max_size=3,
    ),
}
"""Fields that an event in OX may have beside those that it must have."""


@st.composite
def ox_events(draw: st.DrawFn) -> dict[str, Any]:
    """A personal single event as OX may hold it, written by any of its clients."""
    kind = draw(st.sampled_from(["DATE", "", "UTC", *ZONES]))
    start = draw(_date_times(kind))
    event: dict[str, Any] = {
        "id": "1",
        "uid": "u1",
        "folder": "cal://0/31",
        "timestamp": 1795324559659,
        "startDate": start,
        "endDate": _later(start, draw(st.integers(1, 48))),
        "flags": ["organizer"],
    }
    for name in draw(st.lists(st.sampled_from(sorted(OPTIONAL_OF_OX)), unique=True)):
        event[name] = draw(OPTIONAL_OF_OX[name])
    return event


def _later(start: dict[str, str], hours: int) -> dict[str, str]:
    moment = parse_moment(start["value"])
    later = moment + (timedelta(hours=hours) if isinstance(moment, datetime) else timedelta(days=hours))
    return start | {"value": write_moment(later)}
