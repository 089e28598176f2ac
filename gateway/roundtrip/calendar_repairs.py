"""Which differences between calendar components are repairs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.roundtrip import recurrence
from gateway.roundtrip.calendar_times import frame
from gateway.roundtrip.findings import Meaning
from gateway.roundtrip.times import Moment, TimeZones, key, offset
from mappings.contentline import Component

Instances = Mapping[tuple[str, int], int | None]
"""The instances of a series that stand on their own: when they should be, and how many seconds they take."""

RANGED = "an override for each instance it is for"
_ADDED = {
    "SEQUENCE": "OX counts changes itself",
    "ORGANIZER": "who invites is the owner, when nobody is said to (RFC 5545 3.8.4.3)",
}


@dataclass(frozen=True, slots=True)
class Repairs:
    """The judge of one component's properties.

    `sent` and `got` are the instances beside it in both objects, `users` the addresses of OX's own users; a
    `rescheduled` component is an instance at another time, or of another length, than its occurrence.
    """

    start: Moment | None = None
    rule: str | None = None
    recurring: bool = False
    rescheduled: bool = False
    sent: Instances = field(default_factory=dict)
    got: Instances = field(default_factory=dict)
    users: frozenset[str] = frozenset()
    is_task: bool = False

    def __call__(self, sent: Meaning | None, got: Meaning | None, parameter: str) -> str:
        if sent is None:
            return _ADDED.get(got.name, "") if got is not None else ""
        if parameter:
            return self._of_parameter(sent, got, parameter)
        if sent.name == "EXDATE":
            return self._of_exclusion(sent)
        if sent.name in ("DTSTART", "DTEND") and self._start_is_no_occurrence():
            return "DTSTART is no occurrence of its rule"
        if got is None:
            return ""
        if sent.name == "ATTENDEE" and dict(sent.params).get("EMAIL") == frozenset([got.value]):
            return "its mail address stands for it"
        if sent.name == "RRULE" and self._same_occurrences(got):
            return "the same occurrences, said in another way"
        if sent.name == "SEQUENCE" and isinstance(sent.value, int) and isinstance(got.value, int):
            return "OX counts changes itself" if got.value > sent.value else ""
        return ""

    def _of_parameter(self, sent: Meaning, got: Meaning | None, parameter: str) -> str:
        if parameter == "PERIOD" and isinstance(sent.data, Moment):
            length = dict(sent.params).get("PERIOD")
            return "an instance says so" if self.got.get(key(sent.data)) == length else ""
        if parameter == "TZID" and got is not None and self._same_instants(sent.data, got.data):
            return "the same instants in another time zone"
        if parameter == "CN" and sent.value in self.users:
            return "OX names its users itself"
        if parameter == "RANGE":
            return RANGED
        if parameter == "SCHEDULE-STATUS":
            return "the server's to tell (RFC 6638 7.3)"
        if parameter == "PARTSTAT" and self.rescheduled and got is not None and "PARTSTAT" not in dict(got.params):
            return "OX asks again when the time changes (RFC 6638 3.2.8)"
        if parameter == "PARTSTAT" and self.is_task:
            return "only who is asked to do a task can answer"
        return ""

    def _of_exclusion(self, sent: Meaning) -> str:
        if not isinstance(sent.data, Moment):
            return ""
        if key(sent.data) in self.sent:
            return "an instance stands there"
        if recurrence.excludes_something(sent.data, self.rule, self.start):
            return ""
        return "it excludes no occurrence"

    def _start_is_no_occurrence(self) -> bool:
        if self.rule is None or self.start is None:
            return False
        first = recurrence.occurrences(self.rule, self.start)
        return first is not None and first[:1] != (recurrence.local(self.start, self.start),)

    def _same_occurrences(self, got: Meaning) -> bool:
        if self.rule is None or self.start is None:
            return False
        before = recurrence.occurrences(self.rule, self.start)
        return before is not None and before == recurrence.occurrences(got.line.partition(":")[2], self.start)

    def _same_instants(self, sent: object, got: object) -> bool:
        """Whether all occurrences are at the same instants by both zones; the first one is known to be."""
        if not (isinstance(sent, datetime) and isinstance(got, datetime) and sent.tzinfo and got.tzinfo):
            return False
        if not self.recurring:
            return True
        if offset(sent.tzinfo, sent.replace(tzinfo=None)) != offset(got.tzinfo, got.replace(tzinfo=None)):
            return False
        found = recurrence.occurrences(self.rule, sent) if self.rule else ()
        return found is not None and all(offset(sent.tzinfo, one) == offset(got.tzinfo, one) for one in found)


def is_rescheduled(instance: Component, master: Component, zones: TimeZones) -> bool:
    """Whether an instance is at another time, or of another length, than its occurrence of the series."""
    prop, here = instance.first("RECURRENCE-ID"), frame(instance, zones)
    if prop is None or here.start is None:
        return False
    try:
        moved = key(zones.moment(prop)) != key(here.start)
    except ValueError:
        return False
    return moved or here.seconds != frame(master, zones).seconds
