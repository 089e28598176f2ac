"""Which properties a request asks for (RFC 4918 9.1, 14.20): prop, propname, allprop with include."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from gateway.dav.errors import BadRequest
from gateway.dav.names import dav
from gateway.dav.xml import Element, children


class Kind(Enum):
    PROP = auto()
    ALLPROP = auto()
    PROPNAME = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """``names``: Clark names, in the order of the request, each once; with ALLPROP the contents of DAV:include."""

    kind: Kind
    names: tuple[str, ...] = ()


_KINDS = {dav("prop"): Kind.PROP, dav("allprop"): Kind.ALLPROP, dav("propname"): Kind.PROPNAME}


def asked(root: Element, default: Asked | None = None) -> Asked:
    """What the children of a propfind or report element ask for.

    Raises BadRequest when there is not exactly one of prop, allprop, propname (none: ``default`` if given).
    """
    kinds = list(root.iterchildren(*_KINDS))
    if not kinds and default is not None:
        return default
    if len(kinds) != 1:
        raise BadRequest("ask for one of prop, allprop and propname")
    kind = _KINDS[kinds[0].tag]
    if kind is Kind.PROP:
        return Asked(kind, names_in(kinds[0]))
    include = root.find(dav("include"))
    if include is not None and kind is Kind.ALLPROP:
        return Asked(kind, names_in(include))
    return Asked(kind)


def names_in(parent: Element) -> tuple[str, ...]:
    """Clark names of the child elements, each once, in order."""
    return tuple(dict.fromkeys(child.tag for child in children(parent)))
