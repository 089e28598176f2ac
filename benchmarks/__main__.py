"""The command line of the benchmarks."""

from __future__ import annotations

import os
import pstats
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import cold, fairness, growth, memory, profiling, table, users
from benchmarks.ours import DATA, Ours
from benchmarks.rows import all_rows

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="How fast the gateway is.")
console = Console(width=None if os.isatty(1) else 180)

Objects = Annotated[int, typer.Option("--objects", min=50, help="Events, and as many contacts.")]
Seconds = Annotated[float, typer.Option("--seconds", help="For each row and server.")]
Only = Annotated[str, typer.Option(help="Rows whose name contains this.")]
RESULTS = Path("benchmarks/results")


@cli.callback(invoke_without_command=True)
def run(
    invocation: typer.Context,
    objects: Objects = 5000,
    seconds: Seconds = 2.0,
    with_peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Measure Radicale and Xandikos, too.")] = True,
    only: Only = "",
) -> None:
    """The gateway beside a bare server, Radicale and Xandikos, all with the same objects."""
    if invocation.invoked_subcommand is not None:
        return
    lines = table.run(console, objects, seconds, with_peers=with_peers, only=only)
    table.show(console, lines)
    table.save(RESULTS / f"table-{objects}.json", objects, lines)


@cli.command("growth")
def show_growth(
    sizes: Annotated[list[int] | None, typer.Option("--objects", help="Repeat it; 100, 1000, 10000, 100000.")] = None,
    seconds: Seconds = 1.0,
) -> None:
    """How the cost of each kind of request grows with the number of objects."""
    growth.show(console, growth.run(console, sizes or [100, 1000, 10_000, 100_000], seconds))


@cli.command("cold")
def show_cold(objects: Objects = 5000) -> None:
    """The first synchronisation after a restart."""
    cold.show(console, cold.run(console, objects))


@cli.command("users")
def show_users(
    count: Annotated[int, typer.Option("--users", min=20, help="Each with a program of the mix.")] = 500,
    objects: Annotated[int, typer.Option("--objects", min=1, help="Events, and as many contacts, of each.")] = 50,
    seconds: Seconds = 300.0,
    pause: Annotated[float, typer.Option(help="Seconds between two visits of a user, on average.")] = 120.0,
    poll_seconds: Annotated[float, typer.Option(help="Of polls from all of them at once.")] = 30.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes of the gateway.")] = 1,
) -> None:
    """Many users with Thunderbird, DAVx5, iOS or vdirsyncer against one process."""
    users.show(console, users.run(console, count, objects, seconds, pause, poll_seconds=poll_seconds, workers=workers))


@cli.command("fairness")
def show_fairness(objects: Objects = 5000, seconds: Seconds = 10.0) -> None:
    """Whether small requests wait for large ones."""
    fairness.show(console, fairness.run(console, objects, seconds))


@cli.command("memory")
def show_memory(objects: Objects = 5000) -> None:
    """What the gateway needs of memory."""
    found = memory.measure(objects)
    megabytes = [f"{each / 2**20:.0f} MB" for each in (found.idle, found.listed, found.read)]
    console.print(f"idle {megabytes[0]}; {objects} events and contacts listed {megabytes[1]}, read {megabytes[2]}")
    console.print(f"an entry of the index {found.entry:.0f} bytes")
    for name, size in found.extra.items():
        console.print(f"{name}: {size / 2**20:.0f} MB more at once")


@cli.command("profile")
def show_profile(
    only: Annotated[str, typer.Argument(help="The first row whose name contains this.")],
    objects: Objects = 5000,
    repetitions: int = 100,
    order: Annotated[str, typer.Option(help="As the module pstats sorts.")] = "tottime",
) -> None:
    """Where the gateway's CPU time goes for one row."""
    row = next(row for row in all_rows(objects) if only in row.name)
    ours = Ours(DATA / f"ox-{objects}", objects)
    try:
        found = profiling.profile(ours, row, repetitions)
    finally:
        ours.stop()
    spent = sum(entry.inlinetime for entry in found.getstats())
    console.print(f"{row.name}: {spent / repetitions * 1000:.2f} ms, the profiler's own work included")
    pstats.Stats(found).sort_stats(order).print_stats(60)


if __name__ == "__main__":
    cli()
