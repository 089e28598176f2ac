"""From property instructions (RFC 4918 14.19, RFC 5689, RFC 4791 9.2) to a typed ``CollectionPatch``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.dav.errors import DAVError, InsufficientStorage, ProtectedProperty
from gateway.dav.names import DAV, dav
from gateway.dav.properties import LIVE
from gateway.dav.properties.model import Live, Setting
from gateway.dav.values import CollectionPatch
from gateway.dav.xml import Element, children, serialize

MAX_DEAD_SIZE = 64 * 1024
"""Bytes of one dead property."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """Set a property to ``value``, or remove it when that is None."""

    name: str
    value: Element | None


@dataclass(frozen=True, slots=True)
class Settings:
    """A patch with all that can be set, and what cannot: Clark name -> the error that hinders it."""

    patch: CollectionPatch
    refused: dict[str, DAVError]


def instructions(root: Element) -> list[Instruction]:
    """The contents of DAV:set and DAV:remove in document order."""
    return [
        Instruction(prop.tag, prop if action.tag == dav("set") else None)
        for action in children(root)
        if action.tag in (dav("set"), dav("remove"))
        for holder in children(action)
        if holder.tag == dav("prop")
        for prop in children(holder)
    ]


def settings(wanted: Sequence[Instruction], applies: Callable[[Live], bool]) -> Settings:
    """Decode instructions; the last one for a name counts.

    ``applies`` tells of the settable live properties which ones the resource has. The others, and whatever is not
    a property we know, are kept as dead properties; names of DAV: itself that we do not know are refused.
    """
    fields: dict[str, Any] = {}
    dead: dict[str, bytes | None] = {}
    refused: dict[str, DAVError] = {}
    for name, instruction in {one.name: one for one in wanted}.items():
        prop = LIVE.get(name)
        try:
            if prop is None:
                dead[_key(name)] = _dead(name, instruction.value)
            elif prop.setting is None:
                raise ProtectedProperty("the server alone sets this property")
            elif applies(prop):
                fields[prop.setting.field] = _decode(prop.setting, instruction.value)
            else:
                dead[_key(name)] = _dead(name, instruction.value)
        except DAVError as error:
            refused[name] = error
    return Settings(CollectionPatch(given=frozenset(fields), **fields, dead=dead), refused)


def _key(name: str) -> str:
    """The name as ``CollectionPatch.dead`` has it."""
    return name if name.startswith("{") else "{}" + name


def _decode(setting: Setting, value: Element | None) -> Any:
    if value is not None:
        return setting.decode(value)
    if not setting.removable:
        raise ProtectedProperty("this property cannot be removed")
    return None


def _dead(name: str, value: Element | None) -> bytes | None:
    if name.startswith(f"{{{DAV}}}"):
        raise ProtectedProperty("properties of DAV: itself are the server's")
    if value is None:
        return None
    data = serialize(value)
    if len(data) > MAX_DEAD_SIZE:
        raise InsufficientStorage("the value of the property is too large")
    return data
