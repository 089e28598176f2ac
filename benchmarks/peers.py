"""Radicale and Xandikos, stock, without signing in, holding the same objects in their own storage."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.connection import LOGIN, Connection, Request
from benchmarks.filling import FILLED
from benchmarks.ours import CALENDARS, log_of
from benchmarks.process import Process, free_port

Texts = Mapping[str, str]
"""Objects by their resource name."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: paths of the home of calendars, of the filled calendar and of the filled address book."""

    process: Process
    home: str
    calendar: str
    book: str


def radicale(directory: Path, events: Texts, cards: Texts) -> Peer:
    """Its storage is a directory of files for each collection; its caches fill themselves at the first request."""
    owned = directory / "collection-root" / LOGIN
    if not (directory / FILLED).exists():
        shutil.rmtree(directory, ignore_errors=True)
        for number in range(CALENDARS):
            _write_radicale(owned / f"calendar{number or ''}", "VCALENDAR", events if number == 0 else {})
        _write_radicale(owned / "book", "VADDRESSBOOK", cards)
        (directory / FILLED).touch()
    port = free_port()
    settings = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(directory),
        "auth-type": "none",
        "rights-type": "owner_only",
        "web-type": "none",
        "logging-level": "error",
    }
    arguments = ["-m", "radicale", *(f"--{name}={value}" for name, value in settings.items())]
    process = Process("Radicale", arguments, log_of("radicale"))
    process.wait_for_port(port)
    return Peer(process, f"/{LOGIN}/", f"/{LOGIN}/calendar/", f"/{LOGIN}/book/")


def _write_radicale(directory: Path, tag: str, texts: Texts) -> None:
    directory.mkdir(parents=True)
    (directory / ".Radicale.props").write_text(json.dumps({"tag": tag}))
    for name, text in texts.items():
        (directory / name).write_bytes(text.encode())


def xandikos(directory: Path, events: Texts, cards: Texts) -> Peer:
    """Its storage is a git repository for each collection."""
    calendars, book = directory / LOGIN / "calendars", directory / LOGIN / "contacts" / "addressbook"
    if not (directory / FILLED).exists():
        shutil.rmtree(directory, ignore_errors=True)
        process = _start_xandikos(directory)
        try:
            connection = Connection(process.port)
            for number in range(1, CALENDARS):
                connection.ask(Request("MKCALENDAR", f"/{LOGIN}/calendars/calendar{number}"))
            connection.close()
        finally:
            process.stop()
        _commit(calendars / "calendar", events)
        _commit(book, cards)
        (directory / FILLED).touch()
    process = _start_xandikos(directory)
    return Peer(process, f"/{LOGIN}/calendars/", f"/{LOGIN}/calendars/calendar/", f"/{LOGIN}/contacts/addressbook/")


def _start_xandikos(directory: Path) -> Process:
    port = free_port()
    directory.mkdir(parents=True, exist_ok=True)
    arguments = ["-m", "xandikos", "serve", "--defaults", "--no-detect-systemd", "--directory", str(directory)]
    arguments += ["--current-user-principal", f"/{LOGIN}/", "--listen-address", "127.0.0.1", "--port", str(port)]
    arguments += ["--state-dir", str(directory / "state")]
    process = Process("Xandikos", arguments, log_of("xandikos"))
    process.wait_for_port(port)
    return process


def _commit(repository: Path, texts: Texts) -> None:
    # Comes with Xandikos, which only this needs.
    from dulwich import porcelain

    for name, text in texts.items():
        (repository / name).write_bytes(text.encode())
    porcelain.add(str(repository), [str(repository / name) for name in texts])
    porcelain.commit(str(repository), message=b"Objects", author=b"b <b@x>", committer=b"b <b@x>")
