"""Walking only what changed last gives what a walk over everything gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.account import recent
from gateway.account.index import Found, Index, Lost, Piece
from gateway.account.names import Names
from gateway.ledger.ledger import Ledger

changes = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 30), st.booleans()), max_size=60)


@pytest.fixture
async def names(tmp_path: Path) -> Names:
    ledger = await Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    loaded = await Names.load(ledger, "", "")
    await ledger.close()
    return loaded


async def test_recent_changes_are_all_found(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_MOST", 3)

    @settings(max_examples=150, deadline=None)
    @given(changes)
    def check(happened: list[tuple[int, int, bool]]) -> None:
        index = Index(names, ".ics", "life")
        for number, stamp, gone in happened:
            key = str(number)
            if gone:
                index.apply((), [Lost(key, stamp)])
            else:
                index.apply([Found(Piece(key, stamp), key, key, f"{key}.ics")])
        assert index.newest_alive == max((member.modified for member in index), default=0)
        for since in range(32):
            told = sorted(mark.key for mark in index.marks(since) if mark.digest)
            assert told == sorted(member.key for member in index if member.changed >= since)

    check()
