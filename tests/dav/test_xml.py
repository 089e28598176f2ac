"""Hardened parsing, and text that survives being written and read again."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.dav.errors import BadRequest, TooLarge
from gateway.dav.xml import Limits, document, element, escape, escape_attribute, parse, serialize, text_of

SMALL = Limits(size=1000, depth=5, elements=20)


def test_no_body_is_no_element() -> None:
    assert parse(b"") is None
    assert parse(b" \r\n") is None


@pytest.mark.parametrize(
    "body",
    [
        b"<a",
        b"<a></b>",
        b"text",
        b"<a/><b/>",
        b"\xff\xfe<a/>",
        b"<a>\xff</a>",
        b"<a>&nosuch;</a>",
        b'<?xml version="1.0" encoding="nosuch"?><a/>',
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'.encode("utf-16"),
        b"<a>" * 6 + b"</a>" * 6,
        b"<a>" + b"<b/>" * 20 + b"</a>",
        b"<x:a/>",
    ],
)
def test_what_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(body, SMALL)


def test_entities_do_not_multiply() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    with pytest.raises(BadRequest):
        parse(f'<!DOCTYPE a [{entities}]><a b="&e9;">&e9;</a>'.encode())


def test_the_size_is_limited() -> None:
    with pytest.raises(TooLarge):
        parse(b"<a>" + b" " * 1000 + b"</a>", SMALL)


def test_comments_and_instructions_are_dropped() -> None:
    root = parse(b"<?xml version='1.0'?><?pi x?><!-- c --><a><!-- c -->b<?pi?>c<d/></a>")
    assert root is not None
    assert [child.tag for child in root] == ["d"]
    assert text_of(root) == "bc"


def test_other_encodings() -> None:
    root = parse('<?xml version="1.0" encoding="utf-16"?><a>ä</a>'.encode("utf-16"))
    assert root is not None
    assert root.text == "ä"


def test_many_elements_within_the_limits() -> None:
    hrefs = b"".join(b"<href>/calendars/3/31/%d.ics</href>" % number for number in range(20_000))
    root = parse(b"<a>" + hrefs + b"</a>")
    assert root is not None
    assert len(root) == 20_000


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_an_element_or_an_error(body: bytes) -> None:
    with suppress(BadRequest):
        parse(body)


ANY_TEXT = st.text(st.characters(codec="utf-8"))


@given(ANY_TEXT)
def test_text_survives_as_far_as_xml_can_carry_it(text: str) -> None:
    root = parse(document("a", escape(text)))
    assert root is not None
    carried = "".join(c for c in text if c in "\t\r\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
    assert (root.text or "") == carried


@given(ANY_TEXT)
def test_attributes_survive(text: str) -> None:
    root = parse(f'<a b="{escape_attribute(text)}"/>'.encode())
    assert root is not None
    carried = "".join(c for c in text if c in "\t\r\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
    assert root.get("b") == carried


def test_crlf_survives() -> None:
    root = parse(element("a", escape("BEGIN:VCARD\r\nEND:VCARD\r\n")).encode())
    assert root is not None
    assert root.text == "BEGIN:VCARD\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    "name",
    [
        "{DAV:}prop",
        "{http://apple.com/ns/ical/}calendar-color",
        "{urn:x&y}z",
        "{http://www.w3.org/XML/1998/namespace}id",
        "plain",
    ],
)
def test_names(name: str) -> None:
    root = parse(document("{DAV:}error", element(name, "x") + element(name)))
    assert root is not None
    assert [child.tag for child in root] == [name, name]


def test_serialized_elements_stand_alone() -> None:
    root = parse(b'<a xmlns="urn:a" xmlns:b="urn:b" xml:lang="fr"><b:c d="1">x<e/></b:c> tail</a>')
    assert root is not None
    alone = etree.fromstring(serialize(root[0]))
    assert (alone.tag, alone.text, alone.tail, alone[0].tag) == ("{urn:b}c", "x", None, "{urn:a}e")
    assert alone.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
