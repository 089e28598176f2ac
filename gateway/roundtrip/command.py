"""The command ``oxdav roundtrip``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from gateway.http import access_log
from gateway.roundtrip import report
from gateway.roundtrip.split import Resource, split
from gateway.roundtrip.trip import Journey
from gateway.roundtrip.world import traveller
from middleware.generation import Generation

LOSSES = 1


def roundtrip(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Files of .ics or .vcf objects.")
    ],
    output: Annotated[Path | None, typer.Option("--json", help="Write all findings there.")] = None,
    examples: Annotated[int, typer.Option(min=0, help="So many examples of each difference.")] = 1,
    generation: Annotated[Generation, typer.Option(help="Of the embedded OX.")] = Generation.EIGHT,
) -> None:
    """Put files through the gateway and an embedded OX and tell what came back; exit status 1 if anything was lost."""
    access_log.configure("critical", "console")
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    resources = [resource for file in files for resource in split(file.name, file.read_bytes())]
    journeys = asyncio.run(travel(resources, generation))
    report.show(journeys, console, examples)
    if output is not None:
        output.write_text(json.dumps(report.as_json(journeys), indent=1))
    if any(journey.lost for journey in journeys):
        raise typer.Exit(LOSSES)


async def travel(resources: Sequence[Resource], generation: Generation) -> list[Journey]:
    """The journeys of all resources, one after the other, with a progress bar on standard error."""
    async with traveller(generation) as client:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Objects", total=len(resources))
            journeys = []
            for number, resource in enumerate(resources):
                journeys.append(await client.send(number, resource))
                progress.advance(task)
            return journeys
