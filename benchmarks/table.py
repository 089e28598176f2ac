"""The table of the rows: measured servers side by side, as ratios to the bare one."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import answers, peers, target
from benchmarks.answers import Unexpected
from benchmarks.connection import Connection
from benchmarks.filling import FILLED
from benchmarks.measure import QUIET, Bare, Measured, measure, measure_bare
from benchmarks.ours import DATA, Ours, log_of
from benchmarks.peers import Texts
from benchmarks.process import Process
from benchmarks.rows import Row, all_rows
from benchmarks.target import Target


@dataclass(slots=True)
class Line:
    """One row as measured. ``peers``: by name, None where a server gave no good answer."""

    row: Row
    bare: Bare
    ours: Measured
    peers: dict[str, Measured | None] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.ours.median / self.bare.median

    @property
    def cpu_ratio(self) -> float:
        """CPU of the gateway and of the OX behind it to that of the bare server: what a busy machine tells best."""
        return sum(self.ours.cpu) / self.bare.cpu

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "bare": asdict(self.bare),
            "ours": asdict(self.ours),
            "ours_to_bare": self.ratio,
            "cpu_to_bare": self.cpu_ratio,
            "wanted": self.row.wanted,
            "peers": {name: each and asdict(each) for name, each in self.peers.items()},
        }


def run(
    console: Console, count: int, seconds: float, *, with_peers: bool, only: str = "", quiet_seconds: float = QUIET
) -> list[Line]:
    """Start everything, measure every row whose name contains ``only``."""
    rows = [row for row in all_rows(count) if only in row.name]
    with ExitStack() as stack:
        bare = Process("bare", ["-m", "benchmarks.bare"], log_of("bare"))
        stack.callback(bare.stop)
        bare.port = int(bare.wait_for_line(r"port (\d+)"))
        with console.status(f"Starting and filling with {count} events and contacts ..."):
            ours = Ours(DATA / f"ox-{count}", count)
            stack.callback(ours.stop)
            gateway = target.gateway(ours)
            others = _peers(stack, gateway, count) if with_peers else []
        yardstick = Connection(bare.port)
        lines = []
        for row in rows:
            started = time.monotonic()
            with console.status(row.name):
                lines.append(_line(row, bare, yardstick, gateway, others, seconds, quiet_seconds))
            console.print(f"{row.name}: {time.monotonic() - started:.0f} s", style="dim")
        return lines


def _line(
    row: Row,
    bare: Process,
    yardstick: Connection,
    gateway: Target,
    others: Sequence[Target],
    seconds: float,
    quiet: float,
) -> Line:
    ours = measure(gateway, row, seconds, quiet=quiet)
    body = row.request(gateway, 0).body if row.constant else b""
    line = Line(row, measure_bare(bare, yardstick, ours, body, seconds / 2), ours)
    for other in others:
        try:
            line.peers[other.name] = measure(other, row, seconds, quiet=quiet)
        except Unexpected:
            line.peers[other.name] = None
    return line


def _peers(stack: ExitStack, gateway: Target, count: int) -> list[Target]:
    events: Texts = {}
    cards: Texts = {}
    if not all((DATA / f"{name}-{count}" / FILLED).exists() for name in ("radicale", "xandikos")):
        events = answers.everything(gateway.connection, gateway.calendar, cards=False)
        cards = answers.everything(gateway.connection, gateway.book, cards=True)
    found = []
    for start, name in ((peers.radicale, "radicale"), (peers.xandikos, "xandikos")):
        served = start(DATA / f"{name}-{count}", events, cards)
        stack.callback(served.process.stop)
        found.append(target.peer(served))
    return found


def show(console: Console, lines: Sequence[Line]) -> None:
    """Times in milliseconds, ratios to the bare server."""
    names = list(lines[0].peers) if lines else []
    table = Table(title="Medians, one connection, warm; ratios to a bare aiohttp server")
    table.add_column("request")
    for column in (
        "calls",
        "bare ms",
        "ours ms",
        "CPU gateway",
        "OX",
        "bare",
        "ours ÷ bare",
        "CPU ÷ bare",
        "wanted",
        *names,
    ):
        table.add_column(column, justify="right")
    for line in lines:
        cpu = [f"{each:.2f}" for each in line.ours.cpu]
        met = "green" if line.ratio <= line.row.wanted else "red"
        table.add_row(
            line.row.name,
            f"{line.ours.calls:g}",
            f"{line.bare.median:.2f}",
            f"{line.ours.median:.2f}",
            *cpu,
            f"{line.bare.cpu:.2f}",
            f"[{met}]{line.ratio:.1f}[/]",
            f"{line.cpu_ratio:.1f}",
            f"≤ {line.row.wanted:g}",
            *(_other(line, each) for each in line.peers.values()),
        )
    console.print(table)


def _other(line: Line, measured: Measured | None) -> str:
    if measured is None:
        return "fails"
    note = "" if measured.responses == line.ours.responses else f" ({measured.responses} for {line.ours.responses})"
    return f"{measured.median / line.bare.median:.1f}{note}"


def save(path: Path, count: int, lines: Sequence[Line]) -> None:
    """The figures as JSON, with the machine they were taken on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "objects": count,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rows": [line.to_json() for line in lines],
    }
    path.write_text(json.dumps(found, indent=1) + "\n")
