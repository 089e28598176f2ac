"""MOVE and COPY."""

from __future__ import annotations

import pytest

from gateway.dav.values import Privilege
from tests.dav.client import Client, clark
from tests.dav.memory import ALL, MemoryTree

EVENT = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
URL = "/calendars/3/31/a.ics"


@pytest.fixture(autouse=True)
def stored(tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", EVENT)


@pytest.mark.parametrize(
    "destination", ["/calendars/3/35/b%20c.ics", "https://dav.example.com/calendars/3/35/b%20c.ics"]
)
async def test_move_to_another_calendar(destination: str, tree: MemoryTree, dav: Client) -> None:
    answer = await dav("MOVE", URL, destination=destination)
    assert (answer.status, answer.headers["Location"]) == (201, "/calendars/3/35/b%20c.ics")
    assert (tree.calendar.texts, tree.other.texts) == ({}, {"b c.ics": EVENT})


async def test_move_onto_something(tree: MemoryTree, dav: Client) -> None:
    tree.other.store("b.ics", "old")
    refused = await dav("MOVE", URL, destination="/calendars/3/35/b.ics", overwrite="F")
    assert (refused.status, tree.other.texts) == (412, {"b.ics": "old"})
    assert (await dav("MOVE", URL, destination="/calendars/3/35/b.ics", overwrite="T")).status == 204
    assert (tree.calendar.texts, tree.other.texts) == ({}, {"b.ics": EVENT})


async def test_renaming_within_a_calendar(tree: MemoryTree, dav: Client) -> None:
    assert (await dav("MOVE", URL, destination="/calendars/3/31/b.ics")).status == 201
    assert list(tree.calendar.texts) == ["b.ics"]


async def test_copy(tree: MemoryTree, dav: Client) -> None:
    assert (await dav("COPY", URL, destination="/calendars/3/35/b.ics")).status == 201
    assert tree.calendar.texts["a.ics"] == tree.other.texts["b.ics"] == EVENT
    assert (await dav("COPY", URL, destination="/calendars/3/35/b.ics")).status == 204


@pytest.mark.parametrize("method", ["MOVE", "COPY"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"destination": URL}, 403),
        ({"destination": "/"}, 403),
        ({"destination": "/calendars/3/b.ics"}, 403),
        ({"destination": "/calendars/3/35/"}, 403),
        ({"destination": "/calendars/3/99/b.ics"}, 409),
        ({"destination": "/addressbooks/3/32/b.vcf"}, 403),
        ({"destination": "https://elsewhere.example.com/calendars/3/35/b.ics"}, 502),
        ({"destination": "/calendars/3/35/%ff"}, 502),
        ({"destination": "/calendars/3/35/../31/x.ics"}, 502),
        ({"destination": "/calendars/3/35/b.ics", "overwrite": "maybe"}, 400),
        ({"destination": "/calendars/3/35/b.ics", "if_match": '"9"'}, 412),
    ],
)
async def test_preconditions(method: str, headers: dict[str, str], status: int, tree: MemoryTree, dav: Client) -> None:
    answer = await dav(method, URL, **headers)
    assert answer.status == status
    assert list(tree.calendar.texts) == ["a.ics"]


@pytest.mark.parametrize("path", ["/calendars/3/31/", "/calendars/3/", "/principals/users/3/"])
async def test_collections_do_not_move(path: str, dav: Client) -> None:
    assert (await dav("MOVE", path, destination="/calendars/3/new/")).status == 403


async def test_rights(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rights = ALL - {Privilege.UNBIND}
    answer = await dav("MOVE", URL, destination="/calendars/3/35/b.ics")
    assert (answer.status, answer.precondition()) == (403, clark("D:need-privileges"))
    tree.calendar.rights, tree.other.rights = ALL, ALL - {Privilege.BIND}
    assert (await dav("MOVE", URL, destination="/calendars/3/35/b.ics")).status == 403
    assert list(tree.calendar.texts) == ["a.ics"]


async def test_nothing_there(dav: Client) -> None:
    assert (await dav("MOVE", "/calendars/3/31/no.ics", destination="/calendars/3/35/b.ics")).status == 404
