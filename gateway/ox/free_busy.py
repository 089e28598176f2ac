"""Module ``chronos``, action ``freeBusy``: when users and resources are busy.

Surprises: one user that OX does not know leaves everybody asked for in the same call without times, so each is asked
for in a call of its own. Groups are answered as if they were always free. For people outside OX has a warning
instead of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call
from gateway.ox.envelope import fault_of
from gateway.ox.errors import Malformed
from gateway.ox.shape import a_stamp, an_array, an_object, optional_text

NOT_KNOWN = "CAL-5033"
"""OX has no free-busy times of people outside."""
NO_SUCH_USER = "CAL-4034"


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


def free_busy(attendee: Mapping[str, Any], start: str, end: str, masked: str | None = None) -> Call[FreeBusy]:
    """chronos?action=freeBusy for one attendee (``entity`` or ``uri``) within two UTC date-times
    (``20270301T000000Z``), clipped to them; where several events overlap the strongest kind counts. ``masked``: UID of
    an event to be passed over. Free times may be among them (FREE)."""

    def decode(answer: Answer) -> FreeBusy:
        answers = an_array(answer.data, "free-busy times")
        if len(answers) != 1:
            raise Malformed("freeBusy: not one answer for one attendee")
        only = an_object(answers[0], "free-busy answer")
        fault = next(filter(None, map(fault_of, an_array(only.get("warnings") or [], "warnings"))), None)
        times = tuple(_time(one) for one in an_array(only.get("freeBusyTime") or [], "freeBusyTime"))
        return FreeBusy(times, None if fault is None else fault.code)

    params = {"from": start, "until": end, "merge": "true"}
    if masked:
        params["maskUid"] = masked
    return Call("chronos", "freeBusy", decode, params, {"attendees": [dict(attendee)]}, "PUT")


def _time(value: Any) -> BusyTime:
    time = an_object(value, "free-busy time")
    start, end = (a_stamp(time.get(name), name) for name in ("startTime", "endTime"))
    return BusyTime(optional_text(time.get("fbType"), "fbType") or "BUSY", start, end)
