"""From what is asked to propstats, for one resource. Members of collections: see ``members``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gateway.dav.context import Context
from gateway.dav.errors import DAVError, Unavailable
from gateway.dav.funnel import error_content
from gateway.dav.multistatus import propstat, response
from gateway.dav.ports import Patchable, Resource
from gateway.dav.properties import LIVE
from gateway.dav.properties.asked import Asked, Kind
from gateway.dav.xml import element


async def resource_response(resource: Resource, asked: Asked, context: Context, *, minimal: bool = False) -> str:
    """The DAV:response of a resource with what is asked of it.

    A property that fails is reported with its status; only ``Unavailable`` fails the whole request.
    """
    return response(context.href_of(resource), *await propstats(resource, asked, context, minimal=minimal))


async def propstats(resource: Resource, asked: Asked, context: Context, *, minimal: bool = False) -> list[str]:
    """The propstats of a resource, the one with status 200 first."""
    dead = await _dead(resource)
    found: list[str] = []
    missing: list[str] = []
    failed: list[str] = []
    for name in _names(resource, asked, dead):
        try:
            fragment = await _fragment(name, resource, dead, context)
        except Unavailable:
            raise
        except DAVError as error:
            failed.append(failed_propstat(name, error, context))
            continue
        if fragment is not None:
            found.append(element(name) if asked.kind is Kind.PROPNAME else fragment)
        elif asked.kind is Kind.PROP or name in asked.names:
            missing.append(element(name))
    return ordered(found, missing, failed, minimal=minimal)


async def _dead(resource: Resource) -> Mapping[str, bytes]:
    """Dead properties by the names of XML: one without a namespace is just its local name there."""
    kept = await resource.dead_properties() if isinstance(resource, Patchable) else {}
    return {name.removeprefix("{}"): value for name, value in kept.items()}


def _names(resource: Resource, asked: Asked, dead: Mapping[str, bytes]) -> Iterable[str]:
    if asked.kind is Kind.PROP:
        return asked.names
    everything = asked.kind is Kind.PROPNAME
    own = [name for name, prop in LIVE.items() if prop.applies(resource) and (everything or prop.in_allprop)]
    return dict.fromkeys((*own, *dead, *asked.names))


async def _fragment(name: str, resource: Resource, dead: Mapping[str, bytes], context: Context) -> str | None:
    """The whole element of a property, None when the resource does not have it."""
    prop = LIVE.get(name)
    if prop is not None and prop.applies(resource):
        content = await prop.value(resource, context)
        return None if content is None else element(name, content)
    return dead[name].decode() if name in dead else None


def failed_propstat(name: str, error: DAVError, context: Context) -> str:
    """The propstat of a property whose value could not be had."""
    content = error_content(error, context.request.base)
    return propstat(error.status, [element(name)], error=content, description=error.reason)


def ordered(found: Sequence[str], missing: Sequence[str], failed: Sequence[str], *, minimal: bool) -> list[str]:
    """The propstats in the order clients count on; ``minimal`` leaves the 404 out (RFC 8144 2.1)."""
    result = []
    if found or minimal or not (missing or failed):
        result.append(propstat(200, found))
    if missing and not minimal:
        result.append(propstat(404, missing))
    return [*result, *failed]
