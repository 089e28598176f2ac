"""What a live property is: a name, the resources that have it, and how its value is written.

Properties of resources (``Live``) are asked one by one; properties of the members of a collection
(``OfEntry``, ``OfBody``) are on the hot path: plain functions of an ``Entry``, of its ``Body``, or the same for all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway.dav.context import Context
from gateway.dav.ports import Resource
from gateway.dav.values import Body, Entry
from gateway.dav.xml import Element

R = TypeVar("R", bound=Resource)

Value = Callable[[Any, Context], Awaitable[str | None]]
"""Content of the property's element, as a fragment; ``""`` for an empty element, None for 404."""


@dataclass(frozen=True, slots=True)
class OfBody:
    """A property made of the text of a member (calendar-data, address-data, schedule-tag). ``form`` tells all that it
    is made of beside the text.

    ``value``: its content, None for 404; may raise a DAVError, which becomes the status of this property in the
    response of that member.
    """

    form: str
    value: Callable[[Body], str | None]


@dataclass(frozen=True, slots=True)
class Setting:
    """How PROPPATCH and MKCOL set a property: the field of ``CollectionPatch`` and how its value is read.

    ``decode`` raises a DAVError when the value is none. ``removable``: may be removed (the field becomes None).
    """

    field: str
    decode: Callable[[Element], Any]
    removable: bool = True


@dataclass(frozen=True, slots=True)
class Live:
    """A property of resources. ``kinds``: the ports that have it; ``in_allprop``: answered to DAV:allprop."""

    name: str
    kinds: tuple[type[Resource], ...]
    value: Value
    in_allprop: bool = False
    setting: Setting | None = None

    def applies(self, resource: Resource) -> bool:
        return isinstance(resource, self.kinds)


def live(
    name: str, *kinds: type[Any], in_allprop: bool = False, setting: Setting | None = None
) -> Callable[[Callable[[R, Context], Awaitable[str | None]]], Live]:
    """Declare a property by the function that writes its value."""

    def declare(value: Callable[[R, Context], Awaitable[str | None]]) -> Live:
        return Live(name, kinds, value, in_allprop, setting)

    return declare


@dataclass(frozen=True, slots=True)
class OfEntry:
    """A property of the members of an ``ObjectCollection`` that differs between them; needs no body."""

    name: str
    value: Callable[[Entry], str]
    in_allprop: bool = True
