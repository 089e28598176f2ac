"""Opening a data directory and serving it on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from middleware.accounts import create_context
from middleware.context import Context, Settings
from middleware.faults import FAULTS, Faults
from middleware.journal import JOURNAL, Journal
from middleware.server import create_app
from middleware.store import Store

DATABASE_NAME = "ox.sqlite3"


def open_context(directory: Path | None, settings: Settings | None = None) -> Context:
    """The context kept in a data directory, which is created when needed; None keeps everything in memory.

    OSError when the directory cannot be written.
    """
    if directory is None:
        return create_context(Store.open(), settings=settings)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return create_context(Store.open(directory / DATABASE_NAME), settings=settings)


@contextmanager
def administer(directory: Path, *, create: bool = False) -> Iterator[Context]:
    """The context kept in a data directory, to be changed for a moment, also while a server runs on it.

    A server waits meanwhile and knows of the changes afterwards. FileNotFoundError when there is no data, unless it is
    to be created.
    """
    path = directory / DATABASE_NAME
    if create:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not path.exists():
        raise FileNotFoundError(f"there is no data of an embedded OX in {directory}")
    context = create_context(Store.open(path, serving=False))
    try:
        with context.turn():
            yield context
    finally:
        context.close()


@dataclass(frozen=True, slots=True)
class Running:
    """A running server. `port` is the real one, also when 0 was asked for."""

    context: Context
    host: str
    port: int
    faults: Faults
    journal: Journal
    runner: web.AppRunner

    @property
    def url(self) -> str:
        """The address below which the API is found, with the prefix: http://127.0.0.1:4711/ajax/"""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/ajax/"

    async def stop(self) -> None:
        """Stop listening, finish what is running, close the store. Calling it twice does no harm."""
        self.faults.clear()
        await self.runner.cleanup()
        self.context.close()


async def serve(context: Context, host: str = "127.0.0.1", port: int = 0) -> Running:
    """Serve the context; port 0 takes a free one. OSError when the port cannot be had."""
    app = create_app(context)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    real_port: int = runner.addresses[0][1]
    return Running(context, host, real_port, app[FAULTS], app[JOURNAL], runner)
