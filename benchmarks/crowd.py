"""An embedded OX with many accounts, and the gateway before it, as two processes."""

from __future__ import annotations

import asyncio
import shutil

from argon2 import PasswordHasher

from benchmarks import objects
from benchmarks.connection import PASSWORD
from benchmarks.ours import DATA, FILLED, OUR_COMMAND, gateway_process, log_of, run_all
from benchmarks.process import Process, free_port
from gateway.ox import chronos, config, contacts
from gateway.ox.login import Basic, log_in
from gateway.ox.transport import Transport
from middleware import accounts, passwords
from middleware.running import open_context

_AT_ONCE = 8


def login_of(number: int) -> str:
    return f"user{number:04}"


class Crowd:
    """``users`` accounts with ``count`` events and as many contacts each; made when they are not there yet.
    ``workers``: processes of the gateway, each with metrics at a port of its own."""

    def __init__(self, users: int, count: int, workers: int = 1) -> None:
        self.workers = workers
        self.directory = DATA / f"users-{users}-{count}"
        new = not (self.directory / FILLED).exists()
        if new:
            shutil.rmtree(self.directory, ignore_errors=True)
            _make_accounts(self, users)
        command = ["-c", OUR_COMMAND, "middleware", "--data", str(self.directory), "--port", "0"]
        self.ox = Process("OX", command, log_of("ox"))
        try:
            self.ox_url = self.ox.wait_for_line(r"(http://\S+)")
            if new:
                asyncio.run(_fill(self.ox_url, users, count))
                (self.directory / FILLED).touch()
            self.metrics = free_port()
            settings = {"OXDAV_LISTEN__WORKERS": str(workers)}
            self.gateway = gateway_process(self.directory, self.ox_url, self.metrics, settings)
        except BaseException:
            self.ox.stop()
            raise

    def stop(self) -> None:
        self.gateway.stop()
        self.ox.stop()


def _make_accounts(crowd: Crowd, users: int) -> None:
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # hashing is not what is measured
    context = open_context(crowd.directory)
    try:
        for number in range(users):
            accounts.add_user(context, login=login_of(number), password=PASSWORD, given="Some", family=str(number))
    finally:
        context.close()


async def _fill(url: str, users: int, count: int) -> None:
    transport = Transport(url)
    turn = asyncio.Semaphore(_AT_ONCE)

    async def fill(number: int) -> None:
        async with turn:
            session = await log_in(transport, Basic(login_of(number), PASSWORD))
            default = await session.run(config.default_folders())
            assert default.contacts is not None
            calendar, book = f"cal://0/{default.calendar}", default.contacts
            await run_all(session, [chronos.create(calendar, event, "none") for event in objects.events(count)])
            await run_all(session, [contacts.create(book, fields) for fields in objects.contacts(count)])
            await session.logout()

    try:
        await asyncio.gather(*map(fill, range(users)))
    finally:
        await transport.close()
