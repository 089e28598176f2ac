"""MKCALENDAR and extended MKCOL."""

from __future__ import annotations

import pytest

from tests.dav.client import Client, clark, xml
from tests.dav.memory import READ_ONLY, MemoryTree

CALENDAR_TYPE = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
BOOK_TYPE = "<D:resourcetype><CR:addressbook/><D:collection/></D:resourcetype>"


def props(*fragments: str) -> str:
    return f"<D:set><D:prop>{''.join(fragments)}</D:prop></D:set>"


async def test_mkcalendar_as_macos_does(tree: MemoryTree, dav: Client) -> None:
    body = xml(
        "C:mkcalendar",
        props(
            "<D:displayname>Sailing</D:displayname>",
            "<A:calendar-color>#44A703FF</A:calendar-color>",
            '<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>',
            "<C:schedule-calendar-transp><C:opaque/></C:schedule-calendar-transp>",
        ),
    )
    answer = await dav("MKCALENDAR", "/calendars/3/AE9C-5921/", body, content_type="text/xml; charset=utf-8")
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (201, b"", "no-cache")
    found = await dav.propfind("/calendars/3/AE9C-5921/", "D:displayname A:calendar-color")
    assert found.prop("/calendars/3/AE9C-5921/", "D:displayname").text == "Sailing"
    assert found.prop("/calendars/3/AE9C-5921/", "A:calendar-color").text == "#44A703FF"


@pytest.mark.parametrize("body", [b"", xml("C:mkcalendar", "").encode(), xml("C:mkcalendar", props()).encode()])
async def test_mkcalendar_without_properties(body: bytes, dav: Client) -> None:
    answer = await dav("MKCALENDAR", "/calendars/3/new", body)
    assert answer.status == 201


@pytest.mark.parametrize(("home", "kind"), [("/calendars/3/", CALENDAR_TYPE), ("/addressbooks/3/", BOOK_TYPE)])
async def test_extended_mkcol(home: str, kind: str, dav: Client) -> None:
    body = xml("D:mkcol", props(kind, "<D:displayname>New</D:displayname>"))
    assert (await dav("MKCOL", f"{home}new/", body)).status == 201
    assert (await dav.propfind(f"{home}new/", "D:displayname")).prop(f"{home}new/", "D:displayname").text == "New"


async def test_unsupported_components(dav: Client) -> None:
    tasks = '<C:supported-calendar-component-set><C:comp name="VJOURNAL"/></C:supported-calendar-component-set>'
    answer = await dav("MKCALENDAR", "/calendars/3/new/", xml("C:mkcalendar", props(tasks)))
    assert (answer.status, answer.precondition()) == (403, clark("C:supported-calendar-component"))
    assert (await dav("GET", "/calendars/3/new/")).status == 404


async def test_a_bad_property_hinders_mkcalendar(dav: Client) -> None:
    body = xml("C:mkcalendar", props("<D:displayname>A</D:displayname>", "<A:calendar-color>x</A:calendar-color>"))
    answer = await dav("MKCALENDAR", "/calendars/3/new/", body)
    assert answer.status == 207
    assert list(answer.properties("/calendars/3/new/", 409)) == [clark("A:calendar-color")]
    assert list(answer.properties("/calendars/3/new/", 424)) == [clark("D:displayname")]
    assert (await dav("GET", "/calendars/3/new/")).status == 404


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "<D:resourcetype><D:collection/></D:resourcetype>",
        "<D:resourcetype><D:collection/><C:calendar/><CR:addressbook/></D:resourcetype>",
    ],
)
async def test_types_that_cannot_be_made(kind: str, dav: Client) -> None:
    body = xml("D:mkcol", props(kind, "<D:displayname>A</D:displayname>"))
    answer = await dav("MKCOL", "/calendars/3/new/", body)
    assert answer.status == 403
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.root.tag == clark("D:mkcol-response")
    statuses = [status.text for status in answer.root.iter(clark("D:status"))]
    assert statuses == ["HTTP/1.1 403 Forbidden", "HTTP/1.1 424 Failed Dependency"]
    assert [one.tag for one in answer.root.iterfind(f".//{clark('D:error')}/*")] == [clark("D:valid-resourcetype")]


async def test_a_plain_mkcol(dav: Client) -> None:
    assert (await dav("MKCOL", "/calendars/3/new/")).status == 403


@pytest.mark.parametrize("method", ["MKCALENDAR", "MKCOL"])
async def test_what_exists_is_not_made_again(method: str, dav: Client) -> None:
    body = xml("D:mkcol", props(CALENDAR_TYPE)) if method == "MKCOL" else ""
    answer = await dav(method, "/calendars/3/31/", body)
    assert (answer.status, answer.precondition()) == (405, clark("D:resource-must-be-null"))
    assert "Allow" in answer.headers


async def test_without_the_right_to_make(tree: MemoryTree, dav: Client) -> None:
    tree.calendars.rights = READ_ONLY
    answer = await dav("MKCALENDAR", "/calendars/3/new/")
    assert (answer.status, answer.precondition()) == (403, clark("D:need-privileges"))


@pytest.mark.parametrize(("path", "status"), [("/calendars/3/31/new/", 403), ("/new/", 403), ("/nosuch/new/", 409)])
async def test_places_where_nothing_is_made(path: str, status: int, dav: Client) -> None:
    answer = await dav("MKCALENDAR", path)
    assert answer.status == status
    if status == 403:
        assert answer.precondition() == clark("C:calendar-collection-location-ok")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"<", {}, 400),
        (b"x", {"content_type": "text/plain"}, 415),
        (xml("D:propfind", "").encode(), {}, 400),
        (xml("D:mkcol", "<D:remove><D:prop><D:displayname/></D:prop></D:remove>").encode(), {}, 400),
    ],
)
async def test_bad_bodies(body: bytes, headers: dict[str, str], status: int, dav: Client) -> None:
    assert (await dav("MKCOL", "/calendars/3/new/", body, **headers)).status == status
