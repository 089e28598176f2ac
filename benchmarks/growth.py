"""How costs grow with the number of objects, fitted as an exponent: 0 is constant, 1 is proportional."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks import target
from benchmarks.measure import measure
from benchmarks.ours import DATA, Ours
from benchmarks.rows import Row, all_rows

_LISTINGS = ("PROPFIND, Depth 1", "sync-collection, initial")
_CONSTANT = ("poll", "nothing changed", "after 10", "multiget 50", "GET", "PUT, create", "PUT, update", "DELETE")


@dataclass(frozen=True, slots=True)
class Growth:
    """Costs in milliseconds of CPU, gateway and OX together, by number of objects; ``wanted``: exponent at most."""

    name: str
    wanted: float
    costs: dict[int, float]
    gateway: dict[int, float]

    @property
    def exponent(self) -> float:
        return _slope(self.costs)

    @property
    def exponent_of_gateway(self) -> float:
        return _slope(self.gateway)


def run(console: Console, counts: Sequence[int], seconds: float) -> list[Growth]:
    """Measure with so many events and contacts each time."""
    grown: dict[str, Growth] = {}
    for count in counts:
        with console.status(f"Starting and filling with {count} events and contacts ..."):
            ours = Ours(DATA / f"ox-{count}", count)
        try:
            client = target.gateway(ours)
            for row in all_rows(count):
                wanted = _wanted(row)
                if wanted is None:
                    continue
                with console.status(f"{count}: {row.name}"):
                    measured = measure(client, row, seconds)
                growth = grown.setdefault(row.name, Growth(row.name, wanted, {}, {}))
                growth.costs[count] = sum(measured.cpu)
                growth.gateway[count] = measured.cpu[0]
        finally:
            ours.stop()
    return list(grown.values())


def show(console: Console, grown: Sequence[Growth]) -> None:
    counts = sorted(grown[0].costs) if grown else []
    table = Table(title="CPU of a request, gateway + OX, milliseconds")
    table.add_column("request")
    for column in (*map(str, counts), "exponent", "of the gateway alone", "wanted"):
        table.add_column(column, justify="right")
    for growth in grown:
        costs = [f"{growth.gateway[count]:.2f} + {growth.costs[count] - growth.gateway[count]:.2f}" for count in counts]
        exponents = (f"{growth.exponent:.2f}", f"{growth.exponent_of_gateway:.2f}", f"≤ {growth.wanted:g}")
        table.add_row(growth.name, *costs, *exponents)
    console.print(table)
    for growth in grown:
        if growth.wanted == 1.0:
            fewest, most = counts[0], counts[-1]
            member = (growth.costs[most] - growth.costs[fewest]) / max(1, most - fewest) * 1000
            console.print(f"{growth.name}: {member:.2f} µs for each member more (wanted 2)")


def _wanted(row: Row) -> float | None:
    if row.name.startswith(_LISTINGS):
        return 1.0
    return 0.1 if any(part in row.name for part in _CONSTANT) else None


def _slope(costs: dict[int, float]) -> float:
    """Least squares of log(cost) over log(count)."""
    points = [(math.log(count), math.log(max(cost, 1e-6))) for count, cost in costs.items()]
    if len(points) < 2:
        return 0.0
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread
