"""What every property and method needs besides the resource: the request and the tree it is served from."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.dav.messages import Request
from gateway.dav.paths import Path
from gateway.dav.ports import Principal, Resource, Tree
from gateway.dav.xml import escape


@dataclass(slots=True)
class Context:
    """One request on one tree."""

    request: Request
    tree: Tree
    _principal: Principal | None = field(default=None, init=False)

    def href(self, path: Path, *, collection: bool = True) -> str:
        """The href of a path, as ``DAV:href`` holds it, not escaped."""
        return self.request.base.href(path, collection=collection)

    def href_of(self, resource: Resource) -> str:
        return self.href(resource.path, collection=resource.is_collection)

    def href_element(self, path: Path) -> str:
        """``<D:href>…</D:href>`` of a collection."""
        return f"<D:href>{escape(self.href(path))}</D:href>"

    async def principal(self) -> Principal:
        """The signed-in user, found once per request."""
        if self._principal is None:
            found = await self.tree.find(self.tree.principal)
            if not isinstance(found, Principal):
                raise TypeError("the tree's principal path leads to no principal")
            self._principal = found
        return self._principal
