"""Searching the cards of an address book: their texts one behind the other, so that a search is one walk over a text.

A section for each card: ``\\x01name\\x02text``. Neither letter occurs in names; in texts they are left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from gateway.dav.ports import TOGETHER
from gateway.dav.values import Entry

if TYPE_CHECKING:
    from gateway.account.collection import Collection

_LARGEST = 16 * 1024 * 1024
_CARD = "\x01"
_TEXT = "\x02"


async def holding(book: Collection, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[Entry]:
    """See ``AddressBook.holding``."""
    index = await book.index()
    kept = f"{await book.ctag()} cards"
    text = book.account.text(book.folder.id, kept)
    if text is None:
        version = index.version
        text = await _all(book, fold)
        if text is None:
            return await book.entries()
        if index.version == version:
            await _keep(book, kept, text)
    entries = [await book.entry(name) for name in found(text, keys)]
    return [entry for entry in entries if entry is not None]


async def _all(book: Collection, fold: Callable[[str], str]) -> str | None:
    """None when that is too much to hold."""
    sections = []
    size = 0
    names = [member.name for member in await book.index()]
    async for body in book.bodies(names):
        sections.append(section(body.entry.name, fold(body.text)))
        size += len(sections[-1])
        if size > _LARGEST:
            return None
        if len(sections) % TOGETHER == 0:
            await asyncio.sleep(0)
    return "".join(sections)


async def _keep(book: Collection, name: str, text: str) -> None:
    state = await book.state()
    if state.searched is not None:
        book.account.drop_text(book.folder.id, state.searched)
    state.searched = name
    book.account.keep_text(book.folder.id, name, text)


def section(name: str, text: str) -> str:
    """What ``found`` looks at for one card."""
    return f"{_CARD}{name}{_TEXT}{text.replace(_CARD, '').replace(_TEXT, '')}"


def found(text: str, keys: Sequence[str]) -> Iterator[str]:
    """The names of the cards whose texts hold all of ``keys``, of which there is at least one."""
    longest = max(keys, key=len)
    place = text.find(longest)
    while place >= 0:
        begin = text.rfind(_CARD, 0, place)
        end = text.find(_CARD, place)
        name, _, card = text[begin + 1 : end if end >= 0 else None].partition(_TEXT)
        if all(key in card for key in keys):
            yield name
        place = text.find(longest, end) if end >= 0 else -1
