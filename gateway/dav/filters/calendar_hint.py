"""What a calendar filter says without looking at the text of an object: the prefilter of a query."""

from __future__ import annotations

from gateway.dav.filters.calendar import CompFilter
from gateway.dav.filters.collation import ASCII_CASEMAP, OCTET
from gateway.dav.filters.time_range import TimeRange
from gateway.dav.values import QueryHint

_KINDS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
"""An object resource holds components of exactly one of these (RFC 4791 4.1)."""


def hint(calendar_filter: CompFilter) -> QueryHint:
    """What every matching object certainly has; narrows what must be looked at."""
    for comp in calendar_filter.comps:
        if comp.defined and comp.name in _KINDS:
            time = comp.time or TimeRange(None, None)
            return QueryHint(component=comp.name, start=time.start, end=time.end, uid_part=_uid_part(comp))
    return QueryHint()


def is_whole(calendar_filter: CompFilter) -> bool:
    """Whether the hint says all that the filter does: a component, perhaps in a time range, and nothing else."""
    if not calendar_filter.defined or calendar_filter.props or len(calendar_filter.comps) != 1:
        return False
    (comp,) = calendar_filter.comps
    return comp.defined and comp.name in _KINDS and not comp.props and not comp.comps


def _uid_part(comp: CompFilter) -> str | None:
    """Part of the UID. Not from i;unicode-casemap, under which more than the letters of ASCII match them."""
    for prop in comp.props:
        text = prop.text
        if prop.name != "UID" or text is None or text.negate:
            continue
        if text.text and text.text.isascii() and text.collation in (ASCII_CASEMAP, OCTET):
            return text.text.lower()
    return None


def verdict(calendar_filter: CompFilter, component: str) -> bool | None:
    """Whether an object of that ``component`` (``Entry.component``) matches; None if only its text can tell."""
    certain = calendar_filter.defined and not calendar_filter.props
    for comp in calendar_filter.comps:
        known = _verdict_on_kind(comp, component)
        if known is False:
            return False
        certain = certain and known is True
    if not calendar_filter.defined:
        return False
    return True if certain else None


def _verdict_on_kind(comp: CompFilter, component: str) -> bool | None:
    if comp.name not in _KINDS:
        return None
    present = comp.name == component
    if not comp.defined:
        return not present
    if not present:
        return False
    return None if comp.time or comp.props or comp.comps else True
