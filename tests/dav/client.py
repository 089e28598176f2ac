"""Requests to ``Service.handle`` without HTTP, and answers taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from gateway.dav.messages import Request
from gateway.dav.paths import Base, decode_path
from gateway.dav.ports import Tree
from gateway.dav.service import Service

BASE = Base("https://dav.example.com")

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CR": "urn:ietf:params:xml:ns:carddav",
    "CS": "http://calendarserver.org/ns/",
    "A": "http://apple.com/ns/ical/",
    "M": "http://me.com/_namespace/",
}
_DECLARED = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in NAMESPACES.items())


def clark(name: str) -> str:
    """``D:href`` -> Clark notation."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def xml(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}{_DECLARED}>{content}</{root}>'


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    def hrefs(self) -> list[str]:
        return [href.text or "" for href in self.root.findall("D:response/D:href", NAMESPACES)]

    def response(self, href: str) -> etree._Element:
        (found,) = (
            one for one in self.root.findall("D:response", NAMESPACES) if one.findtext("D:href", "", NAMESPACES) == href
        )
        return found

    def properties(self, href: str, status: int = 200) -> dict[str, etree._Element]:
        """Clark name -> element, of the propstats with that status."""
        return {
            prop.tag: prop
            for propstat in self.response(href).findall("D:propstat", NAMESPACES)
            if propstat.findtext("D:status", "", NAMESPACES).split()[1] == str(status)
            for prop in propstat.iterfind("D:prop/*", NAMESPACES)
        }

    def prop(self, href: str, name: str) -> etree._Element:
        return self.properties(href)[clark(name)]

    def precondition(self) -> str:
        """Clark name of the first element inside DAV:error."""
        assert self.root.tag == clark("D:error")
        return self.root[0].tag


class Client:
    """One signed-in client of a tree."""

    def __init__(self, tree: Tree, base: Base = BASE) -> None:
        self.tree = tree
        self.base = base

    async def __call__(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> Answer:
        """``headers``: names with ``_`` for ``-``."""
        request = Request(
            method,
            decode_path(path, self.base.prefix),
            self.base,
            {name.replace("_", "-").lower(): value for name, value in headers.items()},
            body.encode() if isinstance(body, str) else body,
        )
        response = await Service().handle(request, self.tree)
        content = response.body
        if not isinstance(content, bytes):
            content = b"".join([chunk async for chunk in content])
        return Answer(response.status, dict(response.headers), content)

    async def propfind(self, path: str, names: str, depth: str = "0", **headers: str) -> Answer:
        """``names``: prefixed, with spaces between."""
        asked = "".join(f"<{name}/>" for name in names.split())
        body = xml("D:propfind", f"<D:prop>{asked}</D:prop>")
        return await self("PROPFIND", path, body, depth=depth, **headers)

    async def proppatch(self, path: str, content: str, **headers: str) -> Answer:
        return await self("PROPPATCH", path, xml("D:propertyupdate", content), **headers)


def canonical(data: bytes) -> str:
    """XML as text that is equal for equal meaning: attributes, prefixes and indentation made the same."""
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    etree.indent(root)
    return str(etree.canonicalize(etree.tostring(root, encoding="unicode"))) + "\n"
