"""Where the gateway's time goes for one row: its event loop under cProfile, OX as a process of its own."""

from __future__ import annotations

import asyncio
import cProfile
import tempfile
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from benchmarks import target
from benchmarks.measure import QUIET
from benchmarks.ours import Ours
from benchmarks.rows import Row
from gateway import app, event_loop
from gateway.http import access_log
from gateway.settings import load


class _Loop:
    """An event loop in a thread of its own that can be profiled."""

    def __init__(self) -> None:
        self.profile = cProfile.Profile(time.thread_time)
        self._loop = event_loop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def resume(self) -> None:
        async def enable() -> None:
            self.profile.enable()

        self.run(enable())

    def pause(self) -> None:
        async def disable() -> None:
            self.profile.disable()

        self.run(disable())

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


def profile(ours: Ours, row: Row, repetitions: int) -> cProfile.Profile:
    """The profile of so many requests of a row, after some that warm up."""
    loop = _Loop()
    with tempfile.TemporaryDirectory() as directory:
        settings = load(
            listen={"port": 0}, ox={"url": ours.ox_url}, ledger={"url": f"sqlite:///{Path(directory) / 'ledger.db'}"}
        )
        access_log.configure("warning", "json")
        gateway = loop.run(app.start(settings))
        try:
            client = target.gateway(ours, gateway.port)
            for number in range(3):
                client.connection.ask(row.request(client, number))
                time.sleep(QUIET if number == 0 and row.constant else 0)
            constant = row.request(client, 3).octets()
            for number in range(repetitions):
                octets = constant if row.constant else row.request(client, number + 4).octets()
                loop.resume()
                client.connection.exchange(octets)
                loop.pause()
        finally:
            loop.run(gateway.stop())
            loop.close()
    return loop.profile
