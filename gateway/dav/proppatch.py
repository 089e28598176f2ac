"""PROPPATCH (RFC 4918 9.2): all properties or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.dav.conditions import check
from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, DAVError, PropertiesRefused, ProtectedProperty
from gateway.dav.funnel import error_content
from gateway.dav.headers import preferences
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.multistatus import propstat, response, whole_multistatus
from gateway.dav.names import dav
from gateway.dav.ports import Patchable, Resource
from gateway.dav.properties.settings import Instruction, instructions, settings
from gateway.dav.xml import element, parse


async def proppatch(context: Context) -> Response:
    """A 207 that names every property; with ``return=minimal`` an empty 200 when all went well (RFC 8144 2.3)."""
    found = await locate(context.tree, context.request.path)
    root = parse(context.request.body)
    if root is None or root.tag != dav("propertyupdate"):
        raise BadRequest("PROPPATCH takes a DAV:propertyupdate element")
    wanted = instructions(root)
    if not wanted:
        raise BadRequest("no property is to be set or removed")
    if isinstance(found, Member):
        check(context.request, found.entry)
        href = context.href(found.path, collection=False)
    else:
        href = context.href_of(found)
    names = list(dict.fromkeys(one.name for one in wanted))
    try:
        await _apply(found, wanted)
    except PropertiesRefused as error:
        return whole_multistatus(response(href, *refused_propstats(names, error.refused, context)))
    wishes = preferences(context.request)
    if wishes.minimal:
        return Response(200, wishes.applied)
    return whole_multistatus(response(href, propstat(200, map(element, names))))


async def _apply(found: Resource | Member, wanted: list[Instruction]) -> None:
    """Raises PropertiesRefused; then nothing was changed."""
    if not isinstance(found, Patchable):
        nothing = ProtectedProperty("no property of this resource can be set")
        raise PropertiesRefused({one.name: nothing for one in wanted})
    ready = settings(wanted, lambda prop: prop.applies(found))
    if ready.refused:
        raise PropertiesRefused(ready.refused)
    await found.patch(ready.patch)


def refused_propstats(names: Iterable[str], refused: Mapping[str, DAVError], context: Context) -> list[str]:
    """One propstat per refused property, and one with 424 for the rest."""
    propstats = [
        propstat(
            error.status,
            [element(name)],
            error=error_content(error, context.request.base),
            description=error.reason,
        )
        for name, error in refused.items()
    ]
    rest = [element(name) for name in names if name not in refused]
    if rest:
        propstats.append(propstat(424, rest))
    return propstats
