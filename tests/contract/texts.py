"""Comparing recorded iCalendar and vCard texts with those of the server under test, line by line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from tests.contract.compare import Difference
from tests.contract.kinds import Kind
from tests.contract.names import Names

TYPES = frozenset({"text/calendar", "text/x-vcard"})
_UID = "UID:"


def compare_texts(recorded: str, actual: str, names: Names) -> Iterator[Difference]:
    """The lines that only one of both has at their place. Uids made by a server stand for one another in order."""
    ours, theirs = _lines(recorded), _lines(actual)
    _pair_uids(ours, theirs, names)
    ours = [_translated(line, names) for line in ours]
    for what, first, last, begin, end in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (Difference(f"text.[{line}]", "missing") for line in ours[first:last])
            yield from (Difference(f"text.[{line}]", "unexpected") for line in theirs[begin:end])


def _lines(text: str) -> list[str]:
    return re.sub(r"\r\n[ \t]", "", text).split("\r\n")


def _pair_uids(ours: list[str], theirs: list[str], names: Names) -> None:
    recorded, actual = (dict.fromkeys(line for line in lines if line.startswith(_UID)) for lines in (ours, theirs))
    unknown = [line for line in recorded if line not in actual and names.find(Kind.UID, line[len(_UID) :]) is None]
    free = [line for line in actual if line not in recorded and not names.is_taken(Kind.UID, line[len(_UID) :])]
    for one, other in zip(unknown, free, strict=False):
        names.put(Kind.UID, one[len(_UID) :], other[len(_UID) :])


def _translated(line: str, names: Names) -> str:
    found = names.find(Kind.UID, line[len(_UID) :]) if line.startswith(_UID) else None
    return line if found is None else f"{_UID}{found}"
