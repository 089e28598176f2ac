"""POST adds a member under a name of the server's choice (RFC 5995)."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.davclient import DAV, card, event


async def post(client: DAV, href: str, text: str, kind: str) -> tuple[int, str]:
    answer = await client.request("POST", href, text, {"Content-Type": kind})
    return answer.status, urlsplit(answer.headers.get("Location", "")).path


async def test_a_card_and_an_event_are_added(alice: DAV, book: str, calendar: str) -> None:
    for collection, text, kind in (
        (book, card("posted", "Posted"), "text/vcard"),
        (calendar, event("posted", "Posted"), "text/calendar"),
    ):
        where = (await alice.propfind(collection, "D:add-member")).only.href_in("D:add-member")
        assert urlsplit(where).path == collection
        status, href = await post(alice, where, text, kind)
        assert status == 201
        assert href.startswith(collection)
        assert "Posted" in (await alice.get(href)).expect(200).text


async def test_what_cannot_be_added_is_refused_as_with_put(alice: DAV, book: str, calendar: str) -> None:
    assert (await post(alice, book, card("twice", "Twice"), "text/vcard"))[0] == 201
    again = await alice.request("POST", book, card("twice", "Twice"), {"Content-Type": "text/vcard"})
    assert again.expect(409).precondition("CR:no-uid-conflict")
    wrong = await alice.request("POST", calendar, card("wrong"), {"Content-Type": "text/vcard"})
    assert wrong.expect(403).precondition("C:supported-calendar-data")
    (everybody,) = [href for name, href in (await alice.address_books()).items() if "lobal" in name or "All" in name]
    denied = await alice.request("POST", everybody, card("nobody"), {"Content-Type": "text/vcard"})
    assert denied.expect(403).precondition("D:need-privileges")
    for path in ("/", "/principals/"):
        answer = (await alice.request("POST", path, "x")).expect(405)
        assert "POST" not in answer.headers["Allow"]
    assert "POST" in (await alice.request("OPTIONS", book)).headers["Allow"]
