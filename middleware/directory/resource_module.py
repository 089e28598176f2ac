"""The module `resource`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from middleware.call import Call
from middleware.context import Context
from middleware.directory.deleted import deleted_since
from middleware.directory.matching import matches
from middleware.directory.model import EVERYONE, FIRST_PRINCIPAL, Resource
from middleware.envelope import Result
from middleware.errors import OXError, illegal_body
from middleware.registry import Module
from middleware.times import wall_clock

module = Module("resource")

BOOK_DIRECTLY = "book_directly"


def name_taken(name: str) -> OXError:
    """Another resource has that name or mail address."""
    text = f'The resource name or address "{name}" is already in use.'
    return OXError("RES-0007", "USER_INPUT", text, params=[name])


def changed_meanwhile() -> OXError:
    """The resource was changed after the stamp of the request."""
    return OXError("SVL-0017", "CONFLICT", "The object has been changed in the meantime.")


def resource_object(call: Call, resource: Resource) -> dict[str, Any]:
    """The members of a resource; everybody may book it directly."""
    return {
        "id": resource.id,
        "name": resource.name,
        "display_name": resource.display_name,
        "mailaddress": resource.email,
        "availability": resource.available,
        "description": resource.description,
        "last_modified": wall_clock(resource.modified, call.timezone()),
        "last_modified_utc": resource.modified,
        "permissions": [{"entity": EVERYONE, "group": True, "privilege": BOOK_DIRECTLY}],
        "own_privilege": BOOK_DIRECTLY,
    }


@module.action("all")
def all_resources(call: Call, ox: Context) -> Result:
    """The ids of all resources, whatever `columns` asks for."""
    resources = ox.resources.all()
    return Result([resource.id for resource in resources], _greatest_stamp(resources))


@module.action("get")
def get(call: Call, ox: Context) -> Result:
    """One resource."""
    resource = ox.resources.get(call.integer("id"))
    return Result(resource_object(call, resource), resource.modified)


@module.action("list", "PUT")
def list_resources(call: Call, ox: Context) -> Result:
    """The resources with the ids in the body."""
    return _objects(call, [ox.resources.get(_id_in(item)) for item in call.array()])


@module.action("search", "PUT")
def search(call: Call, ox: Context) -> Result:
    """Resources by `pattern` on their names."""
    pattern = str(call.object().get("pattern", "*"))
    found = [one for one in ox.resources.all() if matches(pattern, one.display_name, one.name)]
    return _objects(call, found)


@module.action("updates")
def updates(call: Call, ox: Context) -> Result:
    """What changed since `timestamp`; as on the real server `new` and `modified` hold the same."""
    since = call.integer("timestamp")
    changed = [one for one in ox.resources.all() if one.modified > since]
    objects = [resource_object(call, one) for one in changed]
    deleted = deleted_since(ox.store, "resource", since)
    gone = [resource_object(call, Resource(**document)) for document, _ in deleted]
    stamp = max([since, _greatest_stamp(changed), *(stamp for _, stamp in deleted)])
    return Result({"new": objects, "modified": objects, "deleted": gone}, stamp)


@module.action("new", "PUT")
def new(call: Call, ox: Context) -> Result:
    """Create a resource."""
    with ox.store.writing() as connection:
        blank = Resource(
            id=ox.store.next_id(connection, "principals", FIRST_PRINCIPAL),
            name="",
            display_name="",
            email="",
            description="",
            available=True,
            modified=0,
        )
        resource = _changed(ox, blank, call.object())
        ox.resources.put(connection, resource)
    return Result({"id": resource.id}, resource.modified)


@module.action("update", "PUT")
def update(call: Call, ox: Context) -> Result:
    """Change a resource."""
    old = _unchanged(call, ox, call.integer("id"))
    resource = _changed(ox, old, call.object())
    with ox.store.writing() as connection:
        ox.resources.put(connection, resource)
    return Result({}, resource.modified)


@module.action("delete", "PUT")
def delete(call: Call, ox: Context) -> Result:
    """Delete the resource (or resources) with the id in the body; the stamp of the request comes back."""
    items = call.body if isinstance(call.body, list) else [call.body]
    found = [_unchanged(call, ox, _id_in(item)) for item in items]
    with ox.store.writing() as connection:
        for resource in found:
            ox.resources.remove(connection, resource.id)
    return Result([], call.integer("timestamp"))


def _changed(ox: Context, old: Resource, body: dict[str, Any]) -> Resource:
    name = str(body.get("name", old.name))
    email = str(body.get("mailaddress", old.email))
    if not name or not email:
        raise illegal_body()
    for other in ox.resources.all():
        if other.id != old.id and (other.name == name or other.email.lower() == email.lower()):
            raise name_taken(name)
    return replace(
        old,
        name=name,
        display_name=str(body.get("display_name", old.display_name)),
        email=email,
        description=str(body.get("description") or old.description),
        available=body.get("availability", old.available) is True,
        modified=ox.clock.stamp(),
    )


def _unchanged(call: Call, ox: Context, resource_id: int) -> Resource:
    resource = ox.resources.get(resource_id)
    if resource.modified > call.integer("timestamp"):
        raise changed_meanwhile()
    return resource


def _objects(call: Call, resources: list[Resource]) -> Result:
    return Result([resource_object(call, one) for one in resources], _greatest_stamp(resources))


def _greatest_stamp(resources: Iterable[Resource]) -> int:
    return max((resource.modified for resource in resources), default=0)


def _id_in(item: Any) -> int:
    if not isinstance(item, dict) or not isinstance(item.get("id"), int):
        raise illegal_body()
    number: int = item["id"]
    return number
