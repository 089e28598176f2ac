"""What a report is: a name, the resources it can be asked of, and its answer (RFC 3253 3.6)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from gateway.dav.context import Context
from gateway.dav.errors import SupportedReport
from gateway.dav.messages import Request, Response
from gateway.dav.ports import Resource, Tree
from gateway.dav.xml import Element

R = TypeVar("R", bound=Resource)


class Report(ABC, Generic[R]):
    """``name``: Clark name of the request's root element. ``kind``: the port of resources it is for."""

    name: str
    kind: type[R]

    def applies(self, resource: Resource) -> bool:
        """Whether the resource lists this report in its ``supported-report-set``."""
        return isinstance(resource, self.kind)

    async def handle(self, request: Request, tree: Tree, resource: Resource | None, element: Element) -> Response:
        """Answer the request. ``resource`` is None for an object inside a collection.

        Raises SupportedReport where the report does not apply, and what ``answer`` raises.
        """
        if not isinstance(resource, self.kind):
            raise SupportedReport("this report is not supported here")
        return await self.answer(Context(request, tree), resource, element)

    @abstractmethod
    async def answer(self, context: Context, resource: R, element: Element) -> Response: ...
