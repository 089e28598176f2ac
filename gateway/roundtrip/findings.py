"""What a comparison finds, and what is compared: the meaning of single properties."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    EQUAL = "equal"
    REPAIRED = "repaired"
    LOST = "lost"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Finding:
    """The fate of one property or parameter.

    `item` is what the table counts by: ``DTSTART``, ``ATTENDEE;CN``, ``VALARM.TRIGGER``, or ``VALARM`` for a whole
    component. `sent` and `got` are content lines, empty where there was none.
    """

    item: str
    verdict: Verdict
    reason: str = ""
    sent: str = ""
    got: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One value of one property, so that equal meanings compare equal however they are written.

    `params` holds what the parameters say beyond the value, without defaults. `fault` tells why the line is not
    valid; what becomes of such a line is a repair, not a loss. `spare` tells why nothing is missed without it.
    `data` is for the judge of repairs.
    """

    name: str
    value: Hashable
    params: tuple[tuple[str, Hashable], ...] = ()
    line: str = field(default="", compare=False)
    fault: str = field(default="", compare=False)
    spare: str = field(default="", compare=False)
    data: Any = field(default=None, compare=False)
