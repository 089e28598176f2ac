"""Details of internal attendees that an answer carries with `extendedEntities=true`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from middleware.chronos.event import JSON

if TYPE_CHECKING:
    from middleware.context import Context


def extended_entity(context: Context, person: JSON) -> JSON:
    """The member `contact`, `resource` or `group` of a calendar user; nothing for somebody outside."""
    entity, kind = person.get("entity"), person.get("cuType", "INDIVIDUAL")
    if not entity:
        return {}
    if kind == "GROUP":
        group = context.groups.find(entity)
        return {} if group is None else {"group": {"id": group.id, "display_name": group.display_name}}
    if kind in ("RESOURCE", "ROOM"):
        resource = context.resources.find(entity)
        if resource is None:
            return {}
        return {
            "resource": {
                "id": resource.id,
                "display_name": resource.display_name,
                "name": resource.name,
                "mailaddress": resource.email,
                "availability": resource.available,
                "description": resource.description,
                "last_modified": resource.modified,
            }
        }
    user = context.users.find(entity)
    if user is None:
        return {}
    return {
        "contact": {
            "last_name": user.surname,
            "first_name": user.given_name,
            "display_name": user.display_name,
        }
    }
