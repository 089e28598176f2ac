"""Whatever is done to a ledger, it holds what a plain dictionary would."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.ledger import Ledger

ACCOUNTS = st.sampled_from(["alice", "bob"])
FOLDERS = st.sampled_from(["31", "cal://0/32"])
IDS = st.sampled_from(["1", "2", "3"])
NAMES = st.sampled_from(["a.ics", "A.ics", "ü%2F.ics"])
STEP = st.tuples(st.sampled_from(["claim", "rename", "forget", "collection"]), ACCOUNTS, FOLDERS, IDS, NAMES)


def expected(model: dict[tuple[str, str], dict[str, str]], step: tuple[str, str, str, str, str]) -> bool:
    """Do the step to the model; False if it must be refused."""
    action, account, folder, ox_id, name = step
    names = model.setdefault((account, folder), {})
    holder = next((held for held, taken in names.items() if taken == name and held != ox_id), None)
    if action == "claim" and (ox_id in names or holder is not None):
        return False
    if action == "rename" and holder is not None:
        del names[holder]
    if action in ("claim", "rename"):
        names[ox_id] = name
    if action == "forget":
        names.pop(ox_id, None)
    if action == "collection":
        names.clear()
    return True


async def apply(ledger: Ledger, step: tuple[str, str, str, str, str]) -> bool:
    action, account, folder, ox_id, name = step
    match action:
        case "claim":
            return await ledger.claim(account, folder, ox_id, name) is None
        case "rename":
            await ledger.rename(account, folder, ox_id, name)
        case "forget":
            await ledger.forget_name(account, folder, ox_id)
        case "collection":
            await ledger.forget_collection(account, folder)
    return True


async def compare(steps: list[tuple[str, str, str, str, str]]) -> None:
    ledger = await Ledger.open("sqlite+aiosqlite://")
    model: dict[tuple[str, str], dict[str, str]] = {}
    for step in steps:
        assert await apply(ledger, step) == expected(model, step)
    for (account, folder), names in model.items():
        assert await ledger.names(account, folder) == names
    await ledger.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=15))
def test_names(steps: list[tuple[str, str, str, str, str]]) -> None:
    asyncio.run(compare(steps))
