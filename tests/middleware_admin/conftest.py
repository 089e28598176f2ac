"""A data directory with an embedded OX of alice, bob and carol, a server on it, and the administration commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import cli
from middleware.running import Running, open_context, serve
from tests.middleware.conftest import populate

Command = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A password file."""
    path = tmp_path / "secret"
    path.write_text("a new secret\n", "utf-8")
    return path


@pytest.fixture
def command(data: Path) -> Command:
    """Run `oxdav middleware ...` on the data directory."""

    def run(*arguments: str | Path, typed: str | None = None) -> Result:
        words = ["middleware", *map(str, arguments), "--data", str(data)]
        return CliRunner().invoke(cli, words, input=typed)

    return run


@pytest.fixture
async def server(data: Path) -> AsyncIterator[Running]:
    """A server on the data directory with users alice (3), bob (4), carol (5), group Team, Room 1 and Beamer."""
    context = open_context(data)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()
