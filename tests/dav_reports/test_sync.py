"""sync-collection."""

import pytest

from gateway.dav.values import Changes
from tests.dav.client import Answer, Client, clark, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import event

CALENDAR = "/calendars/3/31/"


def body(token: str = "", *, level: str = "<D:sync-level>1</D:sync-level>", limit: str = "", props: str = "") -> str:
    inner = f"<D:sync-token>{token}</D:sync-token>{level}{limit}<D:prop><D:getetag/>{props}</D:prop>"
    return xml("D:sync-collection", inner)


def limit(number: str) -> str:
    return f"<D:limit><D:nresults>{number}</D:nresults></D:limit>"


def token(answer: Answer) -> str:
    return answer.root.findtext(clark("D:sync-token"), "")


def status(answer: Answer, href: str) -> str | None:
    return answer.response(href).findtext(clark("D:status"))


@pytest.mark.parametrize("headers", [{}, {"depth": "0"}, {"depth": "1"}])
async def test_what_changed_and_what_went(client: Client, tree: MemoryTree, headers: dict[str, str]) -> None:
    for uid in "abc":
        tree.calendar.store(f"{uid}.ics", event(uid))
    first = await client("REPORT", CALENDAR, body(), **headers)
    assert first.status == 207
    assert first.hrefs() == [f"{CALENDAR}{uid}.ics" for uid in "abc"]
    assert "://" in token(first)

    tree.calendar.store("b.ics", event("b", "20270406T090000Z"))
    tree.calendar.drop("c.ics")
    second = await client("REPORT", CALENDAR, body(token(first)), **headers)
    assert second.hrefs() == [f"{CALENDAR}b.ics", f"{CALENDAR}c.ics"]
    assert second.prop(f"{CALENDAR}b.ics", "D:getetag").text == '"4"'
    assert status(second, f"{CALENDAR}c.ics") == "HTTP/1.1 404 Not Found"

    third = await client("REPORT", CALENDAR, body(token(second)), **headers)
    assert third.hrefs() == []
    assert token(third) == token(second)
    assert not [call for call in tree.upstream.calls if call.startswith("body")]


async def test_pages(client: Client, tree: MemoryTree) -> None:
    for number in range(5):
        tree.calendar.store(f"{number}.ics", event(str(number)))
    seen: list[str] = []
    known = ""
    for expected in (True, True, False):
        answer = await client("REPORT", CALENDAR, body(known, limit=limit("2")))
        hrefs = answer.hrefs()
        assert (CALENDAR in hrefs) is expected
        if expected:
            assert status(answer, CALENDAR) == "HTTP/1.1 507 Insufficient Storage"
            assert (
                answer.response(CALENDAR).find(f"{clark('D:error')}/{clark('D:number-of-matches-within-limits')}")
                is not None
            )
        seen += [href for href in hrefs if href != CALENDAR]
        known = token(answer)
    assert seen == [f"{CALENDAR}{number}.ics" for number in range(5)]


async def test_with_texts(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    answer = await client("REPORT", CALENDAR, body(props="<C:calendar-data/>"))
    assert answer.prop(f"{CALENDAR}a.ics", "C:calendar-data").text == event("a")


async def test_a_member_that_goes_meanwhile_is_gone(
    client: Client, tree: MemoryTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for uid in "ab":
        tree.calendar.store(f"{uid}.ics", event(uid))
    changes = await tree.calendar.changes(None, None)

    async def changed_before(*_: object) -> Changes:
        return changes

    monkeypatch.setattr(tree.calendar, "changes", changed_before)
    tree.calendar.drop("a.ics")
    answer = await client("REPORT", CALENDAR, body(props="<C:calendar-data/>"))
    assert status(answer, f"{CALENDAR}a.ics") == "HTTP/1.1 404 Not Found"
    assert answer.prop(f"{CALENDAR}b.ics", "C:calendar-data").text == event("b")


@pytest.mark.parametrize(
    ("request_body", "headers", "expected", "precondition"),
    [
        (body("http://dav.example/ns/unknown"), {}, 403, "D:valid-sync-token"),
        (body("garbage"), {}, 403, "D:valid-sync-token"),
        (body(level="<D:sync-level>infinite</D:sync-level>"), {}, 403, "D:sync-traversal-supported"),
        (body(level="<D:sync-level>2</D:sync-level>"), {}, 400, None),
        (body(limit=limit("0")), {}, 400, None),
        (body(limit=limit("many")), {}, 400, None),
        (body(limit="<D:limit/>"), {}, 400, None),
        (body(), {"depth": "infinity"}, 400, None),
        (xml("D:sync-collection", "<D:prop/>"), {}, 400, None),
    ],
)
async def test_refused(
    client: Client, request_body: str, headers: dict[str, str], expected: int, precondition: str | None
) -> None:
    answer = await client("REPORT", CALENDAR, request_body, **headers)
    assert answer.status == expected
    if precondition is not None:
        assert answer.precondition() == clark(precondition)


async def test_without_level_as_in_the_drafts(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", event("a"))
    answer = await client("REPORT", CALENDAR, body(level=""), depth="1")
    assert answer.hrefs() == [f"{CALENDAR}a.ics"]


@pytest.mark.parametrize("path", ["/calendars/3/", "/", "/principals/users/3/", "/calendars/3/inbox/"])
async def test_only_on_collections_of_objects(client: Client, path: str) -> None:
    answer = await client("REPORT", path, body())
    assert (answer.status, answer.precondition()) == (403, clark("D:supported-report"))
