"""PROPPATCH: typed properties, dead properties, all or nothing."""

from __future__ import annotations

import pytest

from gateway.dav.errors import NeedPrivileges, PropertiesRefused
from gateway.dav.names import dav as dav_name
from gateway.dav.values import CollectionPatch
from tests.dav.client import Client, clark, xml
from tests.dav.memory import MemoryTree

URL = "/calendars/3/31/"
ZONE = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n"


def put(*fragments: str) -> str:
    return f"<D:set><D:prop>{''.join(fragments)}</D:prop></D:set>"


async def test_everything_that_can_be_set(tree: MemoryTree, dav: Client) -> None:
    answer = await dav.proppatch(
        URL,
        put(
            "<D:displayname>Sailing &amp; more</D:displayname>",
            "<A:calendar-color symbolic-color='red'>#44A703ff</A:calendar-color>",
            "<A:calendar-order>3</A:calendar-order>",
        )
        + put("<C:calendar-description>On the lake</C:calendar-description>")
        + put("<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>")
        + put(f"<C:calendar-timezone><![CDATA[{ZONE}]]></C:calendar-timezone>"),
    )
    assert answer.status == 207
    assert len(answer.properties(URL)) == 6
    calendar = tree.calendar
    assert (calendar.name, calendar.color, calendar.order) == ("Sailing & more", "#44A703ff", 3)
    assert (calendar.description, calendar.transparent) == ("On the lake", True)
    assert "BEGIN:VTIMEZONE" in (calendar.timezone or "")
    asked = await dav.propfind(
        URL, "A:calendar-color A:calendar-order C:calendar-description C:schedule-calendar-transp C:calendar-timezone"
    )
    assert asked.prop(URL, "A:calendar-order").text == "3"
    assert asked.prop(URL, "C:schedule-calendar-transp")[0].tag == clark("C:transparent")


async def test_one_upstream_call_for_all(tree: MemoryTree, dav: Client) -> None:
    await dav.proppatch(URL, put("<D:displayname>A</D:displayname>", "<A:calendar-order>1</A:calendar-order>"))
    assert tree.upstream.calls == ["patch"]


async def test_dead_properties_are_kept_as_they_are(tree: MemoryTree, dav: Client) -> None:
    note = '<x:note xmlns:x="urn:x" a="1">5 &lt; 6 <x:b>€</x:b></x:note>'
    assert (await dav.proppatch(URL, put(note, "<plain>text</plain>"))).properties(URL).keys() == {
        "{urn:x}note",
        "plain",
    }
    answer = await dav(
        "PROPFIND", URL, xml("D:propfind", '<D:prop><n:note xmlns:n="urn:x"/><plain/></D:prop>'), depth="0"
    )
    kept = answer.properties(URL)["{urn:x}note"]
    assert (kept.get("a"), kept.text, kept[0].text) == ("1", "5 < 6 ", "€")
    assert answer.properties(URL)["plain"].text == "text"
    assert set(tree.calendar.dead) == {"{urn:x}note", "{}plain"}


async def test_the_language_in_scope_stays_with_the_value(tree: MemoryTree, dav: Client) -> None:
    body = '<D:set xml:lang="de"><D:prop><x:note xmlns:x="urn:x">Käse</x:note></D:prop></D:set>'
    await dav.proppatch(URL, body)
    assert b'xml:lang="de"' in tree.calendar.dead["{urn:x}note"]


async def test_removing(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.dead["{urn:x}note"] = b'<x:note xmlns:x="urn:x"/>'
    removed = (
        '<D:remove><D:prop><x:note xmlns:x="urn:x"/><A:calendar-color/><x:never xmlns:x="urn:x"/></D:prop></D:remove>'
    )
    answer = await dav.proppatch(URL, removed)
    assert len(answer.properties(URL)) == 3
    assert tree.calendar.dead == {}
    assert tree.calendar.color is None


async def test_the_last_instruction_for_a_name_counts(tree: MemoryTree, dav: Client) -> None:
    await dav.proppatch(URL, put("<D:displayname>A</D:displayname>") + put("<D:displayname>B</D:displayname>"))
    assert tree.calendar.name == "B"


@pytest.mark.parametrize(
    "protected",
    [
        "<D:getetag>x</D:getetag>",
        "<D:resourcetype/>",
        "<D:nosuch/>",
        "<CS:getctag>1</CS:getctag>",
        "<D:owner/>",
        "<C:supported-calendar-component-set/>",
        "<C:calendar-home-set/>",
    ],
)
async def test_protected_properties_fail_and_the_rest_depends_on_them(
    protected: str, tree: MemoryTree, dav: Client
) -> None:
    answer = await dav.proppatch(URL, put("<D:displayname>A</D:displayname>", protected))
    assert answer.status == 207
    assert len(answer.properties(URL, 403)) == 1
    (error,) = answer.response(URL).iterfind("D:propstat/D:error/*", {"D": "DAV:"})
    assert error.tag == clark("D:cannot-modify-protected-property")
    assert list(answer.properties(URL, 424)) == [clark("D:displayname")]
    assert tree.upstream.calls == []


@pytest.mark.parametrize(
    ("fragment", "status"),
    [
        ("<A:calendar-color>blueish</A:calendar-color>", 409),
        ("<A:calendar-order>first</A:calendar-order>", 409),
        ("<A:calendar-order>99999999999</A:calendar-order>", 409),
        ("<D:displayname> </D:displayname>", 409),
        ("<C:schedule-calendar-transp/>", 409),
        ("<C:schedule-calendar-transp><C:other/></C:schedule-calendar-transp>", 409),
        ("<C:calendar-timezone>Europe/Berlin</C:calendar-timezone>", 403),
        (f"<C:calendar-timezone>{ZONE.replace('VTIMEZONE', 'VEVENT')}</C:calendar-timezone>", 403),
        ("<X>" + "x" * 70_000 + "</X>", 507),
    ],
)
async def test_values_that_are_none(fragment: str, status: int, tree: MemoryTree, dav: Client) -> None:
    answer = await dav.proppatch(URL, put(fragment, "<A:note/>"))
    assert len(answer.properties(URL, status)) == 1
    assert list(answer.properties(URL, 424)) == [clark("A:note")]
    assert tree.upstream.calls == []


async def test_a_name_cannot_be_removed(dav: Client) -> None:
    answer = await dav.proppatch(URL, "<D:remove><D:prop><D:displayname/></D:prop></D:remove>")
    assert list(answer.properties(URL, 403)) == [clark("D:displayname")]


async def test_what_the_account_refuses(tree: MemoryTree, dav: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(patch: CollectionPatch) -> None:
        raise PropertiesRefused({clark("A:calendar-color"): NeedPrivileges(tree.calendar.path, dav_name("write"))})

    monkeypatch.setattr(tree.calendar, "patch", refuse)
    colour = "<A:calendar-color>#000000</A:calendar-color>"
    answer = await dav.proppatch(URL, put("<D:displayname>A</D:displayname>", colour))
    assert list(answer.properties(URL, 403)) == [clark("A:calendar-color")]
    assert list(answer.properties(URL, 424)) == [clark("D:displayname")]


async def test_a_setting_of_another_kind_is_kept_as_a_dead_property(tree: MemoryTree, dav: Client) -> None:
    answer = await dav.proppatch("/addressbooks/3/32/", put("<A:calendar-color>#FF0000</A:calendar-color>"))
    assert list(answer.properties("/addressbooks/3/32/")) == [clark("A:calendar-color")]
    assert list(tree.book.dead) == [clark("A:calendar-color")]


@pytest.mark.parametrize("path", ["/", "/calendars/3/", "/principals/users/3/", "/calendars/3/31/a.ics"])
async def test_where_nothing_can_be_set(path: str, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", "BEGIN:VCALENDAR")
    answer = await dav.proppatch(path, put("<D:displayname>A</D:displayname>", "<A:note/>"))
    assert answer.status == 207
    assert len(answer.properties(path, 403)) == 2


async def test_minimal_success_has_no_body(dav: Client) -> None:
    ok = put("<D:displayname>A</D:displayname>")
    answer = await dav.proppatch(URL, ok, prefer="return=minimal")
    assert (answer.status, answer.body, answer.headers["Preference-Applied"]) == (200, b"", "return=minimal")
    assert (await dav.proppatch(URL, put("<D:getetag/>"), prefer="return=minimal")).status == 207


@pytest.mark.parametrize(
    "body", [b"", b"<", xml("D:propfind", put("<A:x/>")).encode(), xml("D:propertyupdate", "").encode()]
)
async def test_bad_bodies(body: bytes, dav: Client) -> None:
    assert (await dav("PROPPATCH", URL, body)).status == 400


async def test_nothing_there(dav: Client) -> None:
    assert (await dav.proppatch("/calendars/3/99/", put("<A:x/>"))).status == 404
