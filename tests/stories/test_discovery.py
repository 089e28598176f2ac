"""A client finds its calendars and address books from wherever it starts."""

from __future__ import annotations

import re

import pytest

from tests.davclient import DAV
from tests.world import World


@pytest.mark.parametrize("service", ["caldav", "carddav"])
@pytest.mark.parametrize("method", ["GET", "PROPFIND"])
async def test_well_known_leads_to_the_root_without_signing_in(world: World, service: str, method: str) -> None:
    async with DAV(world.url, "", "") as nobody:
        answer = await nobody.request(method, f"/.well-known/{service}")
    assert answer.expect(301).headers["Location"] == "/"


async def test_everything_else_asks_for_credentials(world: World) -> None:
    async with DAV(world.url, "", "") as nobody:
        answer = await nobody.propfind("/", "D:current-user-principal")
    assert answer.expect(401).headers["WWW-Authenticate"] == 'Basic realm="OX", charset="UTF-8"'


async def test_a_wrong_password_is_401_and_never_reaches_ox_twice(world: World) -> None:
    async with DAV(world.url, "bob", "wrong password") as stranger:
        (await stranger.propfind("/")).expect(401)
        with world.upstream() as calls:
            (await stranger.propfind("/")).expect(401)
    assert calls == []


async def test_options_without_credentials_tells_what_is_served(world: World) -> None:
    async with DAV(world.url, "", "") as nobody:
        answer = (await nobody.request("OPTIONS", "/")).expect(200, 204)
    for feature in ("1", "3", "access-control", "calendar-access", "addressbook", "extended-mkcol"):
        assert feature in [part.strip() for part in answer.headers["DAV"].split(",")]


async def test_every_starting_place_answers_current_user_principal(alice: DAV, calendar: str, book: str) -> None:
    principal = (await alice.propfind("/", "D:current-user-principal")).only.href_in("D:current-user-principal")
    home = calendar.rsplit("/", 2)[0] + "/"
    for place in ("/", "/principals/", principal, principal.rstrip("/"), home, calendar, calendar.rstrip("/"), book):
        found = (await alice.propfind(place, "D:current-user-principal")).only
        assert found.href_in("D:current-user-principal") == principal, place
        options = (await alice.request("OPTIONS", place)).expect(200, 204)
        assert "calendar-access" in options.headers["DAV"], place


async def test_the_principal_tells_homes_and_addresses(alice: DAV) -> None:
    root = await alice.propfind("/", "D:current-user-principal")
    answer = await alice.propfind(
        root.only.href_in("D:current-user-principal"),
        "D:displayname",
        "C:calendar-home-set",
        "CR:addressbook-home-set",
        "C:calendar-user-address-set",
        "D:principal-URL",
        "D:no-such-property",
    )
    one = answer.only
    assert one.text("D:displayname") == "Alice Archer"
    addresses = [href.text for href in one.element("C:calendar-user-address-set")]
    assert "mailto:alice@example.com" in addresses
    assert one.missing("D:no-such-property")
    assert b"HTTP/1.1 200 OK" in answer.body
    assert answer.body.index(b"HTTP/1.1 200 OK") < answer.body.index(b"404")


async def test_collections_with_the_properties_clients_ask_for(alice: DAV, calendar: str) -> None:
    answer = await alice.propfind(
        calendar,
        "D:resourcetype",
        "D:displayname",
        "D:sync-token",
        "CS:getctag",
        "C:supported-calendar-component-set",
        "D:supported-report-set",
        "D:current-user-privilege-set",
        "A:calendar-color",
        "D:owner",
        "C:max-resource-size",
    )
    one = answer.only
    assert one.text("D:displayname") == "Calendar"
    assert re.match(r"[a-z][a-z0-9+.-]*:", one.text("D:sync-token")), "RFC 6578: a token is a URI"
    assert one.text("CS:getctag")
    assert [comp.get("name") for comp in one.element("C:supported-calendar-component-set")] == ["VEVENT"]


async def test_infinite_depth_is_refused_with_its_precondition(alice: DAV) -> None:
    answer = (await alice.propfind("/", "D:displayname", depth="infinity")).expect(403)
    assert answer.precondition("D:propfind-finite-depth")


async def test_another_users_home_does_not_exist(alice: DAV, bob: DAV) -> None:
    theirs = (await bob.calendars())["Calendar"]
    (await alice.propfind(theirs.rsplit("/", 2)[0] + "/", "D:displayname")).expect(404, 403)


async def test_health_is_anonymous(world: World) -> None:
    async with DAV(world.url, "", "") as nobody:
        (await nobody.request("GET", "/health/live")).expect(200)
        (await nobody.request("GET", "/health/ready")).expect(200)
