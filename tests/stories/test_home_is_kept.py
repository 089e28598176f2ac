"""A home that nothing changed in is not made anew, and every change of it shows at the next look."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from gateway.dav.properties import LIVE
from tests.davclient import DAV, DECLARATIONS, Answer, event
from tests.oxclient import FAR_FUTURE, OX
from tests.world import World

ADMINISTER, NOTHING, READ, READ_AND_WRITE = 403710016, 0, 257, 4227330
TOLD = ("D:displayname", "CS:getctag", "D:sync-token", "A:calendar-color", "A:calendar-order")


async def test_what_others_change_shows_at_the_next_look(alice: DAV, alice_ox: OX, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"
    other = f"{home}kept-home/"
    (await alice.mkcalendar(other, "Kept")).expect(201)

    async def told() -> tuple[str, ...]:
        found = (await alice.propfind(home, *TOLD, depth=1)).responses
        mine = found[other]
        own = found[home]
        return tuple(str(mine.text(name)) for name in TOLD[:3]) + tuple(str(own.text(name)) for name in TOLD[1:3])

    before = await told()
    assert await told() == before
    listed = await alice_ox.call("folders", "allVisible", content_type="event", columns="1,300")
    folder = next(row[0] for row in listed["private"] if row[1] == "Kept")
    await alice_ox.call("folders", "update", {"folder": {"title": "Renamed"}}, id=folder, timestamp=2**52)
    renamed = await told()
    assert renamed[0] == "Renamed"
    assert renamed[1:3] == before[1:3], "nothing inside has changed"
    assert renamed[3] != before[3]
    assert renamed[4] != before[4]
    await alice_ox.add_event(folder, uid="kept-home", summary="New")
    filled = await told()
    assert all(now != was for now, was in zip(filled[1:], renamed[1:], strict=True))
    order = "<D:set><D:prop><A:calendar-order>7</A:calendar-order></D:prop></D:set>"
    (await alice.proppatch(other, order)).expect(207)
    ordered = await told()
    assert ordered[:3] == filled[:3]
    assert ordered[4] != filled[4]


class Looks:
    """At all properties of a home and of what is in it, as they may be kept and as they are made for nobody else."""

    def __init__(self, client: DAV, home: str) -> None:
        self._client = client
        self._home = home
        self._number = count(1)

    async def agree(self) -> str:
        """The text that the same question has every time, once a question that was never put has the same answer."""
        nonce = f'<n:never-asked{next(self._number)} xmlns:n="urn:n"/>'
        anew = await self._ask(nonce)
        kept = await self._ask("")
        assert re.sub(r'<x:never-asked\d+ xmlns:x="urn:n"/>', "", anew) == kept
        assert await self._ask("") == kept
        return kept

    async def _ask(self, more: str) -> str:
        names = [_prefixed(name) for name in LIVE]
        body = f"<D:propfind {DECLARATIONS}><D:prop>{''.join(names)}{more}</D:prop></D:propfind>"
        return (await self._client.request("PROPFIND", self._home, body, {"Depth": "1"})).expect(207).text


def _prefixed(name: str) -> str:
    namespace, _, local = name[1:].partition("}")
    return f'<{local} xmlns="{namespace}"/>'


async def test_no_property_is_told_as_it_was(alice: DAV, alice_ox: OX, bob_ox: OX, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"
    other = f"{home}all-told/"
    looks = Looks(alice, home)
    shared = await bob_ox.call("folders", "new", {"title": "Bob's", "module": "event"}, folder_id="1")

    async def share(rights: int) -> None:
        granted = {bob_ox.user_id: ADMINISTER, **({alice_ox.user_id: rights} if rights else {})}
        permissions = [{"entity": entity, "group": False, "bits": bits} for entity, bits in granted.items()]
        await bob_ox.call("folders", "update", {"permissions": permissions}, id=shared, timestamp=FAR_FUTURE)

    async def folder(title: str) -> str:
        listed = await alice_ox.call("folders", "allVisible", content_type="event", columns="1,300")
        return next(str(row[0]) for rows in listed.values() for row in rows if row[1] == title)

    async def change(**fields: object) -> None:
        await alice_ox.call("folders", "update", {"folder": fields}, id=await folder("All told"), timestamp=FAR_FUTURE)

    def patch(prop: str) -> Awaitable[Answer]:
        return alice.proppatch(other, f"<D:set><D:prop>{prop}</D:prop></D:set>")

    changes: list[Callable[[], Awaitable[object]]] = [
        lambda: alice.mkcalendar(other, "All told"),
        lambda: patch("<A:calendar-color>#112233</A:calendar-color>"),
        lambda: patch("<A:calendar-order>3</A:calendar-order>"),
        lambda: patch("<C:calendar-description>What it is</C:calendar-description>"),
        lambda: patch("<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>"),
        lambda: patch("<C:calendar-timezone-id>Asia/Tokyo</C:calendar-timezone-id>"),
        lambda: alice.put(f"{other}one.ics", event("all-told-1")),
        lambda: alice.delete(f"{other}one.ics"),
        lambda: change(**{"com.openexchange.calendar.extendedProperties": {"color": {"value": "#445566"}}}),
        lambda: share(READ),
        lambda: bob_ox.add_event(shared, uid="all-told-2", summary="By Bob"),
        lambda: share(READ_AND_WRITE),
        lambda: share(NOTHING),
        lambda: change(title="Told otherwise"),
        lambda: alice.delete(other),
    ]
    before = await looks.agree()
    for place, happens in enumerate(changes):
        await happens()
        after = await looks.agree()
        assert after != before, place
        before = after


async def test_each_client_has_its_own_answer(world: World, alice: DAV, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"

    async def told(client: DAV, **headers: str) -> list[str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        found = await client.propfind(home, "D:displayname", "D:owner", "D:nothing", depth=1, headers=given)
        return [found.text, *found.responses]

    async with world.dav("bob") as bob:
        for _ in range(2):
            whole, *hrefs = await told(alice)
            minimal, *_ = await told(alice, Prefer="return=minimal")
            assert "nothing" in whole
            assert "nothing" not in minimal
            assert (await told(alice, Prefer="depth-noroot"))[1:] == hrefs[1:]
            with pytest.raises(AssertionError, match="404"):
                await told(bob)
