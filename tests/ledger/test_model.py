"""Whatever is done to a ledger, it holds what a dictionary would, and every name that was taken from an object."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.ledger import Ledger

ACCOUNTS = st.sampled_from(["alice", "bob"])
FOLDERS = st.sampled_from(["31", "cal://0/32"])
IDS = st.sampled_from(["1", "2", "3"])
NAMES = st.sampled_from(["a.ics", "A.ics", "ü%2F.ics"])
Step = tuple[str, str, str, str, str]
STEP = st.tuples(st.sampled_from(["rename", "claim", "over", "forget", "collection"]), ACCOUNTS, FOLDERS, IDS, NAMES)


class Model:
    """What should be in the ledger, of each collection."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.had: set[tuple[str, str]] = set()

    def do(self, action: str, ox_id: str, name: str) -> None:
        holder = next((held for held, taken in self.names.items() if taken == name), None)
        match action:
            case "claim" if holder is None and ox_id not in self.names:
                self.names[ox_id] = name
            case "rename":
                self._rename(ox_id, name)
            case "over" if holder is not None and (holder == ox_id or ox_id not in self.names):
                self._rename(ox_id, name)
            case "forget":
                self.names.pop(ox_id, None)
                self.had = {(held, former) for held, former in self.had if held != ox_id}
            case "collection":
                self.names, self.had = {}, set()

    def _rename(self, ox_id: str, name: str) -> None:
        for held, had in list(self.names.items()):
            if (held == ox_id) != (had == name):
                self.had.add((held, self.names.pop(held)))
        self.names[ox_id] = name


async def apply(ledger: Ledger, step: Step) -> None:
    action, account, folder, ox_id, name = step
    current = (await ledger.names(account, folder)).current
    holder = next((held for held, taken in current.items() if taken == name), None)
    steps: dict[str, Any] = {
        "rename": lambda: ledger.rename(account, folder, ox_id, name),
        "claim": lambda: ledger.claim(account, folder, ox_id, name),
        "over": lambda: ledger.claim(account, folder, ox_id, name, over=holder),
        "forget": lambda: ledger.forget_names(account, folder, [ox_id]),
        "collection": lambda: ledger.forget_collection(account, folder),
    }
    if action != "over" or holder is not None:
        await steps[action]()


async def compare(steps: list[Step]) -> None:
    ledger = await Ledger.open("sqlite+aiosqlite://")
    models: dict[tuple[str, str], Model] = {}
    for step in steps:
        await apply(ledger, step)
        models.setdefault((step[1], step[2]), Model()).do(step[0], step[3], step[4])
    for (account, folder), model in models.items():
        kept = await ledger.names(account, folder)
        assert kept.current == model.names
        assert {(ox_id, name) for ox_id, names in kept.former.items() for name in names} == model.had
    await ledger.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=15))
def test_names(steps: list[Step]) -> None:
    asyncio.run(compare(steps))
