"""Behind a reverse proxy and a path prefix every href is as the client sees it, and strangers' headers do not count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.davclient import DAV
from tests.world import World

HEADERS = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "dav.example.org"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"), proxy={"prefix": "/groupware/dav", "trusted": ["127.0.0.1/32"]})
    yield world
    world.close()


async def test_hrefs_carry_the_prefix(alice: DAV) -> None:
    answer = await alice.propfind("/groupware/dav/", "D:current-user-principal", headers=HEADERS)
    assert answer.only.href == "/groupware/dav/"
    principal = answer.only.href_in("D:current-user-principal")
    assert principal.startswith("/groupware/dav/principals/")
    home = (await alice.propfind(principal, "C:calendar-home-set")).only.href_in("C:calendar-home-set")
    assert home.startswith("/groupware/dav/calendars/")
    listed = (await alice.propfind(home, "D:resourcetype", depth=1)).responses
    assert all(href.startswith(home) for href in listed)


async def test_outside_of_the_prefix_is_a_bad_request(alice: DAV) -> None:
    (await alice.propfind("/", "D:displayname")).expect(400, 404)


async def test_a_destination_on_the_public_origin_is_ours(alice: DAV) -> None:
    root = await alice.propfind("/groupware/dav/", "D:current-user-principal", headers=HEADERS)
    home = (await alice.propfind(root.only.href_in("D:current-user-principal"), "C:calendar-home-set")).only.href_in(
        "C:calendar-home-set"
    )
    answer = await alice.request(
        "MOVE",
        f"{home}31/nothing.ics",
        headers={**HEADERS, "Destination": f"https://elsewhere.example.org{home}31/x.ics"},
    )
    answer.expect(400, 403, 404, 502)
