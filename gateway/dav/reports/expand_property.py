"""expand-property (RFC 3253 3.8): properties, and in place of the hrefs in them the properties of what they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from lxml.etree import QName

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, DAVError, NotFound, NumberOfMatchesWithinLimits, Unavailable
from gateway.dav.headers import depth
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus, response, status_response
from gateway.dav.names import DAV, dav
from gateway.dav.paths import InvalidPath
from gateway.dav.ports import Resource
from gateway.dav.properties import LIVE
from gateway.dav.properties.evaluate import failed_propstat, ordered
from gateway.dav.reports.objects import only
from gateway.dav.reports.report import Report
from gateway.dav.xml import Element, children, element, escape

MAX_RESPONSES = 500
"""Resources written into one answer; nested expansions multiply."""

_HREF = re.compile("<D:href>([^<]*)</D:href>")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A property that is asked for, by Clark name, and what is asked of the resources its value names."""

    name: str
    inner: tuple[Expanded, ...] = ()


class ExpandProperty(Report[Resource]):
    name = dav("expand-property")
    kind = Resource

    async def answer(self, context: Context, resource: Resource, element: Element) -> Response:
        if depth(context.request, "0") != "0":
            raise BadRequest("Depth is 0 for expand-property")
        return await multistatus(only(await Expansion(context).response(resource, decode(element))))


def decode(parent: Element) -> tuple[Expanded, ...]:
    """The DAV:property elements of the report. Raises BadRequest."""
    decoded = []
    for child in children(parent):
        if child.tag != dav("property"):
            raise BadRequest("expand-property holds DAV:property elements")
        try:
            name = QName(child.get("namespace", DAV) or None, child.get("name", "")).text
        except ValueError:
            raise BadRequest("a DAV:property element names no property") from None
        decoded.append(Expanded(name, decode(child)))
    return tuple(decoded)


class Expansion:
    """One answer: how many resources it may still take in, and the request it belongs to."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._left = MAX_RESPONSES

    async def response(self, resource: Resource, wanted: tuple[Expanded, ...]) -> str:
        """The DAV:response of a resource. Raises NumberOfMatchesWithinLimits when the answer gets too large."""
        self._left -= 1
        if self._left < 0:
            raise NumberOfMatchesWithinLimits("too many resources to expand")
        found: list[str] = []
        missing: list[str] = []
        failed: list[str] = []
        for prop in wanted:
            try:
                content = await self._content(resource, prop)
            except (Unavailable, NumberOfMatchesWithinLimits):
                raise
            except DAVError as error:
                failed.append(failed_propstat(prop.name, error, self._context))
                continue
            if content is None:
                missing.append(element(prop.name))
            else:
                found.append(element(prop.name, content))
        return response(self._context.href_of(resource), *ordered(found, missing, failed, minimal=False))

    async def _content(self, resource: Resource, prop: Expanded) -> str | None:
        live = LIVE.get(prop.name)
        if live is None or not live.applies(resource):
            return None
        content = await live.value(resource, self._context)
        if not content or not prop.inner:
            return content
        parts = _HREF.split(content)
        # split() gives text and href in turn
        parts[1::2] = [await self._expanded(unescape(href), prop.inner) for href in parts[1::2]]
        return "".join(parts)

    async def _expanded(self, href: str, wanted: tuple[Expanded, ...]) -> str:
        """The response in place of an href; what names no resource of this server stays an href."""
        try:
            path = self._context.request.base.path_of(href)
        except InvalidPath:
            return element(dav("href"), escape(href))
        try:
            resource = await self._context.tree.find(path)
        except NotFound:
            return status_response(href, 404)
        return await self.response(resource, wanted)
