"""Tasks as clients write them: what OX is to hold, and how it is shown afterwards with what is kept beside it.

Beside each `name.ics` lie `name.json` (the body of `new`) and `name.shown.ics`. After a wanted change:
`python -m tests.mappings.tasks.test_golden` writes them anew; read the difference.
"""

import json
from pathlib import Path

import pytest

from mappings.calendar.read import read
from mappings.tasks import plan
from tests.mappings.tasks.imitation import ALICE, Resource
from tests.mappings.tasks.test_round_trip import differences

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.ics") if not path.stem.endswith(".shown"))


def sent(name: str) -> str:
    return (GOLDEN / f"{name}.ics").read_bytes().decode()


def wanted(name: str) -> str:
    body = plan.create(read(sent(name).encode()), ALICE)
    return json.dumps(body, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_what_ox_is_to_hold(name: str) -> None:
    assert wanted(name) == (GOLDEN / f"{name}.json").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_what_clients_are_shown(name: str) -> None:
    assert Resource(sent(name)).get().encode() == (GOLDEN / f"{name}.shown.ics").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_nothing_changes_when_it_comes_back(name: str) -> None:
    stored = Resource(sent(name))
    assert differences(sent(name), stored.get()) == []
    for text in (sent(name), stored.get()):
        assert not stored.put(text)


if __name__ == "__main__":
    for each in NAMES:
        (GOLDEN / f"{each}.json").write_text(wanted(each), "utf-8")
        (GOLDEN / f"{each}.shown.ics").write_bytes(Resource(sent(each)).get().encode())
