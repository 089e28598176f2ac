"""What a run found, as a table and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from middleware.contract.run import Outcome, Report, Verdict

_STYLES = {Verdict.AGREES: "green", Verdict.DIFFERS: "bold red", Verdict.NOT_OFFERED: "yellow"}
_SHOWN = 8  # differences of one scenario in the table


def table(report: Report) -> RenderableType:
    """Scenario, verdict, and how it differs or which of several right answers came."""
    found = Table("scenario", "result", "how", show_lines=True)
    for outcome in report.outcomes:
        verdict = Text(outcome.verdict.value, style=_STYLES[outcome.verdict])
        found.add_row(outcome.scenario.name, verdict, Text("\n".join(_lines(outcome))))
    return Group(found, Text(summary(report)))


def _lines(outcome: Outcome) -> list[str]:
    lines = [*outcome.differences[:_SHOWN], *outcome.notes]
    more = len(outcome.differences) - _SHOWN
    return [*lines, f"... and {more} more (see --json)"] if more > 0 else lines


def summary(report: Report) -> str:
    """One line with the numbers, and one for everything that was left behind."""
    counts = ((verdict.value, sum(one.verdict is verdict for one in report.outcomes)) for verdict in Verdict)
    lines = [", ".join(f"{count} {name}" for name, count in counts)]
    lines.extend(f"Left behind, please remove: {what}" for what in report.left_behind)
    return "\n".join(lines)


def as_json(report: Report, url: str) -> dict[str, Any]:
    """Everything that was found."""
    return {
        "server": url,
        "scenarios": [
            {
                "name": one.scenario.name,
                "shows": one.scenario.shows,
                "result": one.verdict.value,
                "differences": list(one.differences),
                "notes": list(one.notes),
                "seconds": round(one.seconds, 3),
            }
            for one in report.outcomes
        ],
        "left_behind": report.left_behind,
    }
