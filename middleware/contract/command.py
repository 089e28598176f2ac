"""The command `oxdav contract`."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from middleware.contract.catalogue import named
from middleware.contract.client import SignInRefused, Unreachable
from middleware.contract.report import as_json, table
from middleware.contract.run import Account, Report, run
from middleware.contract.scenario import Scenario

DIFFERS = 1
BAD_USAGE = 2

output = Console(highlight=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", exists=True, dir_okay=False, help="His password; else you are asked.")
]
SecondPasswordOption = Annotated[
    Path | None, typer.Option("--second-password-file", exists=True, dir_okay=False, help="The other password.")
]


def contract(
    ox: Annotated[str, typer.Option("--ox", help="OX's HTTP API: https://ox.example.com/ajax/")],
    user: Annotated[str, typer.Option("--user", help="Login name of an account.")],
    password_file: PasswordOption = None,
    second_user: Annotated[str, typer.Option("--second-user", help="Another account of the same context.")] = "",
    second_password_file: SecondPasswordOption = None,
    scenario: Annotated[list[str] | None, typer.Option("--scenario", help="Only this one; may be repeated.")] = None,
    to_json: Annotated[Path | None, typer.Option("--json", help="Also write what was found here.")] = None,
) -> None:
    """Compare an OX with what the gateway relies on.

    It works in folders that it creates and removes again. With a second account it also tries shares and meetings;
    those meetings are in the second user's calendar for a moment. Exit status: 0 when nothing differs, 1 when
    something does, 2 when it could not begin.
    """
    wanted = _scenarios(scenario or [])
    url = _checked_url(ox)
    first = Account(user, _password(user, password_file))
    second = Account(second_user, _password(second_user, second_password_file)) if second_user else None
    report = Report()
    complete = _run(url, first, second, wanted, report)
    output.print(table(report))
    if to_json is not None:
        to_json.write_text(json.dumps(as_json(report, url), ensure_ascii=False, indent=2) + "\n", "utf-8")
    if not complete:
        errors.print("Interrupted.")
    if not (complete and report.clean):
        raise typer.Exit(DIFFERS)


def _run(url: str, first: Account, second: Account | None, wanted: Sequence[Scenario], report: Report) -> bool:
    """Run it with a bar of progress; False when it was interrupted."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=output, transient=True) as bar:
        task = bar.add_task("signing in", total=len(wanted))

        def progress(current: Scenario) -> None:
            bar.update(task, description=current.name, completed=len(report.outcomes))

        try:
            asyncio.run(_interruptible(run(url, first, second, wanted, report, progress)))
        except (SignInRefused, Unreachable) as error:
            errors.print(str(error), markup=False)
            raise typer.Exit(BAD_USAGE) from None
        except (KeyboardInterrupt, asyncio.CancelledError):
            return False
    return True


async def _interruptible(work: Coroutine[Any, Any, None]) -> None:
    """SIGTERM ends the work as Ctrl-C does: what was made is removed."""
    current = asyncio.current_task()
    if current is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, current.cancel)
    await work


def _scenarios(names: list[str]) -> tuple[Scenario, ...]:
    try:
        return named(names)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="--scenario") from None


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.username or parts.query or parts.fragment:
        raise typer.BadParameter("an address such as https://ox.example.com/ajax/ is needed", param_hint="--ox")
    return text if text.endswith("/") else f"{text}/"


def _password(user: str, file: Path | None) -> str:
    if file is not None:
        return file.read_text("utf-8").rstrip("\r\n")
    return str(typer.prompt(f"Password of {user}", hide_input=True))
