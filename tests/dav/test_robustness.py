"""Nothing a client sends makes the protocol fail: every answer is one of HTTP's, none is 500."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dav.messages import Request, Response
from gateway.dav.paths import Path
from gateway.dav.service import METHODS, Service
from tests.dav.client import BASE, xml
from tests.dav.memory import MemoryTree

PATHS: list[Path] = [
    (),
    ("principals",),
    ("principals", "users", "3"),
    ("calendars", "3"),
    ("calendars", "3", "31"),
    ("calendars", "3", "31", "a.ics"),
    ("calendars", "3", "31", "new.ics"),
    ("calendars", "3", "new"),
    ("calendars", "3", "inbox"),
    ("addressbooks", "3", "32"),
    ("no", "such", "place"),
]
ELEMENTS = (
    "D:propfind D:propertyupdate D:mkcol C:mkcalendar D:set D:remove D:prop D:allprop D:propname D:include "
    "D:displayname D:resourcetype D:collection C:calendar CR:addressbook D:getetag CS:getctag A:calendar-color "
    "A:calendar-order C:calendar-timezone C:calendar-data C:supported-calendar-component-set C:comp D:sync-token "
    "C:schedule-calendar-transp D:sync-collection D:sync-level C:calendar-query C:filter C:comp-filter "
    "C:calendar-multiget D:href D:expand-property D:property D:principal-property-search"
)
NAMES = st.sampled_from(ELEMENTS.split())
TEXTS = st.sampled_from(["", "1", "infinite", "VEVENT", "/calendars/3/31/a.ics", "#FF0000", "T", "*", "\u20ac<"])
Fragment = tuple[str, str, list[Any]]
"""Name, text and the fragments inside."""

TREES: st.SearchStrategy[Fragment] = st.recursive(
    st.builds(lambda name, text: (name, text, []), NAMES, TEXTS),
    lambda inner: st.builds(lambda name, text, parts: (name, text, parts), NAMES, TEXTS, st.lists(inner, max_size=4)),
    max_leaves=8,
)
HEADER_NAMES = (
    "depth if-match if-none-match if-modified-since if-unmodified-since if prefer brief overwrite destination "
    "content-type content-range if-schedule-tag-match"
)
HEADERS = st.dictionaries(
    st.sampled_from(HEADER_NAMES.split()),
    st.one_of(
        st.sampled_from(
            ['"1"', "*", "0", "1", "infinity", "F", "/calendars/3/35/b.ics", "text/calendar", '(["1"])', "t"]
        ),
        st.text(max_size=20),
    ),
    max_size=4,
)


def fragment(tree: Fragment) -> str:
    name, text, parts = tree
    inner = text.replace("<", "&lt;") + "".join(map(fragment, parts))
    return f'<{name} name="{text.replace("<", "&lt;")}">{inner}</{name}>'


async def answer(method: str, path: Path, headers: dict[str, str], body: bytes) -> Response:
    tree = MemoryTree()
    tree.calendar.store("a.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    response = await Service().handle(Request(method, path, BASE, headers, body), tree)
    if not isinstance(response.body, bytes):
        async for _ in response.body:
            pass
    return response


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(METHODS)), st.sampled_from(PATHS), HEADERS, TREES)
def test_any_element(method: str, path: Path, headers: dict[str, str], tree: Fragment) -> None:
    name, _, parts = tree
    body = xml(name, "".join(map(fragment, parts)))
    response = asyncio.run(answer(method, path, headers, body.encode()))
    assert 200 <= response.status < 600
    assert response.status != 500


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(METHODS)), st.sampled_from(PATHS), HEADERS, st.binary(max_size=60))
def test_any_bytes(method: str, path: Path, headers: dict[str, str], body: bytes) -> None:
    response = asyncio.run(answer(method, path, headers, body))
    assert 200 <= response.status < 600
    assert response.status != 500


@pytest.mark.parametrize("method", ["PROPFIND", "PROPPATCH", "REPORT", "MKCOL", "MKCALENDAR"])
async def test_a_doctype_is_refused_by_every_method(method: str) -> None:
    body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><D:propfind xmlns:D="DAV:">&e;</D:propfind>'
    response = await answer(
        method, ("calendars", "3", "new" if method.startswith("MK") else "31"), {"depth": "0"}, body
    )
    assert response.status == 400
