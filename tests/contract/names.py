"""What stands for what: ids, uids and stamps of the recording, and those of the server under test."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from tests.contract.kinds import Kind

FOREVER = 9007199254740991
# Stamps that clients compute ("a millisecond before") keep their distance to the stamp they are made from.
_NEAR = 2
_OBJECTS = (Kind.TASK, Kind.CONTACT, Kind.EVENT)
_WORD = re.compile(r"<[a-z-]+>|%[0-9A-F]{2}|[0-9A-Za-z_.-]+|[^0-9A-Za-z_.<%-]+|[<%]")
_PLACEHOLDER = re.compile(r"<(?:cookie-value|hash|one-time-token|date|object|password)>")
_SESSION = re.compile(r"<session:[^>]+>")
_FOLDER_ID = re.compile(r"((?:cal|con)://0/)?(\d+)")


class Names:
    """The pairs (recorded, actual) known so far, by kind. `made`: the recorded ids that the scenario used up."""

    def __init__(self, made: Mapping[Kind, range]) -> None:
        self._made = made
        self._pairs: dict[Kind, dict[str, str]] = {}
        self._sessions: dict[str, str] = {}
        self.stamps = Stamps()

    def put(self, kind: Kind, recorded: Any, actual: Any) -> None:
        """Remember that two values of a kind stand for the same thing."""
        if kind is Kind.FOLDER:
            recorded, actual = _folder_number(recorded), _folder_number(actual)
        self._pairs.setdefault(kind, {})[str(recorded)] = str(actual)

    def put_session(self, user: str, actual: str) -> None:
        """Remember the session that recordings call "<session:user>"."""
        self._sessions[f"<session:{user}>"] = actual

    def is_taken(self, kind: Kind, actual: Any) -> bool:
        """Whether a value of the server under test stands for something already."""
        text = _folder_number(actual) if kind is Kind.FOLDER else str(actual)
        return text in self._pairs.get(kind, {}).values()

    def find(self, kind: Kind, recorded: Any) -> Any | None:
        """What stands for a recorded value, in the same JSON type and form; None when it is not known."""
        if kind in (Kind.STAMP, Kind.ZONED_STAMP):
            return self.stamps.find(recorded) if isinstance(recorded, int) else None
        if kind is Kind.OBJECT:
            known = (self.find(one, recorded) for one in _OBJECTS)
            return next((one for one in known if one is not None), None)
        pairs = self._pairs.get(kind, {})
        if kind is Kind.FOLDER:
            match = _FOLDER_ID.fullmatch(str(recorded))
            found = pairs.get(match[2]) if match else None
            text = None if match is None or found is None else (match[1] or "") + found
        else:
            text = pairs.get(str(recorded))
        if text is None:
            return None
        return int(text) if isinstance(recorded, int) else text

    def sessions(self, recorded: str) -> str:
        """A text in which "<session:user>" is replaced by the id of the session."""
        return _SESSION.sub(lambda found: self._sessions.get(found[0], found[0]), recorded)

    def same_text(self, recorded: str, actual: str) -> bool:
        """Whether two texts say the same: every word equal, or a known pair, or a stamp standing for the other.

        A number that a failed request used up stands for any number; placeholders of recordings stand for any word.
        """
        pattern = "".join(self._pattern(word) for word in _WORD.findall(self.sessions(recorded)))
        return re.fullmatch(pattern, actual) is not None

    def _pattern(self, word: str) -> str:
        """A regular expression for what may stand for a word."""
        if _PLACEHOLDER.fullmatch(word):
            return ".+?"
        choices = {word} | {pairs[word] for pairs in self._pairs.values() if word in pairs}
        if encoded := self._encoded_folder(word):
            choices.add(encoded)
        if word.isdigit():
            stamp = self.stamps.find(int(word))
            choices |= set() if stamp is None else {str(stamp)}
            if len(choices) == 1 and any(int(word) in ids for ids in self._made.values()):
                return r"\d+"
        if len(choices) == 1 and "-" in word:
            return "-".join(map(self._pattern, word.split("-")))
        return "(?:" + "|".join(map(re.escape, choices)) + ")"

    def _encoded_folder(self, word: str) -> str | None:
        """DAV addresses hold folder ids in base64 without padding."""
        try:
            text = base64.b64decode(word + "=" * (-len(word) % 4), validate=True).decode("ascii")
        except ValueError:
            return None
        found = self.find(Kind.FOLDER, text)
        return None if found is None else base64.b64encode(found.encode()).decode().rstrip("=")


class Stamps:
    """Stamps keep their relations: equal ones stay equal, later ones stay later."""

    def __init__(self) -> None:
        self._pairs: dict[int, int] = {}
        self._start = 0
        self._recorded_before = 0
        self._actual_before = 0

    def begin(self, start: int) -> None:
        """The scenario starts at this recorded ms; what is older was made by others."""
        self._start = start

    def next_exchange(self) -> None:
        """What is known by now is older than what the next exchange brings about."""
        ours = {recorded: actual for recorded, actual in self._pairs.items() if self.is_ours(recorded)}
        self._recorded_before = max(ours, default=0)
        self._actual_before = max(ours.values(), default=0)

    def are_older(self, recorded: int, actual: int) -> bool:
        """Whether both stamps were made before the scenario."""
        return 0 < recorded < self._start and 0 < actual < self._start

    def is_ours(self, stamp: int) -> bool:
        """Whether a recorded stamp was made by the scenario."""
        return self._start <= stamp < FOREVER // 2

    def find(self, recorded: int) -> int | None:
        """What stands for a stamp; None when it is not known."""
        return self._pairs.get(recorded)

    def put(self, recorded: int, actual: int) -> None:
        """Remember a pair."""
        self._pairs[recorded] = actual

    def sent(self, recorded: int) -> int:
        """The stamp to send for a recorded one: its pair, or one as far away from a known one as in the recording."""
        near = sorted((abs(recorded - known), known) for known in self._pairs if abs(recorded - known) <= _NEAR)
        return self._pairs[near[0][1]] + recorded - near[0][1] if near else recorded

    def problem(self, recorded: int, actual: int) -> str | None:
        """What is wrong with a new pair, None when it fits all others."""
        if not self.is_ours(recorded):
            return None
        if actual < self._start:
            return f"{actual} is older than the scenario"
        if recorded > self._recorded_before and self._recorded_before and actual <= self._actual_before:
            return f"{actual} is not later than {self._actual_before}"
        for known, paired in self._pairs.items():
            if self.is_ours(known) and (
                (known < recorded and paired > actual) or (known > recorded and paired < actual)
            ):
                return f"{actual} lies on the other side of {paired} (recorded: {recorded} and {known})"
        return None


def _folder_number(value: Any) -> str:
    match = _FOLDER_ID.fullmatch(str(value))
    return match[2] if match else str(value)
