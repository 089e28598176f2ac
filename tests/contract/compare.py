"""Comparing a recorded answer with the answer of the server under test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.contract.entities import ENTITIES, Own, identity, match
from tests.contract.kinds import Kind, columns_of, kind_of
from tests.contract.names import Names

Place = tuple[str, ...]

CALLBACK_PAGE = re.compile(r"(.*?\)\()(\{.*\})(\)</script>.*)", re.DOTALL)
_DATE_TEXT = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where (members joined by dots), what kind of difference, and both sides for a reader."""

    place: str
    what: str
    recorded: Any = field(default=None, compare=False)
    actual: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.place} {self.what}"


class Comparison:
    """Compares one answer; what it learns about ids, uids and stamps goes into `names`."""

    def __init__(
        self,
        names: Names,
        own: Own,
        module: str,
        query: Mapping[str, Any],
        sent_uids: frozenset[str],
        zone: ZoneInfo,
        ordered: bool,
    ) -> None:
        self._names = names
        self._own = own
        self._module = module
        self._columns = columns_of(module, query)
        self._sent_uids = sent_uids
        self._zone = zone
        self._ordered = ordered
        self._dropped = False

    def compare(self, recorded: Any, actual: Any, place: Place = ()) -> Iterator[Difference]:
        """All differences between two JSON values. Answers that fail differently have one difference, their code."""
        if not place and isinstance(recorded, str) and (page := CALLBACK_PAGE.fullmatch(recorded)):
            yield from self._pages(page, str(actual))
            return
        if not place and _code_of(recorded) != _code_of(actual):
            yield Difference("code", "value", _code_of(recorded) or recorded, _code_of(actual) or actual)
            if "data" in recorded and "data" in actual:
                yield from self.compare(recorded["data"], actual["data"], ("data",))
            return
        kind = kind_of(self._module, place)
        if kind is Kind.FREE:
            if _json_type(recorded) != _json_type(actual):
                yield _difference(place, "type", recorded, actual)
        elif isinstance(recorded, dict) and isinstance(actual, dict):
            yield from self._objects(recorded, actual, place)
        elif isinstance(recorded, list) and isinstance(actual, list):
            yield from self._lists(recorded, actual, place)
        elif _json_type(recorded) != _json_type(actual):
            yield _difference(place, "type", recorded, actual)
        elif not self._same(kind, recorded, actual):
            yield _difference(place, "value", recorded, actual)

    def _pages(self, recorded: re.Match[str], text: str) -> Iterator[Difference]:
        """Pages by which a browser's upload form gets its answer: JSON in a call of a function."""
        actual = CALLBACK_PAGE.fullmatch(text)
        if actual is None or (recorded[1], recorded[3]) != (actual[1], actual[3]):
            yield Difference("page", "value", recorded[0], text)
        if actual is not None:
            yield from self.compare(json.loads(recorded[2]), json.loads(actual[2]))

    # -- objects ------------------------------------------------------------------------------------------------

    def _objects(self, recorded: dict[str, Any], actual: dict[str, Any], place: Place) -> Iterator[Difference]:
        # "data" first: whether an answer is empty decides about the stamp beside it.
        for name in sorted(recorded, key=lambda one: (one != "data", one in ("timestamp", "lastModified"))):
            if self._stamp_of_what_is_left_out(name, actual, place):
                continue
            if name in actual:
                yield from self.compare(recorded[name], actual[name], (*place, name))
            else:
                yield _difference((*place, name), "missing", recorded[name], None)
        for name in actual:
            if name not in recorded:
                yield _difference((*place, name), "unexpected", None, actual[name])

    def _stamp_of_what_is_left_out(self, name: str, actual: dict[str, Any], place: Place) -> bool:
        return not place and name == "timestamp" and self._dropped and not actual.get("data")

    # -- arrays -------------------------------------------------------------------------------------------------

    def _lists(self, recorded: list[Any], actual: list[Any], place: Place) -> Iterator[Difference]:
        ours = [self._row(item, place) for item in recorded]
        theirs = [self._row(item, place) for item in actual]
        kind = self._entity_kind(ours or theirs, place)
        if kind is not None:
            yield from self._entities(kind, ours, theirs, place)
            return
        if kind_of(self._module, place) is None and _all_texts(ours) and _all_texts(theirs):
            yield from self._texts(ours, theirs, place)
            return
        for one, other in zip(ours, theirs, strict=False):
            yield from self.compare(one, other, place)
        if len(ours) != len(theirs):
            yield _difference(place, "length", recorded, actual)

    def _texts(self, ours: list[str], theirs: list[str], place: Place) -> Iterator[Difference]:
        free = list(theirs)
        for text in ours:
            partner = next((one for one in free if self._same(None, text, one)), None)
            if partner is None:
                yield _difference((*place, f"[{text}]"), "missing", ours, theirs)
            else:
                free.remove(partner)
        for text in free:
            yield _difference((*place, f"[{text}]"), "unexpected", ours, theirs)
        same_order = all(self._same(None, one, other) for one, other in zip(ours, theirs, strict=False))
        if self._ordered and not free and len(ours) == len(theirs) and not same_order:
            yield _difference(place, "order", ours, theirs)

    def _row(self, item: Any, place: Place) -> Any:
        if isinstance(item, list) and self._columns and len(item) == len(self._columns):
            return dict(zip(self._columns, item, strict=True))
        # What was deleted stands as a bare number among the rows of `updates`.
        bare = self._module == "calendar" and place == ("data",) and type(item) is int
        return {"id": item} if bare else item

    def _entity_kind(self, items: Sequence[Any], place: Place) -> Kind | None:
        for item in items:
            if isinstance(item, dict) and ("id" in item or "events" in item):
                kind = kind_of(self._module, (*place, "id" if "id" in item else "folder"))
                return kind if kind in ENTITIES else None
        if self._module in ("folders", "contacts") and place == ("data",) and items:
            return kind_of(self._module, ("id",)) if all(isinstance(item, str) for item in items) else None
        if self._module in ("tasks", "attachment") and place == ("data",) and items:
            return kind_of(self._module, ("id",)) if all(type(item) is int for item in items) else None
        return None

    def _entities(self, kind: Kind, ours: list[Any], theirs: list[Any], place: Place) -> Iterator[Difference]:
        matching = match(kind, ours, theirs, self._names, self._own)
        self._dropped |= matching.left_behind
        for position in matching.missing:
            yield _difference((*place, f"[{identity(ours[position])}]"), "missing", ours[position], None)
        for position, partner in matching.pairs:
            yield from self._pair(kind, ours[position], theirs[partner], place)
        if self._ordered and not matching.in_order:
            yield _difference(place, "order", [*map(identity, ours)], [*map(identity, theirs)])
        for partner in matching.unexpected:
            name = identity(theirs[partner]) if kind is Kind.NAME else ""
            yield _difference((*place, f"[{name}]"), "unexpected", None, theirs[partner])

    def _pair(self, kind: Kind, one: Any, other: Any, place: Place) -> Iterator[Difference]:
        if isinstance(one, dict):
            yield from self.compare(one, other, place)
        elif one is not None and kind is not Kind.NAME:
            self._names.put(kind, one, other)

    # -- values -------------------------------------------------------------------------------------------------

    def _same(self, kind: Kind | None, recorded: Any, actual: Any) -> bool:
        if kind is Kind.STAMP and isinstance(recorded, int):
            return self._same_stamp(recorded, actual)
        if kind is Kind.ZONED_STAMP and isinstance(recorded, int):
            return self._same_stamp(self._unzoned(recorded), self._unzoned(actual))
        if kind is Kind.UID and recorded in self._sent_uids:
            return bool(recorded == actual)
        if kind is Kind.TEXT or kind is None:
            plain = kind is None and (not isinstance(recorded, str) or "<" not in recorded)
            return recorded == actual or (not plain and self._names.same_text(str(recorded), str(actual)))
        if kind is Kind.DATE_TEXT:
            return bool(_DATE_TEXT.fullmatch(recorded)) == bool(_DATE_TEXT.fullmatch(actual))
        known = self._names.find(kind, recorded)
        if known is not None:
            return bool(known == actual)
        if recorded in (None, "") or self._names.is_taken(kind, actual):
            return bool(recorded == actual)
        self._names.put(kind, recorded, actual)
        return True

    def _same_stamp(self, recorded: int, actual: int) -> bool:
        stamps = self._names.stamps
        if not stamps.is_ours(recorded):
            return stamps.are_older(recorded, actual) or recorded == actual
        known = stamps.find(recorded)
        if known is not None:
            return known == actual
        if stamps.problem(recorded, actual):
            return False
        stamps.put(recorded, actual)
        return True

    def _unzoned(self, stamp: int) -> int:
        return stamp - zone_offset(stamp, self._zone)


def zone_offset(stamp: int, zone: ZoneInfo) -> int:
    """The offset of a zone in ms at a stamp."""
    offset = datetime.fromtimestamp(stamp / 1000, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset is not None else 0


def _code_of(body: Any) -> Any:
    return body.get("code") if isinstance(body, dict) and "error" in body else None


def _all_texts(items: Sequence[Any]) -> bool:
    return all(isinstance(item, str) for item in items)


def _json_type(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(type(value))
    return "number" if isinstance(value, int | float) else str(type(value))


def _difference(place: Place, what: str, recorded: Any, actual: Any) -> Difference:
    return Difference(".".join(place) or "body", what, recorded, actual)
