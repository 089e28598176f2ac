"""The elements that filters of CalDAV (RFC 4791 9.7) and CardDAV (RFC 6352 10.5) share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gateway.dav.errors import DAVError
from gateway.dav.filters.collation import COLLATIONS
from gateway.dav.xml import Element


class MatchType(StrEnum):
    """How the searched text has to lie in the value. CalDAV knows ``CONTAINS`` only."""

    EQUALS = "equals"
    CONTAINS = "contains"
    STARTS_WITH = "starts-with"
    ENDS_WITH = "ends-with"


@dataclass(frozen=True, slots=True)
class TextMatch:
    """RFC 4791 9.7.5, RFC 6352 10.5.4. ``collation`` is a key of ``COLLATIONS``. ``negate``: holds where the text does
    not match."""

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


@dataclass(frozen=True, slots=True)
class ParamFilter:
    """RFC 4791 9.7.3, RFC 6352 10.5.2. ``defined`` False: the parameter must be absent. Names are in upper case."""

    name: str
    defined: bool = True
    text: TextMatch | None = None


def negated(text_match: Element, malformed: type[DAVError]) -> bool:
    """The attribute negate-condition. Raises ``malformed``."""
    negate = text_match.get("negate-condition", "no")
    if negate not in ("yes", "no"):
        raise malformed("negate-condition is yes or no")
    return negate == "yes"


def undefined(inner: Sequence[tuple[str, Element]], malformed: type[DAVError]) -> bool:
    """Whether is-not-defined is among the children (local names and elements) of a filter. Raises ``malformed`` when
    it does not stand alone."""
    if all(name != "is-not-defined" for name, _ in inner):
        return False
    if len(inner) > 1:
        raise malformed("is-not-defined stands alone")
    return True


@lru_cache(maxsize=64)
def _key(collation: str, text: str) -> str:
    return COLLATIONS[collation](text)
