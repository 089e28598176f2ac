"""Residue of contacts as JSON text for the ledger: a list of [name, parameters, value, group]."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mappings.contentline import Property


def to_json(properties: Sequence[Property]) -> str:
    return json.dumps([[prop.name, prop.params, prop.value, prop.group] for prop in properties], ensure_ascii=False)


def from_json(text: str) -> tuple[Property, ...]:
    """Raises ValueError for anything that ``to_json`` did not write."""
    return tuple(
        Property(name, tuple((key, tuple(values)) for key, values in params), value, group)
        for name, params, value, group in json.loads(text)
    )
