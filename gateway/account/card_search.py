"""Searching the cards of an address book: what a search looks at is kept for each card until it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gateway.dav.turns import in_turns

if TYPE_CHECKING:
    from gateway.account.collection import Collection

_FORM = "folded"


async def holding(book: Collection, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[str]:
    """See ``AddressBook.holding``."""
    names = [member.name for member in await book.index()]
    longest, *others = sorted(keys, key=len, reverse=True)
    found = []
    remaining = iter(names)
    async for texts in in_turns(book.made_of(names, _FORM, lambda body: fold(body.text))):
        for text, name in zip(texts, remaining, strict=False):
            if text is not None and longest in text and all(key in text for key in others):
                found.append(name)
    return found
