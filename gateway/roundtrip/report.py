"""What a measurement found, for people and as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from gateway.roundtrip.findings import Finding, Verdict
from gateway.roundtrip.trip import Journey

WIDTH = 150
"""Longer lines are cut where examples are shown."""


def show(journeys: Sequence[Journey], console: Console, examples: int) -> None:
    """Print what was lost, repaired, refused, then the table per property and the totals."""
    for verdict in (Verdict.LOST, Verdict.ADDED, Verdict.REPAIRED):
        _show_findings(journeys, verdict, console, examples)
    _show_refused(journeys, console)
    for heading, chosen in (
        ("Failed", [(one, one.failure) for one in journeys if one.failure]),
        ("Written again by the PUT of what came back", [(one, ", ".join(one.rewritten)) for one in journeys]),
    ):
        told = [(one, text) for one, text in chosen if text]
        if told:
            console.print(f"\n[bold]{heading}: {len(told)}[/bold]")
        for one, text in told:
            console.print(f"  {one.resource.file} {one.resource.uid}: {text}", markup=False)
    console.print(_table(journeys))
    _show_totals(journeys, console)


def _show_findings(journeys: Sequence[Journey], verdict: Verdict, console: Console, examples: int) -> None:
    groups: defaultdict[tuple[str, str], list[tuple[Journey, Finding]]] = defaultdict(list)
    for journey in journeys:
        for finding in journey.findings:
            if finding.verdict is verdict:
                groups[finding.item, finding.reason].append((journey, finding))
    if groups:
        console.print(f"\n[bold]{verdict.value.capitalize()}[/bold]")
    for (item, reason), found in sorted(groups.items(), key=lambda group: -len(group[1])):
        objects = len({id(journey) for journey, _ in found})
        console.print(f"{item}: {reason or '(no reason)'} ({len(found)} times, {objects} objects)", markup=False)
        for journey, finding in found[:examples]:
            console.print(f"  {journey.resource.file} {journey.resource.uid}"[:WIDTH], markup=False, style="dim")
            console.print(f"    sent {finding.sent}"[:WIDTH], markup=False)
            console.print(f"    got  {finding.got}"[:WIDTH], markup=False)


def _show_refused(journeys: Sequence[Journey], console: Console) -> None:
    groups: defaultdict[str, list[Journey]] = defaultdict(list)
    for journey in journeys:
        if journey.refused:
            groups[journey.refused].append(journey)
    if groups:
        console.print(f"\n[bold]Refused: {sum(map(len, groups.values()))}[/bold]")
    for answer, refused in sorted(groups.items(), key=lambda group: -len(group[1])):
        first = refused[0].resource
        console.print(f"  {len(refused):4} {answer}: {first.file} {first.uid}"[:WIDTH], markup=False)


def _table(journeys: Iterable[Journey]) -> Table:
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for journey in journeys:
        for finding in journey.findings:
            counts[finding.item][finding.verdict] += 1
    table = Table("property", *(verdict.value for verdict in Verdict), title="What came back", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for item in sorted(counts):
        table.add_row(item, *(str(counts[item][verdict] or "") for verdict in Verdict))
    return table


def _show_totals(journeys: Sequence[Journey], console: Console) -> None:
    accepted = [one for one in journeys if not one.refused]
    console.print(
        f"{len(journeys)} objects: {len(accepted)} accepted, {len(journeys) - len(accepted)} refused; "
        f"{sum(one.unchanged for one in accepted)} came back unchanged, "
        f"{sum(not (one.unchanged or one.lost) for one in accepted)} repaired or with additions, "
        f"{sum(one.lost for one in accepted)} with losses."
    )


def as_json(journeys: Iterable[Journey]) -> list[dict[str, Any]]:
    """Every journey with all findings but the equal ones, which are counted."""
    return [
        {
            "file": journey.resource.file,
            "uid": journey.resource.uid,
            "refused": journey.refused,
            "failure": journey.failure,
            "rewritten": journey.rewritten,
            "equal": sum(one.verdict is Verdict.EQUAL for one in journey.findings),
            "findings": [
                {
                    "item": one.item,
                    "verdict": one.verdict.value,
                    "reason": one.reason,
                    "sent": one.sent,
                    "got": one.got,
                }
                for one in journey.findings
                if one.verdict is not Verdict.EQUAL
            ],
            "sent": journey.resource.content.decode(errors="replace"),
            "answer": journey.answer,
        }
        for journey in journeys
    ]
