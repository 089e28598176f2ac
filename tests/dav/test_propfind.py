"""PROPFIND: what is asked, how deep, and how it is answered."""

from __future__ import annotations

import pytest

from gateway.dav.errors import BadGateway, Unavailable
from tests.dav.client import Client, clark, xml
from tests.dav.memory import MemoryTree

EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

EVERYWHERE = [
    "/",
    "/principals/",
    "/principals/users/",
    "/principals/users/3/",
    "/principals/users/4/",
    "/calendars/3/",
    "/calendars/3/31/",
    "/calendars/3/31/a.ics",
    "/calendars/3/inbox/",
    "/calendars/3/outbox/",
    "/addressbooks/3/",
    "/addressbooks/3/32/",
]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_place_names_the_signed_in_user(path: str, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", EVENT)
    answer = await dav.propfind(path, "D:current-user-principal")
    assert answer.status == 207
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    principal = answer.prop(path, "D:current-user-principal")
    assert principal.findtext(clark("D:href")) == "/principals/users/3/"


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_the_found_ones_come_first_with_the_exact_status(path: str, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", EVENT)
    answer = await dav.propfind(path, "D:nosuch D:resourcetype A:other")
    statuses = [status.text for status in answer.root.iter(clark("D:status"))]
    assert statuses == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]
    assert list(answer.properties(path, 404)) == [clark("D:nosuch"), clark("A:other")]


async def test_both_forms_of_a_collection_are_the_same(dav: Client) -> None:
    plain = await dav.propfind("/calendars/3/31", "D:displayname")
    assert plain.hrefs() == ["/calendars/3/31/"]
    assert plain.body == (await dav.propfind("/calendars/3/31/", "D:displayname")).body


async def test_a_prefix_stands_before_every_href(tree: MemoryTree) -> None:
    from gateway.dav.paths import Base

    dav = Client(tree, Base("https://dav.example.com", "/dav"))
    answer = await dav.propfind("/dav/principals/users/3/", "C:calendar-home-set")
    home = answer.prop("/dav/principals/users/3/", "C:calendar-home-set")
    assert home.findtext(clark("D:href")) == "/dav/calendars/3/"


async def test_depth_1_lists_objects_without_their_bodies(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("b & c.ics", EVENT)
    tree.calendar.store("a.ics", EVENT)
    answer = await dav.propfind("/calendars/3/31/", "D:getetag D:getcontenttype D:resourcetype", "1")
    assert answer.hrefs() == ["/calendars/3/31/", "/calendars/3/31/a.ics", "/calendars/3/31/b%20%26%20c.ics"]
    assert answer.prop("/calendars/3/31/a.ics", "D:getetag").text == '"2"'
    assert answer.prop("/calendars/3/31/a.ics", "D:getcontenttype").text == "text/calendar; component=vevent"
    assert len(answer.prop("/calendars/3/31/a.ics", "D:resourcetype")) == 0
    assert not [call for call in tree.upstream.calls if call.startswith("body")]


async def test_depth_1_on_a_home_lists_its_collections(dav: Client) -> None:
    answer = await dav.propfind("/calendars/3/", "D:resourcetype D:displayname CS:getctag", "1")
    assert answer.hrefs() == [f"/calendars/3/{name}" for name in ("", "31/", "35/", "inbox/", "outbox/")]
    assert answer.prop("/calendars/3/35/", "D:displayname").text == "Work & <play>"
    kinds = [child.tag for child in answer.prop("/calendars/3/31/", "D:resourcetype")]
    assert kinds == [clark("D:collection"), clark("C:calendar")]


async def test_depth_0_asks_for_no_members(tree: MemoryTree, dav: Client) -> None:
    await dav.propfind("/calendars/3/31/", "D:displayname")
    assert tree.upstream.calls == []


@pytest.mark.parametrize("headers", [{}, {"depth": "infinity"}, {"depth": "Infinity"}])
async def test_infinity_is_refused_with_its_precondition(headers: dict[str, str], dav: Client) -> None:
    answer = await dav("PROPFIND", "/calendars/3/", xml("D:propfind", "<D:allprop/>"), **headers)
    assert answer.status == 403
    assert answer.precondition() == clark("D:propfind-finite-depth")


async def test_no_body_means_allprop(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.dead["{urn:x}note"] = b'<n:note xmlns:n="urn:x">mine</n:note>'
    found = (await dav("PROPFIND", "/calendars/3/31/", depth="0")).properties("/calendars/3/31/")
    assert set(found) == {clark("D:displayname"), clark("D:resourcetype"), clark("D:supportedlock"), "{urn:x}note"}
    assert found["{urn:x}note"].text == "mine"


async def test_allprop_includes_what_is_asked_besides(dav: Client) -> None:
    body = xml("D:propfind", "<D:allprop/><D:include><D:sync-token/><A:nosuch/></D:include>")
    answer = await dav("PROPFIND", "/calendars/3/31/", body, depth="0")
    assert (answer.prop("/calendars/3/31/", "D:sync-token").text or "").startswith("http://")
    assert list(answer.properties("/calendars/3/31/", 404)) == [clark("A:nosuch")]


async def test_allprop_of_an_object(tree: MemoryTree, dav: Client) -> None:
    tree.book.store("a.vcf", "BEGIN:VCARD")
    answer = await dav("PROPFIND", "/addressbooks/3/32/a.vcf", depth="0")
    names = {
        clark(f"D:{name}") for name in ("getetag", "getcontenttype", "getlastmodified", "resourcetype", "supportedlock")
    }
    assert set(answer.properties("/addressbooks/3/32/a.vcf")) == names


async def test_propname_answers_names_only(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", EVENT)
    tree.calendar.dead["{urn:x}note"] = b'<n:note xmlns:n="urn:x">mine</n:note>'
    answer = await dav("PROPFIND", "/calendars/3/31/", xml("D:propfind", "<D:propname/>"), depth="1")
    of_collection = answer.properties("/calendars/3/31/")
    assert {clark("D:sync-token"), clark("C:calendar-timezone-id"), "{urn:x}note"} <= set(of_collection)
    assert clark("C:calendar-timezone") not in of_collection
    assert {clark("D:getetag"), clark("D:owner")} <= set(answer.properties("/calendars/3/31/a.ics"))
    assert all(len(prop) == 0 and prop.text is None for prop in answer.root.iterfind(f".//{clark('D:prop')}/*"))


@pytest.mark.parametrize(
    "headers", [{"prefer": "return=minimal"}, {"prefer": 'respond-async, Return="minimal";x=1'}, {"brief": "t"}]
)
async def test_minimal_leaves_out_what_is_not_there(headers: dict[str, str], tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", EVENT)
    answer = await dav.propfind("/calendars/3/31/", "D:getetag D:displayname", "1", **headers)
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert "404" not in answer.body.decode()
    nothing = await dav.propfind("/calendars/3/31/", "D:nosuch", **headers)
    assert nothing.properties("/calendars/3/31/") == {}
    assert nothing.root.findtext(".//D:status", None, {"D": "DAV:"}) == "HTTP/1.1 200 OK"


async def test_depth_noroot_leaves_the_collection_out(dav: Client) -> None:
    answer = await dav.propfind("/calendars/3/", "D:displayname", "1", prefer="depth-noroot")
    assert "/calendars/3/" not in answer.hrefs()


@pytest.mark.parametrize(
    "path", ["/nosuch/", "/calendars/4/", "/calendars/3/99/", "/calendars/3/31/no.ics", "/calendars/3/31/a/b"]
)
async def test_nothing_there(path: str, dav: Client) -> None:
    assert (await dav.propfind(path, "D:displayname")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"nonsense",
        xml("D:propfind", "").encode(),
        xml("D:propfind", "<D:prop/><D:allprop/>").encode(),
        xml("C:calendar-query", "<D:prop/>").encode(),
        b'<!DOCTYPE a [<!ENTITY x "y">]><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
        b"<D:propfind xmlns:D='DAV:'>" + b"<a>" * 100 + b"</a>" * 100 + b"</D:propfind>",
    ],
)
async def test_bad_bodies(body: bytes, dav: Client) -> None:
    assert (await dav("PROPFIND", "/", body, depth="0")).status == 400


async def test_a_bad_depth(dav: Client) -> None:
    assert (await dav.propfind("/", "D:displayname", "2")).status == 400


async def test_an_unreachable_ox_is_an_error_before_the_first_byte(tree: MemoryTree, dav: Client) -> None:
    tree.upstream.fail = Unavailable("OX is down", retry_after=30)
    answer = await dav.propfind("/calendars/3/31/", "D:getetag", "1")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "30"


async def test_one_broken_calendar_does_not_hide_the_others(
    tree: MemoryTree, dav: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> str:
        raise BadGateway("OX cannot read this folder")

    monkeypatch.setattr(tree.other, "ctag", broken)
    answer = await dav.propfind("/calendars/3/", "D:displayname CS:getctag", "1")
    assert answer.prop("/calendars/3/31/", "CS:getctag").text == "ctag-0"
    assert list(answer.properties("/calendars/3/35/", 502)) == [clark("CS:getctag")]
    assert answer.prop("/calendars/3/35/", "D:displayname").text == "Work & <play>"


async def test_many_objects_are_streamed_in_chunks(tree: MemoryTree) -> None:
    from gateway.dav.messages import Request
    from gateway.dav.service import Service
    from tests.dav.client import BASE

    for number in range(1000):
        tree.calendar.store(f"{number}.ics", EVENT)
    request = Request("PROPFIND", tree.calendar.path, BASE, {"depth": "1"})
    response = await Service().handle(request, tree)
    assert not isinstance(response.body, bytes)
    chunks = [chunk async for chunk in response.body]
    assert len(chunks) >= 2
    assert max(map(len, chunks)) < 300_000
    assert b"".join(chunks).count(b"<D:response>") == 1001
