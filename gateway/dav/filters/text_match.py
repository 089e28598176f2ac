"""The text-match element of CalDAV (RFC 4791 9.7.5) and CardDAV (RFC 6352 10.5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gateway.dav.filters.collation import COLLATIONS


class MatchType(StrEnum):
    """How the searched text has to lie in the value. CalDAV knows ``CONTAINS`` only."""

    EQUALS = "equals"
    CONTAINS = "contains"
    STARTS_WITH = "starts-with"
    ENDS_WITH = "ends-with"


@dataclass(frozen=True, slots=True)
class TextMatch:
    """``collation`` is a key of ``COLLATIONS``. ``negate``: holds where the text does not match."""

    text: str
    collation: str
    match_type: MatchType = MatchType.CONTAINS
    negate: bool = False

    def holds(self, value: str) -> bool:
        """Whether an unescaped property or parameter value fulfils the element."""
        wanted = _key(self.collation, self.text)
        found = COLLATIONS[self.collation](value)
        match self.match_type:
            case MatchType.EQUALS:
                matches = found == wanted
            case MatchType.CONTAINS:
                matches = wanted in found
            case MatchType.STARTS_WITH:
                matches = found.startswith(wanted)
            case MatchType.ENDS_WITH:
                matches = found.endswith(wanted)
        return matches is not self.negate


@lru_cache(maxsize=64)
def _key(collation: str, text: str) -> str:
    return COLLATIONS[collation](text)
