"""Listings of objects with ids: which recorded object is which of the server under test."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.contract.kinds import Kind
from tests.contract.names import Names

ENTITIES = frozenset({Kind.FOLDER, Kind.EVENT, Kind.CONTACT, Kind.TASK, Kind.ATTACHMENT, Kind.REMINDER, Kind.NAME})

_ACCOUNT = re.compile(r"^(cal|con)://0/")
_MADE_BY_SERVER = re.compile(r"^\d|^(cal|con)://0/")
_TITLES = ("summary", "title", "display_name", "300", "500")


@dataclass(frozen=True, slots=True)
class Own:
    """Which ids the scenario made itself: those from `first` on, by kind. Lower ones were left behind by others,
    except those up to `standard`, which are there from the start."""

    first: Mapping[Kind, int]
    standard: Mapping[Kind, int]

    def left_behind(self, kind: Kind, recorded: Any) -> bool:
        """Whether a recorded id belongs to another scenario."""
        digits = _ACCOUNT.sub("", str(recorded))
        if not digits.isdigit():
            return False
        return self.standard.get(kind, 0) < int(digits) < self.first.get(kind, 1 << 62)


@dataclass(frozen=True, slots=True)
class Matching:
    """How the objects of two listings belong together, by their positions."""

    pairs: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    unexpected: tuple[int, ...]
    left_behind: bool

    @property
    def in_order(self) -> bool:
        """Whether the pairs stand in the same order on both sides."""
        partners = [partner for _, partner in sorted(self.pairs)]
        return partners == sorted(partners)


def match(kind: Kind, ours: Sequence[Any], theirs: Sequence[Any], names: Names, own: Own) -> Matching:
    """Pair the objects whose ids are known, then those that look alike; leave out what others left behind."""
    free = dict(enumerate(theirs))
    pairs: list[tuple[int, int]] = []
    unknown: list[int] = []
    left_behind = False
    for position, item in enumerate(ours):
        found = _known_partner(kind, item, free, names)
        if found is not None:
            pairs.append((position, found))
            free.pop(found)
        elif item is not None and own.left_behind(kind, identity(item)) and "events" not in item:
            left_behind = True
        else:
            unknown.append(position)
    missing = []
    for position in unknown:
        found = _likely_partner(kind, ours[position], free, names)
        if found is None:
            missing.append(position)
        else:
            pairs.append((position, found))
            free.pop(found)
    return Matching(tuple(pairs), tuple(missing), tuple(free), left_behind)


def identity(item: Any) -> Any:
    """The id of an object, the folder of a part of a listing over folders, a bare id itself."""
    return item.get("id", item.get("folder")) if isinstance(item, dict) else item


def _known_partner(kind: Kind, item: Any, free: Mapping[int, Any], names: Names) -> int | None:
    wanted = identity(item)
    if kind is not Kind.NAME and _MADE_BY_SERVER.match(str(wanted)):
        wanted = names.find(kind, wanted)
    if wanted is None:
        return None
    same = [number for number, other in free.items() if identity(other) == wanted]
    occurrence = [number for number in same if _occurrence(free[number]) == _occurrence(item)]
    return next(iter(occurrence or same), None)


def _likely_partner(kind: Kind, item: Any, free: Mapping[int, Any], names: Names) -> int | None:
    if item is None:
        return next((number for number, other in free.items() if other is None), None)
    strange = [number for number, one in free.items() if one is not None and not names.is_taken(kind, identity(one))]
    return next((number for number in strange if _alike(item, free[number], names)), None)


def _alike(item: Any, other: Any, names: Names) -> bool:
    if not isinstance(item, dict) or not isinstance(other, dict):
        return type(item) is type(other)
    uid = item.get("uid")
    if uid is not None and other.get("uid") in (uid, names.find(Kind.UID, uid)):
        return bool(_occurrence(item) == _occurrence(other))
    titles = [name for name in _TITLES if name in item]
    return not titles or any(item[name] == other.get(name) for name in titles)


def _occurrence(item: Any) -> str:
    """The instant of the occurrence, in whatever spelling: "Europe/Berlin:20270412T090000" or UTC."""
    text = str(item.get("recurrenceId", "")) if isinstance(item, dict) else ""
    zone, _, local = text.rpartition(":")
    if not zone:
        return text
    moment = datetime.strptime(local, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
