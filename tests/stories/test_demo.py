"""`oxdav demo` has its accounts filled, before either generation of OX."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from rich.console import Console

from gateway.demo import run
from middleware import passwords
from middleware.generation import Generation
from tests.davclient import DAV
from tests.middleware.client import OXClient


@pytest.mark.parametrize("generation", list(Generation))
async def test_the_demo_is_filled(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    console = Console(quiet=True)
    demo = await run.start(console, host="127.0.0.1", port=0, ox_port=0, data=None, empty=False, generation=generation)
    try:
        async with OXClient(demo.ox.url) as alice:
            await alice.login("alice")
            folder = await alice.data("config/folder/calendar")
            query = {"folder": folder, "start": 0, "end": 2**42, "columns": "1,200", "recurrence_master": True}
            titles = {title for _, title in await alice.data("calendar", "all", **query)}
            assert {"Team meeting", "Swimming", "Dentist"} <= titles
            async with alice.raw("chronos", "all") as response:
                assert response.status == {Generation.EIGHT: 200, Generation.SEVEN: 404}[generation]
        async with DAV(f"http://127.0.0.1:{demo.gateway.port}/", "alice", "demo") as dav:
            found = [await dav.sync(calendar) for calendar in (await dav.calendars()).values()]
            assert any(len(calendar.changed) >= len(titles) for calendar in found)
    finally:
        await demo.stop()
