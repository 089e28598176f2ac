"""What a measurement has to know of answers: hrefs, tokens, texts."""

from __future__ import annotations

from lxml import etree

from benchmarks import requests
from benchmarks.connection import Answer, Connection, Request
from benchmarks.peers import Texts

_DAV = "{DAV:}"
_DATA = ("{urn:ietf:params:xml:ns:caldav}calendar-data", "{urn:ietf:params:xml:ns:carddav}address-data")
_BATCH = 500


class Unexpected(Exception):
    """A server did not answer a request as it should."""


def ask(connection: Connection, request: Request) -> Answer:
    """The answer, which must be a success. Raises Unexpected."""
    answer = connection.ask(request)
    if answer.status >= 300:
        raise Unexpected(f"{request.method} {request.path}: {answer.status} {answer.body[:300]!r}")
    return answer


def hrefs(answer: Answer) -> list[str]:
    """Of all responses, in order; a collection ends with a slash."""
    return [element.text or "" for element in _tree(answer).iterfind(f"{_DAV}response/{_DAV}href")]


def members(answer: Answer) -> list[str]:
    return [href for href in hrefs(answer) if not href.endswith("/")]


def href_in(answer: Answer, name: str) -> str:
    """The href inside the property of that Clark name."""
    return _tree(answer).findtext(f".//{name}/{_DAV}href") or ""


def token(answer: Answer) -> str:
    return _tree(answer).findtext(f".//{_DAV}sync-token") or ""


def texts(answer: Answer) -> Texts:
    """Calendar or address data by resource name."""
    found = {}
    for response in _tree(answer).iterfind(f"{_DAV}response"):
        name = (response.findtext(f"{_DAV}href") or "").rpartition("/")[2]
        for data in response.iter(*_DATA):
            found[name] = data.text or ""
    return found


def everything(connection: Connection, collection: str, *, cards: bool) -> Texts:
    """All objects of a collection by their resource name."""
    listed = members(ask(connection, requests.listing(collection)))
    found: dict[str, str] = {}
    for begin in range(0, len(listed), _BATCH):
        wanted = listed[begin : begin + _BATCH]
        question = requests.card_multiget if cards else requests.multiget
        found.update(texts(ask(connection, question(collection, wanted))))
    return found


def _tree(answer: Answer) -> etree._Element:
    return etree.fromstring(answer.body, etree.XMLParser(huge_tree=True))
