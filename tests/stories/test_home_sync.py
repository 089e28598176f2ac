"""sync-collection on a home tells which collections came, changed or went (RFC 6578)."""

from __future__ import annotations

from tests.davclient import DAV, card, child, event
from tests.oxclient import FAR_FUTURE, OX
from tests.world import World


def home_of(collection: str) -> str:
    return collection.rsplit("/", 2)[0] + "/"


async def changes(
    client: DAV, home: str, token: str = "", *, limit: int | None = None
) -> tuple[set[str], set[str], str]:
    """Hrefs of changed and of removed collections, and the new token."""
    answer = await client.sync_report(home, token, limit=limit, depth=1)
    found = answer.responses
    removed = {href for href, one in found.items() if one.status == 404}
    return {href for href, one in found.items() if one.status is None}, removed, answer.sync_token


async def test_homes_offer_it_and_have_token_and_ctag(alice: DAV, calendar: str, book: str) -> None:
    for home in (home_of(calendar), home_of(book)):
        found = (await alice.propfind(home, "D:sync-token", "CS:getctag", "D:supported-report-set")).only
        assert b"sync-collection" in (await alice.propfind(home, "D:supported-report-set")).body
        _, _, token = await changes(alice, home)
        assert found.text("D:sync-token") == token
        assert found.text("CS:getctag")


async def test_collections_come_change_and_go(alice: DAV, calendar: str) -> None:
    home = home_of(calendar)
    known, _, token = await changes(alice, home)
    listed = (await alice.propfind(home, "D:resourcetype", depth=1)).responses
    assert known == listed.keys() - {home}
    assert await changes(alice, home, token) == (set(), set(), token)

    made = f"{home}home-sync/"
    (await alice.mkcalendar(made, "Home sync")).expect(201)
    assert (await changes(alice, home, token))[:2] == ({made}, set())
    _, _, token = await changes(alice, home, token)

    (await alice.proppatch(made, "<D:set><D:prop><D:displayname>Other</D:displayname></D:prop></D:set>")).expect(207)
    changed, _, token = await changes(alice, home, token)
    assert changed == {made}

    (await alice.put(child(made, "a.ics"), event("home-sync-a"))).expect(201)
    changed, _, token = await changes(alice, home, token)
    assert changed == {made}

    (await alice.delete(made)).expect(204)
    assert (await changes(alice, home, token))[:2] == (set(), {made})
    _, _, token = await changes(alice, home, token)
    assert await changes(alice, home, token) == (set(), set(), token)


async def test_one_call_tells_that_nothing_changed(world: World, alice: DAV, calendar: str, book: str) -> None:
    for home in (home_of(calendar), home_of(book)):
        _, _, token = await changes(alice, home)
        with world.upstream() as calls:
            assert await changes(alice, home, token) == (set(), set(), token)
        assert len(calls) == 1


async def test_pages_and_a_restart(world: World, calendar: str) -> None:
    home = home_of(calendar)
    async with world.dav() as client:
        (await client.mkcalendar(f"{home}paged/", "Paged")).expect(201)
        everything, _, _ = await changes(client, home)
        first, _, token = await changes(client, home, limit=1)
        assert (await client.sync_report(home, limit=1)).responses[home].status == 507
    world.restart_gateway()
    async with world.dav() as client:
        rest, removed, token = await changes(client, home, token)
        assert (len(first), removed) == (1, set())
        assert first | rest == everything
        assert not first & rest
        assert (await changes(client, home, token))[:2] == (set(), set())
        (await client.delete(f"{home}paged/")).expect(204)


async def test_an_unsubscribed_calendar_is_gone_and_comes_back(world: World, alice_ox: OX, calendar: str) -> None:
    home = home_of(calendar)
    async with world.dav() as client:
        (await client.mkcalendar(f"{home}left/", "Left")).expect(201)
        _, _, token = await changes(client, home)
        rows = await alice_ox.call("folders", "allVisible", content_type="event", columns="1,300")
        (folder,) = [row[0] for row in rows["private"] if row[1] == "Left"]
        for subscribed, expected in ((False, (set(), {f"{home}left/"})), (True, ({f"{home}left/"}, set()))):
            where = {"id": folder, "timestamp": FAR_FUTURE}
            await alice_ox.call("folders", "update", {"subscribed": subscribed}, **where)
            *told, token = await changes(client, home, token)
            assert tuple(told) == expected
        (await client.delete(f"{home}left/")).expect(204)


async def test_tokens_of_other_homes_and_nonsense(alice: DAV, calendar: str, book: str) -> None:
    _, _, token = await changes(alice, home_of(book))
    inside = (await alice.sync(calendar)).token
    for wrong in (token, inside, "data:,home/", "data:,home/x/y", "nonsense"):
        answer = (await alice.sync_report(home_of(calendar), wrong)).expect(403)
        assert answer.precondition("D:valid-sync-token")


async def test_cards_count_for_their_book(alice: DAV, book: str) -> None:
    home = home_of(book)
    _, _, token = await changes(alice, home)
    (await alice.put(child(book, "home-sync.vcf"), card("home-sync"))).expect(201)
    changed, removed, _ = await changes(alice, home, token)
    assert (book in changed, removed) == (True, set())
