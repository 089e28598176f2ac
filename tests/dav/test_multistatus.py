"""The multistatus writer: order, chunks, errors before and after the first byte."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from lxml import etree

from gateway.dav.errors import Unavailable
from gateway.dav.multistatus import CHUNK_SIZE, multistatus, propstat, response, status_response

DAV = {"D": "DAV:"}


async def several(*fragments: str, error: Exception | None = None) -> AsyncIterator[str]:
    for fragment in fragments:
        yield fragment
    if error is not None:
        raise error


async def test_a_small_answer_is_whole() -> None:
    answer = await multistatus(several(status_response("/a", 404), status_response("/b", 507)), token="http://x/1?a&b")
    assert answer.status == 207
    assert isinstance(answer.body, bytes)
    root = etree.fromstring(answer.body)
    assert [one.text for one in root.iterfind("D:response/D:status", DAV)] == [
        "HTTP/1.1 404 Not Found",
        "HTTP/1.1 507 Insufficient Storage",
    ]
    assert root.findtext("D:sync-token", None, DAV) == "http://x/1?a&b"


async def test_no_responses() -> None:
    answer = await multistatus(several())
    assert isinstance(answer.body, bytes)
    assert len(etree.fromstring(answer.body)) == 0


async def test_an_error_before_the_first_chunk_is_raised() -> None:
    with pytest.raises(Unavailable):
        await multistatus(several(status_response("/a", 404), error=Unavailable("down")))


async def test_an_error_later_breaks_the_stream() -> None:
    large = response("/a", propstat(200, ["x" * CHUNK_SIZE]))
    answer = await multistatus(several(large, error=Unavailable("down")))
    assert not isinstance(answer.body, bytes)
    assert b"</D:multistatus>" not in await anext(answer.body)
    with pytest.raises(Unavailable):
        await anext(answer.body)


async def test_chunks_are_sent_as_they_fill() -> None:
    large = response("/a", propstat(200, ["x" * CHUNK_SIZE]))
    answer = await multistatus(several(large, large, "<D:response/>"), token="t")
    assert not isinstance(answer.body, bytes)
    chunks = [chunk async for chunk in answer.body]
    assert len(chunks) == 3
    assert len(etree.fromstring(b"".join(chunks), etree.XMLParser(huge_tree=True))) == 4


def test_errors_inside() -> None:
    fragment = status_response("/a&b", 403, error="<D:x/>", description="not <this>")
    assert "/a&amp;b" in fragment
    assert "<D:error><D:x/></D:error><D:responsedescription>not &lt;this&gt;</D:responsedescription>" in fragment
