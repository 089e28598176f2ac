"""Searching the cards of an address book: what a search looks at is kept for each card until it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gateway.account.made import made_of_all
from gateway.dav.turns import in_turns

if TYPE_CHECKING:
    from gateway.account.collection import Collection

_FORM = "folded"


async def holding(book: Collection, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[str]:
    """See ``AddressBook.holding``."""
    longest, *others = sorted(keys, key=len, reverse=True)
    found: list[str] = []
    async for texts in in_turns(made_of_all(book, _FORM, lambda body: fold(body.text))):
        found += [name for name, text in texts if longest in text and all(key in text for key in others)]
    return found
