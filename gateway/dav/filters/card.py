"""CARDDAV:filter (RFC 6352 10.5): values, decoding, the hint it gives and the match on a card."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.dav.errors import BadRequest, SupportedAddressCollation, SupportedAddressFilter
from gateway.dav.filters import MAX_ELEMENTS
from gateway.dav.filters.collation import ASCII_CASEMAP, COLLATIONS, OCTET, UNICODE_CASEMAP, unicode_casemap
from gateway.dav.filters.elements import MatchType, ParamFilter, TextMatch, negated, undefined
from gateway.dav.names import CARDDAV
from gateway.dav.values import QueryHint
from gateway.dav.xml import Element, children
from mappings.contentline import Component, Property, unescape_text


@dataclass(frozen=True, slots=True)
class PropFilter:
    """RFC 6352 10.5.1: one property must exist that fulfils all (or, if not ``every``, any) of what is given;
    or none must exist, if not ``defined``. ``group``: only properties of that group."""

    name: str
    group: str | None = None
    defined: bool = True
    every: bool = False
    texts: tuple[TextMatch, ...] = ()
    params: tuple[ParamFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class CardFilter:
    """All (or, if not ``every``, any) of ``props`` must hold; without any, every card matches."""

    every: bool = False
    props: tuple[PropFilter, ...] = ()


# Properties whose text is that of an OX contact's fields: only of these a search in OX may be narrowed.
_STORED_AS_GIVEN = frozenset({"FN", "N", "NICKNAME", "EMAIL", "ORG", "TITLE", "NOTE"})
_ESCAPABLE = re.compile(r"[\\,;\r\n]")
_BINARY = re.compile(r"\r\n(?:\w+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:][^\r]*")
_LONG = 4096
_WORD = re.compile(r"[a-z0-9]{2,}")


# -- decoding ------------------------------------------------------------------------------------------------------


def decode_filter(element: Element | None) -> CardFilter:
    """Raises SupportedAddressCollation, SupportedAddressFilter (too many conditions) and BadRequest: RFC 6352 names
    no precondition for a malformed filter."""
    if element is None:
        return CardFilter()
    if sum(1 for _ in element.iter()) > MAX_ELEMENTS:
        raise SupportedAddressFilter("the filter has too many conditions")
    found = _children(element, {"prop-filter"})
    return CardFilter(_every(element), tuple(_prop_filter(child) for _, child in found))


def _prop_filter(element: Element) -> PropFilter:
    group, _, name = _name(element).rpartition(".")
    found = _children(element, {"is-not-defined", "text-match", "param-filter"})
    if undefined(found, BadRequest):
        return PropFilter(name, group or None, defined=False)
    return PropFilter(
        name,
        group or None,
        every=_every(element),
        texts=tuple(_text_match(child) for kind, child in found if kind == "text-match"),
        params=tuple(_param_filter(child) for kind, child in found if kind == "param-filter"),
    )


def _param_filter(element: Element) -> ParamFilter:
    found = _children(element, {"is-not-defined", "text-match"})
    if undefined(found, BadRequest):
        return ParamFilter(_name(element), defined=False)
    if len(found) > 1:
        raise BadRequest("a param-filter holds one text-match at most")
    return ParamFilter(_name(element), text=_text_match(found[0][1]) if found else None)


def _text_match(element: Element) -> TextMatch:
    collation = element.get("collation", "default")
    if collation == "default":
        collation = UNICODE_CASEMAP
    if collation not in COLLATIONS:
        raise SupportedAddressCollation("the collation is not supported")
    try:
        match_type = MatchType(element.get("match-type", "contains"))
    except ValueError:
        raise BadRequest("match-type is equals, contains, starts-with or ends-with") from None
    return TextMatch(element.text or "", collation, match_type, negated(element, BadRequest))


def _children(element: Element, allowed: set[str]) -> list[tuple[str, Element]]:
    found = [(child.tag.removeprefix(f"{{{CARDDAV}}}"), child) for child in children(element)]
    if any(name not in allowed for name, _ in found):
        raise BadRequest("a filter holds an element that cannot stand there")
    return found


def _name(element: Element) -> str:
    name = element.get("name", "").strip().upper()
    if not name or name.endswith("."):
        raise BadRequest("a filter element lacks its name")
    return name


def _every(element: Element) -> bool:
    test = element.get("test", "anyof")
    if test not in ("anyof", "allof"):
        raise BadRequest("test is anyof or allof")
    return test == "allof"


# -- prefilter -----------------------------------------------------------------------------------------------------


def hint(card_filter: CardFilter) -> QueryHint:
    """What every matching card certainly contains.

    Words of ASCII letters and digits only, and not of i;unicode-casemap: under that collation ``e`` matches in an
    e with an accent, too, which no plain search would find.
    """
    props = card_filter.props if card_filter.every or len(card_filter.props) == 1 else ()
    return QueryHint(component="VCARD", text=tuple(dict.fromkeys(word for prop in props for word in _words(prop))))


def _words(prop: PropFilter) -> Iterable[str]:
    for text in _certain_texts(prop):
        if text.collation in (ASCII_CASEMAP, OCTET):
            yield from _WORD.findall(text.text.lower())


@dataclass(frozen=True, slots=True)
class Needles:
    """Texts that a matching card holds somewhere, as keys of their collations; for a quick look before parsing."""

    keys: tuple[tuple[str, str], ...]

    @property
    def folded(self) -> tuple[str, ...]:
        """Keys that occur in ``folded`` texts of matching cards, whatever the collation: of ASCII only, because
        other letters may change places in decomposition."""
        return tuple(unicode_casemap(key) for _, key in self.keys if key.isascii())

    def in_text(self, text: str) -> bool:
        """Whether a card, as a text, may match."""
        if not self.keys:
            return True
        unfolded = text.replace("\r\n ", "")
        return all(key in COLLATIONS[collation](unfolded) for collation, key in self.keys)


def folded(text: str) -> str:
    """A card as one text in which needles occur under every collation if they occur in the card. No property of
    needles is binary; those would be most of it."""
    unfolded = text.replace("\r\n ", "")
    return unicode_casemap(_BINARY.sub("", unfolded) if len(unfolded) > _LONG else unfolded)


def needles(card_filter: CardFilter) -> Needles:
    """Of texts that stand in a card as they are: never escaped, and the same in every version."""
    props = card_filter.props if card_filter.every or len(card_filter.props) == 1 else ()
    found = [text for prop in props for text in _certain_texts(prop) if not _ESCAPABLE.search(text.text)]
    return Needles(tuple((text.collation, COLLATIONS[text.collation](text.text)) for text in found))


def _certain_texts(prop: PropFilter) -> Iterable[TextMatch]:
    """What a property of every matching card contains."""
    single = len(prop.texts) + len(prop.params) == 1
    if prop.name in _STORED_AS_GIVEN and (prop.every or single):
        yield from (text for text in prop.texts if not text.negate)


# -- matching ------------------------------------------------------------------------------------------------------


def matches(card_filter: CardFilter, card: Component) -> bool:
    """Whether a VCARD fulfils the filter."""
    if not card_filter.props:
        return True
    results = (_matches_prop(prop, card.properties) for prop in card_filter.props)
    return all(results) if card_filter.every else any(results)


def _matches_prop(prop: PropFilter, properties: Iterable[Property]) -> bool:
    found = (
        candidate
        for candidate in properties
        if candidate.name == prop.name and (prop.group is None or (candidate.group or "").upper() == prop.group)
    )
    if not prop.defined:
        return next(found, None) is None
    return any(_fulfils(prop, candidate) for candidate in found)


def _fulfils(prop: PropFilter, candidate: Property) -> bool:
    if not prop.texts and not prop.params:
        return True
    value = unescape_text(candidate.value)
    results = [text.holds(value) for text in prop.texts]
    results += [_matches_param(param, candidate) for param in prop.params]
    return all(results) if prop.every else any(results)


def _matches_param(param: ParamFilter, candidate: Property) -> bool:
    present = any(name == param.name for name, _ in candidate.params)
    if not param.defined:
        return not present
    if param.text is None:
        return present
    return any(param.text.holds(value) for value in candidate.param_values(param.name))
