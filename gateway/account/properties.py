"""Properties of collections: name and colour live in OX, everything else per account in the ledger.

OX refuses description and transparency of calendars (OX-0001), so these are the gateway's own. The colour is per
user in OX and may be set on folders that can only be read; task folders have none there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.dav.errors import Conflict, DAVError, Forbidden, PropertiesRefused, ProtectedProperty
from gateway.dav.names import apple, dav
from gateway.dav.values import CollectionPatch
from gateway.ox.errors import InvalidValue, NameTaken, OXError, PermissionDenied, TooLong
from gateway.ox.folders import coloured

DESCRIPTION = "description"
ORDER = "order"
TIMEZONE = "timezone"
TRANSPARENT = "transparent"
COLOR = "color"

_NAME = dav("displayname")
_COLOR_NAME = apple("calendar-color")


def written_of(patch: CollectionPatch, *, colours: bool) -> dict[str, Any]:
    """The folder fields OX has to change. ``colours``: the folder has one in OX. Raises PropertiesRefused when the
    name is to be removed."""
    fields: dict[str, Any] = {}
    if "display_name" in patch.given:
        if not patch.display_name:
            raise PropertiesRefused({_NAME: ProtectedProperty("a collection always has a name")})
        fields["title"] = patch.display_name
    if colours and "color" in patch.given:
        fields |= coloured(patch.color)
    return fields


def kept_of(patch: CollectionPatch, *, colours: bool) -> dict[str, bytes | None]:
    """What the ledger has to keep or forget."""
    kept: dict[str, bytes | None] = dict(patch.dead)
    values: dict[str, Any] = {
        DESCRIPTION: patch.description,
        ORDER: patch.order,
        TIMEZONE: patch.timezone,
        TRANSPARENT: patch.transparent,
    }
    if not colours:
        values[COLOR] = patch.color
    for name in values.keys() & patch.given:
        kept[name] = None if values[name] is None else str(values[name]).encode()
    return kept


def refused_by(error: OXError, patch: CollectionPatch) -> PropertiesRefused | None:
    """The property at fault when OX refuses a change of name or colour; None for faults of another kind."""
    reason: DAVError
    match error:
        case NameTaken():
            reason = Conflict("another folder has this name")
        case TooLong() | InvalidValue():
            reason = Conflict("OX cannot hold this value")
        case PermissionDenied():
            reason = Forbidden("OX does not permit this")
        case _:
            return None
    if "display_name" in patch.given:
        return PropertiesRefused({_NAME: reason})
    if "color" in patch.given:
        return PropertiesRefused({_COLOR_NAME: reason})
    return None


def text_property(kept: Mapping[str, bytes], name: str) -> str | None:
    """One of the gateway's own properties."""
    value = kept.get(name)
    return None if value is None else value.decode("utf-8", "replace")


def dead_properties(kept: Mapping[str, bytes]) -> dict[str, bytes]:
    """What clients keep here without meaning to anybody else."""
    return {name: value for name, value in kept.items() if name.startswith("{")}
