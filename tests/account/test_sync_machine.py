"""Random lives of a calendar, an address book and a task list: every device that follows its tokens ends with what is
there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.account.appointment_storage import APPOINTMENTS
from gateway.account.book_modules import BookModules
from gateway.account.contacts import ContactCollection
from gateway.account.events import EventCollection
from gateway.account.tasks import TaskCollection
from gateway.dav.errors import ValidSyncToken
from tests.account.test_contacts import card
from tests.account.test_events import ics, vevent
from tests.account.test_sync import FAR, delete_contact, delete_event, event, new_contact
from tests.account.world import Device, World, etags
from tests.davclient import todo
from tests.middleware.client import OXClient

Step = tuple[str, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("make", "make", "change", "change", "delete", "override", "put", "remove", "collide", "restart"),
                *("sync", "sync", "page"),
            )
        ),
        st.integers(0, 5),
    ),
    min_size=5,
    max_size=25,
)


class Life:
    """One collection, another client of OX, a client of the gateway that writes, and two devices that follow."""

    def __init__(self, world: World, ox: OXClient) -> None:
        self.world = world
        self.ox = ox
        self.devices = (Device(), Device())
        self.made = 0

    async def collection(self) -> EventCollection | TaskCollection | ContactCollection:
        raise NotImplementedError

    async def do(self, action: str, number: int) -> None:
        match action:
            case "collide":
                self.world.running.context.clock.collide(number + 2)
            case "restart":
                await self.world.restart()
            case "sync":
                await self.follow(self.devices[number % 2], None)
            case "page":
                await self.follow(self.devices[number % 2], number + 1, pages=1)
            case "put":
                await self.put(number)
            case "remove":
                await self.remove(number)
            case _:
                await self.elsewhere(action, number)

    async def follow(self, device: Device, limit: int | None, *, pages: int | None = None) -> None:
        """Sync page by page; ``pages`` None: to the end, which must then be exactly what is there."""
        while True:
            collection = await self.collection()
            try:
                truncated = (await device.sync(collection, limit)).truncated
            except ValidSyncToken:
                device.token, device.known = None, {}
                truncated = True
            if pages is None and not truncated:
                assert device.known == etags(await collection.entries())
                return
            if pages is not None:
                return

    async def put(self, number: int) -> None:
        collection = await self.collection()
        name = f"own {number}{'.ics' if isinstance(collection, EventCollection | TaskCollection) else '.vcf'}"
        self.made += 1
        await collection.put(name, self.body(f"own-{number}", self.made), await collection.entry(name))

    async def remove(self, number: int) -> None:
        collection = await self.collection()
        entries = await collection.entries()
        if entries:
            entry = entries[number % len(entries)]
            await collection.remove(entry.name, entry)

    def body(self, uid: str, version: int) -> bytes:
        raise NotImplementedError

    async def elsewhere(self, action: str, number: int) -> None:
        """What another client of OX does."""
        raise NotImplementedError


class CalendarLife(Life):
    async def collection(self) -> EventCollection:
        return await self.world.calendar()

    def body(self, uid: str, version: int) -> bytes:
        return ics(vevent(uid, f"Version {version}", *(["RRULE:FREQ=DAILY;COUNT=4"] if version % 2 else [])))

    async def elsewhere(self, action: str, number: int) -> None:
        listed = (await self.ox.data("chronos", "updates", folder="cal://0/31", timestamp=0))["newAndModified"]
        if action == "make":
            rule = {"rrule": "FREQ=DAILY;COUNT=4"} if number % 2 else {}
            await self.ox.data("chronos", "new", folder="cal://0/31", body=event("made", **rule))
            return
        if not listed:
            return
        target = listed[number % len(listed)]
        common = {"folder": "cal://0/31", "id": target["id"], "timestamp": FAR}
        if action == "delete":
            await delete_event(self.ox, target["id"])
        elif action == "change":
            await self.ox.data("chronos", "update", **common, body={"summary": f"changed {number}"})
        elif action == "override" and target.get("rrule") and target["id"] == target.get("seriesId"):
            where = f"2027030{1 + number % 4}T080000Z"
            # An occurrence that is deleted already cannot be changed.
            await self.ox.call("chronos", "update", **common, recurrenceId=where, body={"summary": "instance"})


class BookLife(Life):
    async def collection(self) -> ContactCollection:
        return await self.world.book()

    def body(self, uid: str, version: int) -> bytes:
        return card(uid, f"Version {version}", *([f"X-THING:{version}"] if version % 2 else []))

    async def elsewhere(self, action: str, number: int) -> None:
        ids = [row[0] for row in await self.ox.data("contacts", "all", folder="32", columns="1")]
        if action == "make":
            await new_contact(self.ox, f"made {number}")
        elif ids and action == "delete":
            await delete_contact(self.ox, ids[number % len(ids)])
        elif ids:
            target = ids[number % len(ids)]
            await self.ox.data("contacts", "update", folder="32", id=target, timestamp=FAR, body={"note": str(number)})


class TaskLife(Life):
    async def collection(self) -> TaskCollection:
        return await self.world.tasklist()

    def body(self, uid: str, version: int) -> bytes:
        lines = [f"X-THING:{version}"] if version % 2 else []
        return todo(uid, f"Version {version}", *lines).encode()

    async def elsewhere(self, action: str, number: int) -> None:
        ids = [row[0] for row in await self.ox.data("tasks", "all", folder="33", columns="1,20")]
        if action == "make":
            await self.ox.data("tasks", "new", body={"folder_id": "33", "title": f"made {number}"})
        elif ids and action == "delete":
            named = [{"folder": "33", "id": ids[number % len(ids)]}]
            await self.ox.data("tasks", "delete", timestamp=FAR, body=named)
        elif ids:
            target = ids[number % len(ids)]
            await self.ox.data("tasks", "update", folder="33", id=target, timestamp=FAR, body={"note": str(number)})


def live(kind: Callable[[World, OXClient], Life], actions: list[Step], *, mend: bool, **options: Any) -> None:
    async def run() -> None:
        async with World(mend=mend, **options) as world:
            life = kind(world, await world.ox())
            for action, number in actions:
                await life.do(action, number)
            for device in life.devices:
                await life.follow(device, None)
                told = len(device.told)
                await life.follow(device, None)
                assert len(device.told) == told, "something was told twice"

    _run(run())


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


modest = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(steps)
@modest
def test_a_calendar(actions: list[Step]) -> None:
    live(CalendarLife, actions, mend=False)


@given(steps)
@modest
def test_a_calendar_by_way_of_the_older_module(actions: list[Step]) -> None:
    """An OX 8 has the module of OX 7.8, too, so that another client can work with what only OX 8 knows."""
    live(CalendarLife, actions, mend=True, generation=APPOINTMENTS)


@given(steps, st.booleans())
@modest
def test_an_address_book(actions: list[Step], mend: bool) -> None:
    live(BookLife, actions, mend=mend)


@given(steps)
@modest
def test_an_address_book_that_is_listed(actions: list[Step]) -> None:
    live(BookLife, actions, mend=False, book_modules=BookModules.ADDRESSBOOKS)


@given(steps)
@modest
def test_a_task_list(actions: list[Step]) -> None:
    live(TaskLife, actions, mend=False)
