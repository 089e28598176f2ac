"""XML in and out: hardened parsing of requests, text fragments for answers.

Answers are written as text, not as a tree: every namespace prefix is declared once on the root element
(``ROOT_DECLARATIONS``), fragments are joined. What is not known to ``names.PREFIXES`` declares itself.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from gateway.dav.errors import BadRequest, TooLarge
from gateway.dav.names import PREFIXES

Element = etree._Element

CONTENT_TYPE = "application/xml; charset=utf-8"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ROOT_DECLARATIONS = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())

_NAMESPACE_OF_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()} | {_NAMESPACE_OF_XML: "xml"}
SMALL = 2048
"""Bytes of a body that is parsed once, however often it is sent: a client asks the same question all day."""
_TOO_MUCH = "the XML body is nested too deeply or has too many elements"
# Everything XML 1.0 cannot carry at all (XML 1.0, 2.2).
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a request body: ``size`` in bytes, ``depth`` of nested elements, ``elements`` in all.

    A multiget of 10,000 objects is about 1 MB and as many elements.
    """

    size: int = 8 * 1024 * 1024
    depth: int = 64
    elements: int = 200_000


DEFAULT_LIMITS = Limits()


def parse(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Element | None:
    """The root element of a request body, None when the body is empty.

    Comments and processing instructions are dropped; no entity is resolved, nothing is loaded. The tree is read only:
    others may get the same one.
    Raises BadRequest (malformed, DOCTYPE, too deep, too many elements) and TooLarge.
    """
    if not body.strip():
        return None
    if len(body) > limits.size:
        raise TooLarge("the XML body is too large")
    return _parsed_once(body, limits) if len(body) <= SMALL else _parsed(body, limits)


def _parsed(body: bytes, limits: Limits) -> Element:
    if body.count(b"<") > 2 * limits.elements:  # opening and closing tags: the tree would be many times as large
        raise BadRequest(_TOO_MUCH)
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, UnicodeError, LookupError):
        raise BadRequest("the body is not well-formed XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadRequest("DOCTYPE is not allowed")
    if _beyond(limits)(root):
        raise BadRequest(_TOO_MUCH)
    return root


def _parser() -> etree.XMLParser:
    """One for each body. What entities may grow to and how deep elements may nest is bounded by libxml2 before we look
    (``huge_tree``)."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


_parsed_once = lru_cache(maxsize=256)(_parsed)


@lru_cache(maxsize=8)
def _beyond(limits: Limits) -> etree.XPath:
    """Whether a document has too many elements or nests them too deeply."""
    return etree.XPath(f"count(/descendant::*) > {limits.elements} or boolean({'/*' * (limits.depth + 1)})")


def children(element: Element) -> Iterable[Element]:
    """Child elements only (an entity reference in a request is a child of lxml's, too)."""
    return (child for child in element if isinstance(child.tag, str))


def text_of(element: Element) -> str:
    """The element's text, whole, without the white space around it."""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join(map(str, element.itertext())).strip()


def serialize(element: Element) -> bytes:
    """The element as XML that stands alone: namespaces and ``xml:lang`` in scope come along (RFC 4918 4.3)."""
    alone = copy.deepcopy(element)
    alone.tail = None
    language = f"{{{_NAMESPACE_OF_XML}}}lang"
    for ancestor in element.iterancestors():
        if language in alone.attrib:
            break
        if language in ancestor.attrib:
            alone.set(language, ancestor.attrib[language])
    return etree.tostring(alone, encoding="utf-8")


def escape(text: str) -> str:
    """Text as element content. CR is written as a reference, or XML parsers would drop it from CRLF;
    characters that XML cannot carry are left out."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if text.isprintable():
        return text
    if not text.isascii() or len(text.encode().translate(None, _CONTROLS)) < len(text):
        text = _ILLEGAL.sub("", text)
    return text.replace("\r", "&#13;")


def escape_attribute(text: str) -> str:
    """Text as the value of an attribute in double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


@lru_cache(maxsize=2048)
def _tags(name: str) -> tuple[str, str]:
    """What stands inside the opening and the closing tag of a Clark name."""
    namespace, _, local = name.rpartition("}")
    if not namespace:
        return local, local
    namespace = namespace[1:]
    prefix = _PREFIX_OF.get(namespace)
    if prefix is not None:
        return f"{prefix}:{local}", f"{prefix}:{local}"
    return f'x:{local} xmlns:x="{escape_attribute(namespace)}"', f"x:{local}"


def element(name: str, content: str = "") -> str:
    """A fragment: the element of a Clark name around ``content``, which is a fragment itself."""
    opening, closing = _tags(name)
    return f"<{opening}>{content}</{closing}>" if content else f"<{opening}/>"


def document(name: str, content: str) -> bytes:
    """A whole small document with that root element."""
    opening, closing = _tags(name)
    return f"{DECLARATION}<{opening}{ROOT_DECLARATIONS}>{content}</{closing}>\n".encode()
