"""Starting the demo: an embedded OX with accounts and sample data, the gateway before it, and how to connect."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from gateway import app
from gateway.demo import fill
from gateway.demo.people import PASSWORD, PEOPLE, ZONE
from gateway.settings import load
from middleware import accounts as ox_accounts
from middleware.context import Context, Settings
from middleware.directory.model import ADMIN_ID
from middleware.generation import Generation
from middleware.running import Running, open_context, serve

LEDGER = "ledger.db"


@dataclass(slots=True)
class Demonstration:
    gateway: app.Gateway
    ox: Running
    directory: tempfile.TemporaryDirectory[str] | None

    async def stop(self) -> None:
        await self.gateway.stop()
        await self.ox.stop()
        if self.directory is not None:
            self.directory.cleanup()


def account_names() -> str:
    return ", ".join(person.login for person in PEOPLE)


def ensure_people(context: Context) -> bool:
    """Create the demo's accounts in an OX that has no users yet. True if it did."""
    if any(user.id != ADMIN_ID for user in context.users.all()):
        return False
    for person in PEOPLE:
        ox_accounts.add_user(
            context,
            login=person.login,
            password=PASSWORD,
            given=person.given,
            family=person.family,
            email=person.mail,
            timezone=ZONE,
            locale="en_US",
        )
    return True


async def start(
    console: Console,
    *,
    host: str,
    port: int,
    ox_port: int,
    data: Path | None,
    empty: bool,
    generation: Generation = Generation.EIGHT,
) -> Demonstration:
    """Start both; fills the accounts when they are new and not wanted empty. Raises OSError for a used port."""
    directory = None if data is not None else tempfile.TemporaryDirectory(prefix="oxdav-demo-")
    home = data if data is not None else Path(directory.name if directory else ".")
    home.mkdir(parents=True, exist_ok=True)
    await _prepare(console, home, empty=empty)
    ox = await serve(open_context(home, Settings(generation)), "127.0.0.1", ox_port)
    try:
        url = f"http://127.0.0.1:{ox.port}/ajax/"
        settings = load(
            listen={"host": host, "port": port},
            ox={"url": url},
            ledger={"url": f"sqlite:///{home / LEDGER}"},
        )
        gateway = await app.start(settings)
    except BaseException:
        await ox.stop()
        raise
    explain(console, f"http://{host}:{gateway.port}/", url, data)
    return Demonstration(gateway, ox, directory)


async def _prepare(console: Console, home: Path, *, empty: bool) -> None:
    """Make the accounts when there are none, and fill them. The sample data are written as an OX 8 takes them."""
    ox = await serve(open_context(home), "127.0.0.1", 0)
    try:
        if ensure_people(ox.context) and not empty:
            with console.status("Filling the accounts with sample data ..."):
                await fill.accounts(f"http://127.0.0.1:{ox.port}/ajax/", date.today())
    finally:
        await ox.stop()


def explain(console: Console, url: str, ox_url: str, data: Path | None) -> None:
    """Print where everything is and how popular clients are connected."""
    kept = f"kept in {data}" if data is not None else "gone when this ends (--data DIR keeps it)"
    console.print(
        f"""
[bold]CalDAV and CardDAV:[/bold] {url}
[bold]OX's HTTP API:[/bold]      {ox_url}
[bold]Accounts:[/bold]           {account_names()}   password: {PASSWORD}
[bold]Data:[/bold]               {kept}

[bold]Thunderbird[/bold]   Calendar > New Calendar > On the Network; user name alice, location {url}
              Address Book > New > CardDAV Address Book; the same
[bold]iOS, macOS[/bold]    Calendar/Contacts accounts > Other > CalDAV (CardDAV), advanced: server {url}
[bold]DAVx5[/bold]         Login with URL and user name: {url}
[bold]Evolution[/bold]     New Collection Account: user name alice, server {url}
[bold]KDE[/bold]           DAV groupware resource: {url} for CalDAV and CardDAV
[bold]vdirsyncer[/bold]    config/vdirsyncer.conf in this project, with this address and alice's password

Ctrl-C ends it.""",
        markup=True,
    )
