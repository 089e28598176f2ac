"""The command ``oxdav``."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from gateway import app, event_loop, settings, workers
from gateway.demo import run as demo_run
from gateway.demo.people import PASSWORD
from gateway.http import access_log
from gateway.ledger.ledger import LedgerError
from gateway.roundtrip.command import roundtrip
from middleware import running as ox
from middleware.cli import administration
from middleware.context import Settings as OXSettings
from middleware.contract.command import contract
from middleware.generation import Generation

BAD_SETTINGS = 2

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="CalDAV and CardDAV for Open-Xchange accounts.",
)
console = Console(highlight=False, soft_wrap=True)
cli.add_typer(administration, name="middleware")
cli.command()(contract)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings, TOML; see config/gateway.toml.")]
GenerationOption = Annotated[
    Generation, typer.Option(help="Of the embedded OX: 7.8 has the older modules for calendars only.")
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Directory that keeps the data; without it all is gone at the end.")
]


@cli.command()
def serve(
    config: ConfigOption = None,
    number: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes on one port; else as the settings say.")
    ] = None,
) -> None:
    """Run the gateway before a real OX."""
    loaded = _load(config) if number is None else _load(config, listen={"workers": number})
    access_log.configure(loaded.log.level, loaded.log.format)

    def ready(port: int) -> None:
        scheme = "https" if loaded.listen.certificate else "http"
        console.print(f"Listening on {scheme}://{loaded.listen.host}:{port}/ before {loaded.ox.url}")

    async def run(stopped: asyncio.Event) -> None:
        gateway = await app.start(loaded)
        ready(gateway.port)
        await stopped.wait()
        await gateway.stop()

    async def run_several(stopped: asyncio.Event) -> None:
        await workers.serve(config, loaded, stopped, ready)

    _run(run if loaded.listen.workers == 1 else run_several)


@cli.command("check-config")
def check_config(config: ConfigOption = None) -> None:
    """Tell whether settings can be used; exit status 2 when not."""
    _load(config)
    console.print("The settings are right.")


@administration.callback(invoke_without_command=True)
def middleware(
    invocation: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8119,
    data: DataOption = None,
    mend: Annotated[bool, typer.Option("--mend", help="Without the faults that a real OX 8 has.")] = False,
    generation: GenerationOption = Generation.EIGHT,
) -> None:
    """Run the embedded OX middleware alone, or administer its accounts and data.

    On this machine alone, it makes the demo's accounts if there are none.
    """
    if invocation.invoked_subcommand is not None:
        if data is not None:
            raise typer.BadParameter("give it after the command", param_hint="--data")
        return

    async def run(stopped: asyncio.Event) -> None:
        context = ox.open_context(data, OXSettings(generation, mend=mend))
        new = _is_loopback(host) and demo_run.ensure_people(context)
        running = await ox.serve(context, host, port)
        made = f" (accounts: {demo_run.account_names()}; password: {PASSWORD})" if new else ""
        console.print(f"OX's HTTP API on {running.url}{made}")
        await stopped.wait()
        await running.stop()

    _run(run)


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the gateway.")] = 8118,
    ox_port: Annotated[int, typer.Option("--ox-port", min=0, max=65535, help="Of the embedded OX.")] = 8119,
    data: DataOption = None,
    empty: Annotated[bool, typer.Option("--empty", help="Accounts without sample data.")] = False,
    generation: GenerationOption = Generation.EIGHT,
) -> None:
    """Run the gateway and an embedded OX with the accounts alice, bob and carol (password: demo)."""
    access_log.configure("warning", "console")

    async def run(stopped: asyncio.Event) -> None:
        demonstration = await demo_run.start(
            console, host=host, port=port, ox_port=ox_port, data=data, empty=empty, generation=generation
        )
        await stopped.wait()
        console.print("Stopping ...")
        await demonstration.stop()

    _run(run)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


cli.command()(roundtrip)


def _load(config: Path | None, **overrides: Any) -> settings.Settings:
    try:
        return settings.load(config, **overrides)
    except settings.SettingsError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(BAD_SETTINGS) from None


def _run(body: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until Ctrl-C or SIGTERM, then let ``body`` clean up."""

    async def main() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        await body(stopped)

    try:
        event_loop.run(main())
    except OSError as error:
        errors.print(f"Cannot start: {error.strerror or error}", markup=False)
        raise typer.Exit(1) from None
    except LedgerError as error:
        errors.print(f"Cannot start: {error}", markup=False)
        raise typer.Exit(1) from None


def main() -> None:
    cli()
