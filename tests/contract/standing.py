"""The standing differences between the embedded OX and the recordings, each with its reason.

`python -m tests.contract.standing` writes their table into docs/embedded-ox.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.contract import recordings

FILE = Path(__file__).with_name("standing_differences.toml")
DOCUMENT = Path(__file__).parents[2] / "docs" / "embedded-ox.md"
BEGIN = "<!-- standing differences: written by `python -m tests.contract.standing` -->"
END = "<!-- end of the standing differences -->"


@dataclass(frozen=True, slots=True)
class Standing:
    """One difference that stays. In `what` a star stands for anything."""

    scenario: str
    exchange: int
    what: str
    reason: str

    def covers(self, exchange: int, what: str) -> bool:
        """Whether it is about a difference of its scenario."""
        pattern = ".*".join(map(re.escape, self.what.split("*")))
        return exchange == self.exchange and re.fullmatch(pattern, what) is not None

    def __str__(self) -> str:
        return f"{self.scenario} {self.exchange} {self.what}"


def load() -> tuple[Standing, ...]:
    """All of them, in the order of the file."""
    document = tomllib.loads(FILE.read_text("utf-8"))
    return tuple(
        Standing(scenario, int(number), what, " ".join(group["reason"].split()))
        for group in document["group"]
        for scenario, number, what in (line.split(" ", 2) for line in group["differences"])
    )


def judge(scenario: str, found: Iterable[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """(differences that are not listed, listed ones that no longer exist) of a scenario."""
    listed = [one for one in load() if one.scenario == scenario]
    found = list(found)
    new = [f"{number} {what}" for number, what in found if not any(one.covers(number, what) for one in listed)]
    gone = [str(one) for one in listed if not any(one.covers(number, what) for number, what in found)]
    return new, gone


def section() -> str:
    """The figures and the table for the document."""
    listed = load()
    total = sum(len(recordings.load(name).exchanges) for name in recordings.names())
    differing = len({(one.scenario, one.exchange) for one in listed})
    lines = [
        f"{total} exchanges of {len(recordings.names())} scenarios are replayed; {total - differing} agree in "
        f"everything that is compared, {differing} differ in what follows.",
        "",
        "| scenario | exchange | difference | reason |",
        "|---|---|---|---|",
    ]
    by_reason: dict[tuple[str, int, str], list[str]] = {}
    for one in listed:
        by_reason.setdefault((one.scenario, one.exchange, one.reason), []).append(f"`{one.what}`")
    for (scenario, exchange, reason), what in sorted(by_reason.items()):
        lines.append(f"| {scenario} | {exchange} | {', '.join(what)} | {reason} |")
    return "\n".join(lines)


def written() -> str:
    """What the document holds now."""
    text = DOCUMENT.read_text("utf-8")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def write() -> None:
    """Put the section into the document."""
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{section()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    write()
