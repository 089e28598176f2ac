"""Comparing a vCard with what came back of it."""

from __future__ import annotations

from collections.abc import Hashable

from gateway.roundtrip import pairing
from gateway.roundtrip.card_values import meanings
from gateway.roundtrip.findings import Finding, Meaning
from mappings.contentline import Component

_NEEDED = {"FN": "a card needs it", "N": "a card of version 3.0 needs it"}
_LABEL = "version 3.0 has the label of an address as a property, version 4.0 as a parameter"


def compare(sent: Component, got: Component) -> list[Finding]:
    """Findings for all properties and parameters of two cards, of whatever versions."""
    return pairing.compare(meanings(sent), meanings(got), _Judge(sent, got))


class _Judge:
    """Tells what the other version of vCard says in its own way from what is lost."""

    def __init__(self, sent: Component, got: Component) -> None:
        self._sent = _labels(sent)
        self._got = _labels(got)

    def __call__(self, sent: Meaning | None, got: Meaning | None, parameter: str) -> str:
        meaning = sent or got
        if meaning is None:
            return ""
        if (meaning.name, parameter) in (("LABEL", ""), ("ADR", "LABEL")):
            theirs = _labels_of(meaning)
            return _LABEL if theirs and theirs <= self._sent & self._got else ""
        return _NEEDED.get(meaning.name, "") if sent is None else ""


def _labels(card: Component) -> frozenset[Hashable]:
    return frozenset(label for meaning in meanings(card) for label in _labels_of(meaning))


def _labels_of(meaning: Meaning) -> frozenset[Hashable]:
    if meaning.name == "LABEL":
        return frozenset([meaning.value])
    found = dict(meaning.params).get("LABEL") if meaning.name == "ADR" else None
    return found if isinstance(found, frozenset) else frozenset()
