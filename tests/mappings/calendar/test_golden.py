"""Objects as clients write them: what OX is to hold, and how it is shown afterwards.

Beside each `name.ics` lie `name.json` (what `desired` says) and `name.shown.ics` (rendered after it was stored).
After a wanted change: `python -m tests.mappings.calendar.test_golden` writes them anew; read the difference.
"""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from mappings.calendar.desired import desired
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.user import CalendarUser
from tests.mappings.calendar.imitation import OX

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.ics") if not path.stem.endswith(".shown"))


def wanted(name: str) -> str:
    series = asdict(desired(read((GOLDEN / f"{name}.ics").read_bytes()), ALICE))
    return json.dumps(series, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def shown(name: str) -> str:
    obj, ox = read((GOLDEN / f"{name}.ics").read_bytes()), OX()
    ox.apply(plan([], obj, ALICE))
    assert plan(ox.all(), obj, ALICE) == ()
    text = render(ox.all(), ALICE)
    assert plan(ox.all(), read(text.encode()), ALICE) == ()
    return text


@pytest.mark.parametrize("name", NAMES)
def test_what_ox_is_to_hold(name: str) -> None:
    assert wanted(name) == (GOLDEN / f"{name}.json").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_what_clients_are_shown(name: str) -> None:
    assert shown(name).encode() == (GOLDEN / f"{name}.shown.ics").read_bytes()


if __name__ == "__main__":
    for each in NAMES:
        (GOLDEN / f"{each}.json").write_text(wanted(each), "utf-8")
        (GOLDEN / f"{each}.shown.ics").write_bytes(shown(each).encode())
