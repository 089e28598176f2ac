"""Searching principals: the reports of RFC 3744 9.3, 9.4 and 9.5."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from urllib.parse import unquote

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, SupportedReport
from gateway.dav.headers import depth, preferences
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus
from gateway.dav.names import caldav, calendarserver, dav
from gateway.dav.paths import PRINCIPALS
from gateway.dav.ports import Principal, PrincipalCollection, Resource
from gateway.dav.properties.asked import Asked, Kind, asked, names_in
from gateway.dav.properties.evaluate import resource_response
from gateway.dav.reports.report import Report
from gateway.dav.xml import CONTENT_TYPE, Element, document, element, escape, text_of

_NO_PROPERTIES = Asked(Kind.PROP)

_SEARCHABLE = {
    dav("displayname"): ("displayname", "Name"),
    calendarserver("email-address-set"): ("email", "Mail address"),
    caldav("calendar-user-address-set"): ("email", "Calendar user address"),
    calendarserver("first-name"): ("first-name", "First name"),
    calendarserver("last-name"): ("last-name", "Last name"),
    caldav("calendar-user-type"): ("calendar-user-type", "Kind of calendar user"),
}
"""Clark name -> the criterion of ``PrincipalCollection.search`` and what people call it."""


class PrincipalPropertySearch(Report[Resource]):
    name = dav("principal-property-search")
    kind = Resource

    async def answer(self, context: Context, resource: Resource, element: Element) -> Response:
        """Principals below this resource, or with apply-to-principal-collection-set below /principals/."""
        _check_depth(context)
        found: Sequence[Principal] = ()
        any_of = _any_of(element)
        criteria = _criteria(element, any_of=any_of)
        collection = await _collection(context, resource, element)
        if collection is not None and criteria:
            found = await collection.search(criteria, any_of=any_of)
        return await _listed(context, found, element)


class PrincipalSearchPropertySet(Report[Resource]):
    name = dav("principal-search-property-set")
    kind = Resource

    async def answer(self, context: Context, resource: Resource, element: Element) -> Response:
        """Which properties can be searched, for people and programs."""
        _check_depth(context)
        body = document(self.name, "".join(_searchable(name, text) for name, (_, text) in _SEARCHABLE.items()))
        return Response(200, [("Content-Type", CONTENT_TYPE)], body)


class PrincipalMatch(Report[Resource]):
    name = dav("principal-match")
    kind = Resource

    async def answer(self, context: Context, resource: Resource, element: Element) -> Response:
        """The principals below this resource that are the signed-in user or a group of the user.

        Only for DAV:self; resources that name the user in a property are not searched (SupportedReport).
        """
        _check_depth(context)
        if element.find(dav("self")) is None:
            raise SupportedReport("principal-match is supported for DAV:self only")
        user = await context.principal()
        paths = [path for path in (user.path, *user.group_memberships) if path[: len(resource.path)] == resource.path]
        found = [await context.tree.find(path) for path in paths]
        return await _listed(context, found, element)


def _check_depth(context: Context) -> None:
    if depth(context.request, "0") != "0":
        raise BadRequest("Depth is 0 for this report")


def _any_of(element: Element) -> bool:
    test = element.get("test", "allof")
    if test not in ("anyof", "allof"):
        raise BadRequest("test is anyof or allof")
    return test == "anyof"


def _criteria(element: Element, *, any_of: bool) -> list[tuple[str, str]]:
    """What ``search`` takes. A property nobody can search matches nothing: then all of them fail, or it is ignored."""
    searches = element.findall(dav("property-search"))
    if not searches:
        raise BadRequest("a search needs a property-search")
    criteria = []
    for search in searches:
        prop, match = search.find(dav("prop")), search.find(dav("match"))
        if prop is None or match is None:
            raise BadRequest("a property-search holds prop and match")
        for name in names_in(prop):
            if name in _SEARCHABLE:
                criteria.append((_SEARCHABLE[name][0], _bare(text_of(match))))
            elif not any_of:
                return []
    return criteria


def _bare(text: str) -> str:
    """An address as people write it, of a calendar user address."""
    return unquote(text[len("mailto:") :]) if text.lower().startswith("mailto:") else text


async def _collection(context: Context, resource: Resource, element: Element) -> PrincipalCollection | None:
    """Where to search: here, if principals can be here at all."""
    if isinstance(resource, PrincipalCollection):
        return resource
    if resource.path != () and element.find(dav("apply-to-principal-collection-set")) is None:
        return None
    found = await context.tree.find(PRINCIPALS)
    return found if isinstance(found, PrincipalCollection) else None


async def _listed(context: Context, found: Iterable[Resource], element: Element) -> Response:
    wanted = asked(element, _NO_PROPERTIES)
    wishes = preferences(context.request)

    async def responses() -> AsyncIterator[str]:
        for resource in found:
            yield await resource_response(resource, wanted, context, minimal=wishes.minimal)

    return await multistatus(responses(), headers=wishes.applied)


def _searchable(name: str, description: str) -> str:
    return element(
        dav("principal-search-property"),
        element(dav("prop"), element(name)) + f'<D:description xml:lang="en">{escape(description)}</D:description>',
    )
