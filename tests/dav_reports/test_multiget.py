"""calendar-multiget and addressbook-multiget."""

from collections.abc import AsyncIterator, Sequence

import pytest

from gateway.dav.messages import Request
from gateway.dav.service import Service
from gateway.dav.values import Body
from tests.dav.client import BASE, Answer, Client, clark, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import card, event

CALENDAR = "/calendars/3/31/"
BOOK = "/addressbooks/3/32/"


async def multiget(client: Client, path: str, props: str, *hrefs: str, **headers: str) -> Answer:
    name = "C:calendar-multiget" if path.startswith("/calendars") else "CR:addressbook-multiget"
    asked = "".join(f"<{prop}/>" for prop in props.split())
    inner = f"<D:prop>{asked}</D:prop>" + "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    return await client("REPORT", path, xml(name, inner), depth="1", **headers)


def statuses(answer: Answer) -> dict[str, str]:
    return {
        response.findtext(clark("D:href"), ""): response.findtext(clark("D:status"), "propstat")
        for response in answer.root.findall(clark("D:response"))
    }


async def test_texts_in_the_order_of_the_hrefs(client: Client, tree: MemoryTree) -> None:
    for uid in "abc":
        tree.calendar.store(f"{uid}.ics", event(uid))
    answer = await multiget(
        client,
        CALENDAR,
        "D:getetag C:calendar-data D:unknown",
        f"{CALENDAR}c.ics",
        f"{CALENDAR}nosuch.ics",
        "https://dav.example.com/calendars/3/31/a.ics",
        f"{CALENDAR}b.ics",
    )
    assert answer.status == 207
    assert answer.hrefs() == [f"{CALENDAR}{name}.ics" for name in ("c", "nosuch", "a", "b")]
    assert statuses(answer)[f"{CALENDAR}nosuch.ics"] == "HTTP/1.1 404 Not Found"
    assert answer.prop(f"{CALENDAR}a.ics", "C:calendar-data").text == event("a")
    assert answer.prop(f"{CALENDAR}b.ics", "D:getetag").text == '"2"'
    assert set(answer.properties(f"{CALENDAR}a.ics", 404)) == {clark("D:unknown")}


@pytest.mark.parametrize(
    "href",
    [
        "https://other.example/calendars/3/31/a.ics",
        "a.ics",
        "/calendars/3/35/a.ics",
        "/calendars/3/31/",
        "/calendars/3/31/../31/a.ics",
        "/calendars/3/31/%FF.ics",
        "http://[bad/a.ics",
        "/",
        "",
    ],
)
@pytest.mark.parametrize("data", ["", "C:calendar-data"])
async def test_what_is_not_in_the_collection_is_not_found(
    client: Client, tree: MemoryTree, href: str, data: str
) -> None:
    tree.calendar.store("a.ics", event("a"))
    answer = await multiget(client, CALENDAR, f"D:getetag {data}", href, f"{CALENDAR}a.ics")
    assert answer.status == 207
    assert list(statuses(answer).items()) == [(href, "HTTP/1.1 404 Not Found"), (f"{CALENDAR}a.ics", "propstat")]


async def test_a_member_is_answered_once(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a@b.ics", event("a"))
    hrefs = [f"{CALENDAR}a@b.ics", f"{CALENDAR}a%40b.ics", f"{CALENDAR}x.ics", f"{CALENDAR}x.ics"]
    answer = await multiget(client, CALENDAR, "C:calendar-data", *hrefs)
    assert answer.hrefs() == [f"{CALENDAR}a@b.ics", f"{CALENDAR}x.ics"]


async def test_etags_alone_need_no_texts(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    answer = await multiget(client, CALENDAR, "D:getetag", f"{CALENDAR}a.ics")
    assert answer.prop(f"{CALENDAR}a.ics", "D:getetag").text == '"1"'
    assert not [call for call in tree.upstream.calls if call.startswith("body")]


async def test_cards(client: Client, tree: MemoryTree) -> None:
    tree.book.store("a b.vcf", card("1", "Ann & <Co>"))
    answer = await multiget(client, BOOK, "CR:address-data", f"{BOOK}a%20b.vcf")
    assert answer.prop(f"{BOOK}a%20b.vcf", "CR:address-data").text == card("1", "Ann & <Co>")


async def test_minimal_leaves_out_what_is_not_there(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    answer = await multiget(client, CALENDAR, "D:getetag D:unknown", f"{CALENDAR}a.ics", prefer="return=minimal")
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert not answer.properties(f"{CALENDAR}a.ics", 404)


async def test_without_hrefs(client: Client) -> None:
    assert (await multiget(client, CALENDAR, "D:getetag")).status == 400


@pytest.mark.parametrize("path", ["/", "/calendars/3/", BOOK, "/calendars/3/31/a.ics"])
async def test_only_on_calendars(client: Client, tree: MemoryTree, path: str) -> None:
    tree.calendar.store("a.ics", event("a"))
    body = xml("C:calendar-multiget", f"<D:prop><D:getetag/></D:prop><D:href>{CALENDAR}a.ics</D:href>")
    answer = await client("REPORT", path, body)
    assert (answer.status, answer.precondition()) == (403, clark("D:supported-report"))


async def test_texts_are_not_collected(client: Client, tree: MemoryTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """While texts are still being asked for, chunks go out."""
    held = 0

    async def bodies(names: Sequence[str]) -> AsyncIterator[Body]:
        nonlocal held
        for name in names:
            held += 1
            entry = tree.calendar._entry(name)
            yield Body(entry, event("x" * 5000))

    monkeypatch.setattr(tree.calendar, "bodies", bodies)
    hrefs = []
    for number in range(500):
        tree.calendar.store(f"{number}.ics", "")
        hrefs.append(f"{CALENDAR}{number}.ics")
    asked = "<D:prop><C:calendar-data/></D:prop>" + "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    request = Request("REPORT", ("calendars", "3", "31"), BASE, {}, xml("C:calendar-multiget", asked).encode())
    response = await Service().handle(request, tree)
    assert not isinstance(response.body, bytes)
    assert held < 100
    assert len([chunk async for chunk in response.body]) > 10
    assert held == 500
