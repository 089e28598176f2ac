"""Names in the ledger are forgotten when OX has forgotten their objects, and not before."""

from __future__ import annotations

from pathlib import Path

from gateway.account.names import Names
from gateway.ledger.ledger import Ledger


async def test_an_object_made_since_ox_was_asked_keeps_its_name(tmp_path: Path) -> None:
    """Another gateway made and named 10 after OX had answered this one: else a second object could take the name."""
    ledger = await Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    for key in ("5", "7", "10"):
        await ledger.rename("alice", "31", key, f"{key}.ics")
    names = await Names.load(ledger, "alice", "31")
    await names.prune({"7"})
    assert set((await ledger.names("alice", "31")).current) == {"7", "10"}
    await names.prune(set())
    assert set((await ledger.names("alice", "31")).current) == {"7", "10"}
    await ledger.close()
