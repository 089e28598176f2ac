"""A home that nothing changed in is not made anew, and every change of it shows at the next look."""

from __future__ import annotations

from tests.davclient import DAV
from tests.oxclient import OX

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
