"""Collations of text matches (RFC 4790, RFC 5051): a key function for each; equal keys mean equal text.

Keys keep substrings: ``a`` occurs in ``b`` under a collation if ``key(a)`` occurs in ``key(b)``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

ASCII_CASEMAP = "i;ascii-casemap"
OCTET = "i;octet"
UNICODE_CASEMAP = "i;unicode-casemap"

_ASCII_UPPER = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}


def octet(text: str) -> str:
    """RFC 4790 9.3: nothing is equal but the same."""
    return text


def ascii_casemap(text: str) -> str:
    """RFC 4790 9.2: only the letters a-z are folded."""
    return text.upper() if text.isascii() else text.translate(_ASCII_UPPER)


def unicode_casemap(text: str) -> str:
    """RFC 5051 2: each character to its simple title case, then fully decomposed."""
    if text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKD", text.translate(_SIMPLE_TITLE_CASE))


_COMMON = 0xFFFF


class _SimpleTitleCase(dict[int, str]):
    """What each character becomes, found when it first occurs; rare ones are found each time."""

    def __missing__(self, code: int) -> str:
        # str.title() knows mappings to several characters (sharp s); RFC 5051 wants those of one character only.
        titled = chr(code).title()
        found = titled if len(titled) == 1 else chr(code)
        if code <= _COMMON:
            self[code] = found
        return found


_SIMPLE_TITLE_CASE = _SimpleTitleCase()


COLLATIONS: Mapping[str, Callable[[str], str]] = {
    ASCII_CASEMAP: ascii_casemap,
    OCTET: octet,
    UNICODE_CASEMAP: unicode_casemap,
}
"""Identifier -> key. The order is that of the ``supported-collation-set`` properties."""
