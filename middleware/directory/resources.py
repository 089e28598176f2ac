"""The resources of the context."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from middleware.directory.deleted import bury
from middleware.directory.model import Resource
from middleware.directory.tables import resources as table
from middleware.errors import OXError
from middleware.store import Store


def resource_not_found(resource_id: int) -> OXError:
    """No resource has that id."""
    return OXError(
        "RES-0005",
        "USER_INPUT",
        f'No resource found with identifier "{resource_id}".',
        f"Cannot find resource with identifier {resource_id}.",
        [resource_id],
    )


class Resources:
    """Reads and changes resources. Cost: answers come from memory until a resource changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: dict[int, Resource] | None = None

    def all(self) -> tuple[Resource, ...]:
        """The resources by rising id."""
        return tuple(self._loaded().values())

    def find(self, resource_id: int) -> Resource | None:
        """The resource of that id, None when unknown."""
        return self._loaded().get(resource_id)

    def get(self, resource_id: int) -> Resource:
        """The resource of that id; RES-0005 when unknown."""
        resource = self.find(resource_id)
        if resource is None:
            raise resource_not_found(resource_id)
        return resource

    def by_email(self, email: str) -> Resource | None:
        """The resource with that mail address, in any case of letters."""
        wanted = email.strip().lower().removeprefix("mailto:")
        return next((one for one in self.all() if one.email.lower() == wanted), None)

    def put(self, connection: Connection, resource: Resource) -> None:
        """Store a new or changed resource."""
        fields = {name: getattr(resource, name) for name in Resource.__dataclass_fields__}
        changed = connection.execute(update(table).where(table.c.id == resource.id).values(**fields))
        if changed.rowcount == 0:
            connection.execute(insert(table).values(**fields))
        self._cache = None

    def remove(self, connection: Connection, resource_id: int) -> None:
        """Delete a resource; `updates` reports it as deleted from then on."""
        resource = self.get(resource_id)
        stamp = self._store.clock.stamp()
        document = {name: getattr(resource, name) for name in Resource.__dataclass_fields__}
        bury(connection, "resource", resource_id, {**document, "modified": stamp}, stamp)
        connection.execute(delete(table).where(table.c.id == resource_id))
        self._cache = None

    def forget_cached(self) -> None:
        """Read from the store again, after a rolled back transaction."""
        self._cache = None

    def _loaded(self) -> dict[int, Resource]:
        if self._cache is None:
            with self._store.reading() as connection:
                rows = connection.execute(select(table).order_by(table.c.id)).all()
            self._cache = {row.id: _resource(row) for row in rows}
        return self._cache


def _resource(row: Row[Any]) -> Resource:
    fields = dict(row._mapping)
    fields["available"] = bool(fields["available"])
    return Resource(**fields)
