"""VTIMEZONE components written from the transitions of IANA zones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mappings.calendar.timezones import zone

_EARLIEST, _LAST_YEAR = 1890, 2065  # 28 years past the end of most tables show every form of a rule
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = timedelta(days=7)
_UTC_DEFINITION = (
    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
    "TZOFFSETTO:+0000\r\nTZNAME:UTC\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
_DEFINITION = re.compile(r"(?ms)^BEGIN:VTIMEZONE\r\n.*?^END:VTIMEZONE\r\n")
_SAMPLING = timedelta(days=10)  # no zone changed its offset twice within so few days


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of the UTC offset; `onset` is local time on the clock before the change."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool

    @property
    def kind(self) -> tuple[timedelta, timedelta, str, bool]:
        return self.before, self.after, self.name, self.daylight


@lru_cache(maxsize=4096)
def vtimezone(tzid: str, first_year: int, last_year: int | None) -> str:
    """The VTIMEZONE of an IANA zone, unfolded lines with CRLF, correct for the given years (None: open end).

    Empty for UTC and unknown names. Daylight saving is told by the greater offset, also for zones that call
    their winter time the exception (Europe/Dublin).
    """
    info = zone(tzid)
    if not isinstance(info, ZoneInfo):
        return ""
    first_year = max(first_year, _EARLIEST)
    rules, explicit = _history(info, first_year)
    last = last_year or _LAST_YEAR
    observances = [
        (start, list(_observance(start, like, [f"RRULE:{rule}"]))) for start, like, rule in rules if start.year <= last
    ]
    running = [datetime(first_year - 1, start.month, 28) for start, _, _ in rules if start.year < first_year]
    observances += _explicit_observances(explicit, max(running, default=None), first_year, last)
    if not observances or min(start for start, _ in observances).year >= first_year:
        observances.append(_initial(info, first_year))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for _, observance in sorted(observances):
        lines += observance
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


def zone_calendar(tzid: str) -> str:
    """A VCALENDAR with nothing but the VTIMEZONE of an IANA zone or of UTC, right from ten years ago on."""
    body = vtimezone(tzid, datetime.now(UTC).year - 10, None) or _UTC_DEFINITION
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//OX DAV gateway//EN\r\n{body}END:VCALENDAR\r\n"


def without_definitions(text: str) -> str:
    """A calendar object as ``render`` writes it, without its VTIMEZONEs: all are zones of IANA (RFC 7809 3.1)."""
    return _DEFINITION.sub("", text)


@lru_cache(maxsize=4096)
def same_zone(one: str | None, other: str | None, year: int) -> bool:
    """Whether two zone names mean the same clock in this year and the next."""
    if one == other:
        return True
    first, second = zone(one or ""), zone(other or "")
    if not isinstance(first, ZoneInfo) or not isinstance(second, ZoneInfo):
        return first is second and first is not None
    start = datetime(max(year, _EARLIEST), 1, 1, tzinfo=UTC)
    if start.astimezone(first).utcoffset() != start.astimezone(second).utcoffset():
        return False
    years = (start.year, start.year + 1)
    return all(offset_changes(first, each) == offset_changes(second, each) for each in years)


def offset_changes(info: ZoneInfo, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """The changes of the UTC offset in a (UTC) year: when, in UTC, and the new offset."""
    return tuple(
        ((change.onset - change.before).replace(tzinfo=UTC), change.after)
        for change in _transitions(info, min(year, 9998))
    )


@lru_cache(maxsize=1024)
def _history(
    info: ZoneInfo, first_year: int
) -> tuple[tuple[tuple[datetime, Transition, str], ...], tuple[Transition, ...]]:
    """What repeats by a yearly rule until today's rules end, and the single transitions before that."""
    transitions = [
        transition
        for year in range(min(first_year - 1, 1970), _LAST_YEAR + 1)
        for transition in _transitions(info, year)
    ]
    rules: list[tuple[datetime, Transition, str]] = []
    covered: set[datetime] = set()
    for like in _transitions(info, _LAST_YEAR):
        run = _run([transition for transition in transitions if transition.kind == like.kind])
        rule = _repeats([transition.onset for transition in run])
        if rule is not None and len(run) >= 28:  # shorter runs are accidents of the calendar
            rules.append((run[0].onset, like, rule))
            covered.update(transition.onset for transition in run)
    return tuple(rules), tuple(t for t in transitions if t.onset not in covered)


def _run(transitions: list[Transition]) -> list[Transition]:
    """The longest run of years up to the last one that one yearly rule describes."""
    run = [transitions[-1]]
    for transition in reversed(transitions[:-1]):
        longer = [transition, *run]
        if transition.onset.year != run[0].onset.year - 1 or _repeats([t.onset for t in longer]) is None:
            break
        run = longer
    return run


def _repeats(onsets: list[datetime]) -> str | None:
    """The yearly rule that gives these onsets: the last or nth weekday of a month, or the weekday within certain
    seven days ("Friday before the last Sunday")."""
    first = onsets[0]
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    rule, weekday = f"FREQ=YEARLY;BYMONTH={first.month}", _DAYS[first.weekday()]
    earliest, latest = min(onset.day for onset in onsets), max(onset.day for onset in onsets)
    if all((onset + _WEEK).month != onset.month for onset in onsets):
        return f"{rule};BYDAY=-1{weekday}"
    if (earliest - 1) // 7 == (latest - 1) // 7:
        return f"{rule};BYDAY={(earliest - 1) // 7 + 1}{weekday}"
    if latest - earliest <= 6:
        days = ",".join(str(day) for day in range(earliest, earliest + 7))
        return f"{rule};BYDAY={weekday};BYMONTHDAY={days}"
    return None


def _explicit_observances(
    transitions: Iterable[Transition], ruled_since: datetime | None, first_year: int, last_year: int
) -> list[tuple[datetime, list[str]]]:
    """Observances for all transitions up to the last year and the last one before the first year, unless a rule
    sets the offset after it."""
    needed: list[Transition] = []
    for transition in transitions:
        if transition.onset.year < first_year:
            needed = [] if ruled_since and transition.onset < ruled_since else [transition]
        elif transition.onset.year <= last_year:
            needed.append(transition)
    groups: dict[tuple[timedelta, timedelta, str, bool], list[Transition]] = {}
    for transition in needed:
        groups.setdefault(transition.kind, []).append(transition)
    return [
        (group[0].onset, list(_observance(group[0].onset, group[0], [f"RDATE:{_local(t.onset)}" for t in group[1:]])))
        for group in groups.values()
    ]


def _initial(info: ZoneInfo, first_year: int) -> tuple[datetime, list[str]]:
    """The offset in force before the first written transition, as an observance of its own."""
    start = datetime(min(first_year - 1, 1970), 1, 1)
    aware = start.replace(tzinfo=info)
    offset = aware.utcoffset() or timedelta()
    like = Transition(start, offset, offset, aware.tzname() or "", False)
    return start, list(_observance(start, like, []))


def _observance(onset: datetime, like: Transition, recurrence: list[str]) -> Iterator[str]:
    kind = "DAYLIGHT" if like.daylight else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{_local(onset)}"
    yield from recurrence
    yield f"TZOFFSETFROM:{_offset(like.before)}"
    yield f"TZOFFSETTO:{_offset(like.after)}"
    yield f"TZNAME:{like.name}"
    yield f"END:{kind}"


def _local(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S")


def _offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


@lru_cache(maxsize=32768)
def _transitions(info: ZoneInfo, year: int) -> tuple[Transition, ...]:
    """The transitions of one (UTC) year."""
    found = []
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    offset = at.astimezone(info).utcoffset()
    while at < end:
        following = min(at + _SAMPLING, end)
        after = following.astimezone(info).utcoffset()
        if after != offset:
            found.append(_transition(info, _first_second(info, at, following)))
            offset = after
        at = following
    return tuple(found)


def _first_second(info: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second in (low, high] with another offset than at `low`, by bisection."""
    offset = low.astimezone(info).utcoffset()
    while (seconds := int((high - low).total_seconds())) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        if middle.astimezone(info).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


def _transition(info: ZoneInfo, change: datetime) -> Transition:
    old, new = (change - timedelta(seconds=1)).astimezone(info), change.astimezone(info)
    before, after = old.utcoffset() or timedelta(), new.utcoffset() or timedelta()
    daylight = bool(old.dst() or new.dst()) and after > before
    return Transition((change + before).replace(tzinfo=None), before, after, new.tzname() or "", daylight)
