"""The embedded OX and a gateway before it, for one measurement: nothing of it stays."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from gateway import app
from gateway.demo.people import PASSWORD, PEOPLE
from gateway.demo.run import LEDGER, ensure_people
from gateway.roundtrip.trip import Traveller
from gateway.settings import load
from middleware.context import Settings
from middleware.generation import Generation
from middleware.running import open_context, serve

SECONDS = 60
"""An answer that takes longer is a failure."""

_BOOK = (
    '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype>'
    "<D:collection/><C:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>"
)

_TASKS = (
    '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
    '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'
    "</D:prop></D:set></C:mkcalendar>"
)


@asynccontextmanager
async def traveller(generation: Generation = Generation.EIGHT) -> AsyncIterator[Traveller]:
    """A client of the first of the demo's people, with a calendar, a task list and an address book of its own."""
    with tempfile.TemporaryDirectory(prefix="oxdav-roundtrip-") as directory:
        context = open_context(None, Settings(generation))
        ensure_people(context)
        ox = await serve(context)
        settings = load(
            listen={"host": "127.0.0.1", "port": 0},
            ox={"url": ox.url},
            ledger={"url": f"sqlite:///{Path(directory) / LEDGER}"},
        )
        gateway = await app.start(settings)
        try:
            user = context.users.by_login(PEOPLE[0].login)
            assert user is not None
            root = f"http://127.0.0.1:{gateway.port}"
            calendar = f"{root}/calendars/{user.id}/roundtrip/"
            tasks = f"{root}/calendars/{user.id}/roundtrip-tasks/"
            book = f"{root}/addressbooks/{user.id}/roundtrip/"
            authorization = aiohttp.BasicAuth(user.login, PASSWORD)
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with aiohttp.ClientSession(auth=authorization, timeout=timeout) as session:
                await _make(session, "MKCALENDAR", calendar, None)
                await _make(session, "MKCALENDAR", tasks, _TASKS)
                await _make(session, "MKCOL", book, _BOOK)
                yield Traveller(session, calendar, tasks, book, ox.journal, frozenset(person.mail for person in PEOPLE))
        finally:
            await gateway.stop()
            await ox.stop()


async def _make(session: aiohttp.ClientSession, method: str, url: str, body: str | None) -> None:
    headers = {"Content-Type": "application/xml"} if body else {}
    async with session.request(method, url, data=body, headers=headers) as answer:
        answer.raise_for_status()
