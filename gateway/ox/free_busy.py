"""When users and resources are busy: module ``chronos``, action ``freeBusy``, and module ``freebusy`` of OX 7.8.

Surprises of the former: one user that OX does not know leaves everybody asked for in the same call without times, so
each is asked for in a call of its own. Groups are answered as if they were always free. For people outside OX has a
warning instead of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.ox.call import Answer, Call
from gateway.ox.envelope import fault_of
from gateway.ox.errors import Malformed
from gateway.ox.shape import a_stamp, an_array, an_object, optional_text

NOT_KNOWN = "CAL-5033"
"""OX has no free-busy times of people outside."""
NO_SUCH_USER = "CAL-4034"

_UTC = "%Y%m%dT%H%M%SZ"
_SHOWN_AS = {2: "BUSY-TENTATIVE", 3: "BUSY-UNAVAILABLE", 4: "FREE"}


@dataclass(frozen=True, slots=True)
class BusyTime:
    """``kind`` as FBTYPE of RFC 5545; ``start`` and ``end`` in epoch milliseconds."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FreeBusy:
    """Times that do not overlap, or the code of the warning that OX has in their place."""

    times: tuple[BusyTime, ...]
    warning: str | None


def free_busy(attendee: Mapping[str, Any], start: datetime, end: datetime, masked: str | None) -> Call[FreeBusy]:
    """chronos?action=freeBusy for one attendee (``entity`` or ``uri``) within ``[start, end)`` in UTC, clipped to it;
    where several events overlap the strongest kind counts. ``masked``: UID of an event to be passed over. Free times
    may be among them (FREE)."""

    def decode(answer: Answer) -> FreeBusy:
        answers = an_array(answer.data, "free-busy times")
        if len(answers) != 1:
            raise Malformed("freeBusy: not one answer for one attendee")
        only = an_object(answers[0], "free-busy answer")
        fault = next(filter(None, map(fault_of, an_array(only.get("warnings") or [], "warnings"))), None)
        times = tuple(_time(one) for one in an_array(only.get("freeBusyTime") or [], "freeBusyTime"))
        return FreeBusy(times, None if fault is None else fault.code)

    params = {"from": f"{start:{_UTC}}", "until": f"{end:{_UTC}}", "merge": "true"}
    if masked:
        params["maskUid"] = masked
    return Call("chronos", "freeBusy", decode, params, {"attendees": [dict(attendee)]}, "PUT")


def intervals(attendee: Mapping[str, Any], start: datetime, end: datetime, masked: str | None) -> Call[FreeBusy]:
    """As ``free_busy`` of OX 7.8: freebusy?action=get. It cannot pass over an event; a warning of any kind means that
    nothing is known."""

    def decode(answer: Answer) -> FreeBusy:
        times = tuple(_interval(one) for one in an_array(answer.data, "intervals"))
        return FreeBusy(times, NOT_KNOWN if answer.warnings else None)

    who = str(attendee["entity"]) if "entity" in attendee else str(attendee["uri"]).partition(":")[2]
    limits = {"from": str(_milliseconds(start)), "until": str(_milliseconds(end))}
    return Call("freebusy", "get", decode, {"participant": who, **limits, "merged": "true"})


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _interval(value: Any) -> BusyTime:
    interval = an_object(value, "interval")
    start, end = (a_stamp(interval.get(name), name) for name in ("start_date", "end_date"))
    shown_as = interval.get("shown_as")
    return BusyTime(_SHOWN_AS.get(shown_as, "BUSY") if isinstance(shown_as, int) else "BUSY", start, end)


def _time(value: Any) -> BusyTime:
    time = an_object(value, "free-busy time")
    start, end = (a_stamp(time.get(name), name) for name in ("startTime", "endTime"))
    return BusyTime(optional_text(time.get("fbType"), "fbType") or "BUSY", start, end)
