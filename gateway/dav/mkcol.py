"""MKCALENDAR (RFC 4791 5.3.1) and extended MKCOL (RFC 5689)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.dav.context import Context
from gateway.dav.errors import (
    BadRequest,
    CalendarCollectionLocationOk,
    Forbidden,
    NotFound,
    PropertiesRefused,
    ResourceMustBeNull,
    UnsupportedMediaType,
)
from gateway.dav.messages import Response
from gateway.dav.multistatus import response, whole_multistatus
from gateway.dav.names import caldav, carddav, dav
from gateway.dav.ports import AddressBook, Calendar, Makeable
from gateway.dav.properties.model import Live
from gateway.dav.properties.settings import Instruction, instructions, settings
from gateway.dav.proppatch import refused_propstats
from gateway.dav.rights import require
from gateway.dav.values import Privilege
from gateway.dav.xml import CONTENT_TYPE, Element, children, document, parse

_COMPONENTS = caldav("supported-calendar-component-set")
_TYPE = dav("resourcetype")
_NO_CACHE = ("Cache-Control", "no-cache")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be made. ``kind``: the port the new resource will have."""

    kind: type[Any]
    components: frozenset[str]
    wanted: list[Instruction]


async def mkcalendar(context: Context) -> Response:
    """201, or 207 with the properties that hinder it; then nothing was made."""
    root = _parsed(context, caldav("mkcalendar"))
    wanted = [] if root is None else _instructions(root)
    try:
        return await _make(context, _calendar_plan(wanted))
    except PropertiesRefused as error:
        href = context.href(context.request.path)
        names = [one.name for one in wanted]
        return whole_multistatus(response(href, *refused_propstats(names, error.refused, context)))


async def mkcol(context: Context) -> Response:
    """201, or the status of the first property that hinders it, with all of them (RFC 5689 3.5).

    A plain MKCOL has nothing to make here.
    """
    root = _parsed(context, dav("mkcol"))
    if root is None:
        raise Forbidden("only calendars and address books can be made here: name the type (RFC 5689)")
    wanted = _instructions(root)
    try:
        return await _make(context, _plan(wanted))
    except PropertiesRefused as error:
        names = [one.name for one in wanted]
        content = "".join(refused_propstats(names, error.refused, context))
        status = next(iter(error.refused.values())).status
        return Response(status, [("Content-Type", CONTENT_TYPE), _NO_CACHE], document(dav("mkcol-response"), content))


def _parsed(context: Context, name: str) -> Element | None:
    declared = (context.request.header("content-type") or "application/xml").split(";")[0].strip().lower()
    if context.request.body and declared not in ("application/xml", "text/xml", "application/octet-stream"):
        raise UnsupportedMediaType("the body is XML")
    root = parse(context.request.body)
    if root is not None and root.tag != name:
        raise BadRequest("the body does not belong to this method")
    return root


def _instructions(root: Element) -> list[Instruction]:
    """The properties to be set; DAV:remove is not allowed (RFC 5689 5.1)."""
    if any(child.tag != dav("set") for child in children(root)):
        raise BadRequest("only DAV:set is allowed here")
    return instructions(root)


def _plan(wanted: list[Instruction]) -> _Plan:
    types = {
        child.tag for one in wanted if one.name == _TYPE and one.value is not None for child in children(one.value)
    }
    if types == {dav("collection"), carddav("addressbook")}:
        return _Plan(AddressBook, frozenset({"VCARD"}), [one for one in wanted if one.name != _TYPE])
    if types == {dav("collection"), caldav("calendar")}:
        return _calendar_plan(wanted)
    wrong = Forbidden("not a type of collection that can be made", precondition=dav("valid-resourcetype"))
    raise PropertiesRefused({_TYPE: wrong})


def _calendar_plan(wanted: list[Instruction]) -> _Plan:
    return _Plan(Calendar, _components(wanted), [one for one in wanted if one.name not in (_COMPONENTS, _TYPE)])


def _components(wanted: list[Instruction]) -> frozenset[str]:
    """The components of the new calendar; events when nothing is said."""
    for one in wanted:
        if one.name == _COMPONENTS and one.value is not None:
            names = frozenset(
                (child.get("name") or "").upper() for child in children(one.value) if child.tag == caldav("comp")
            )
            return names or frozenset({"VEVENT"})
    return frozenset({"VEVENT"})


async def _make(context: Context, plan: _Plan) -> Response:
    parent, segment = await _place(context)

    def applies(prop: Live) -> bool:
        return any(issubclass(plan.kind, kind) for kind in prop.kinds)

    ready = settings(plan.wanted, applies)
    if ready.refused:
        raise PropertiesRefused(ready.refused)
    await parent.make(segment, plan.components, ready.patch)
    return Response(201, [_NO_CACHE])


async def _place(context: Context) -> tuple[Makeable, str]:
    """The home the new collection goes to, and its segment there."""
    path = context.request.path
    try:
        await context.tree.find(path)
    except NotFound:
        pass
    else:
        raise ResourceMustBeNull("something is here already")
    parent, segment = await context.tree.find_parent(path)
    if not isinstance(parent, Makeable):
        raise CalendarCollectionLocationOk("collections are made in the homes only")
    require(parent, Privilege.BIND)
    return parent, segment
