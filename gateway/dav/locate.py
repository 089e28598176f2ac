"""From the path of a request to what is there: a resource, or a member of a collection."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dav.errors import Conflict, NotFound
from gateway.dav.paths import Path
from gateway.dav.ports import ObjectCollection, Resource, Tree
from gateway.dav.values import Entry


@dataclass(frozen=True, slots=True)
class Member:
    """An object resource: an entry of a collection."""

    collection: ObjectCollection
    entry: Entry

    @property
    def path(self) -> Path:
        return (*self.collection.path, self.entry.name)


async def locate(tree: Tree, path: Path) -> Resource | Member:
    """What is at ``path``. Raises NotFound."""
    try:
        return await tree.find(path)
    except NotFound:
        if not path:
            raise
    try:
        parent, name = await tree.find_parent(path)
    except Conflict:
        raise NotFound("nothing is here") from None
    entry = await parent.entry(name) if isinstance(parent, ObjectCollection) else None
    if entry is None or not isinstance(parent, ObjectCollection):
        raise NotFound("nothing is here")
    return Member(parent, entry)
