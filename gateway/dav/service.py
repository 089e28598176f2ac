"""The protocol as one function: a request on a tree becomes an answer, errors included."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, DAVError, MethodNotAllowed, SupportedReport
from gateway.dav.funnel import error_response
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Request, Response
from gateway.dav.mkcol import mkcalendar, mkcol
from gateway.dav.move import copy, move
from gateway.dav.objects import delete, get, put
from gateway.dav.options import allow, options
from gateway.dav.ports import Tree
from gateway.dav.post import post
from gateway.dav.propfind import propfind
from gateway.dav.proppatch import proppatch
from gateway.dav.reports import REPORTS
from gateway.dav.turns import Turn
from gateway.dav.xml import parse


async def report(context: Context) -> Response:
    """REPORT (RFC 3253 3.6). A member of a collection is found by the report itself, which gets None for it."""
    turn = Turn()
    root = parse(context.request.body)
    if root is None:
        raise BadRequest("REPORT takes an XML body")
    await turn.may_end()
    found = await locate(context.tree, context.request.path)
    resource = None if isinstance(found, Member) else found
    wanted = REPORTS.get(root.tag)
    if wanted is None or (resource is not None and not wanted.applies(resource)):
        raise SupportedReport("this report is not served here")
    return await wanted.handle(context.request, context.tree, resource, root)


Handler = Callable[[Context], Awaitable[Response]]

METHODS: Mapping[str, Handler] = MappingProxyType(
    {
        "OPTIONS": options,
        "GET": get,
        "HEAD": get,
        "PUT": put,
        "POST": post,
        "DELETE": delete,
        "PROPFIND": propfind,
        "PROPPATCH": proppatch,
        "REPORT": report,
        "MKCALENDAR": mkcalendar,
        "MKCOL": mkcol,
        "MOVE": move,
        "COPY": copy,
    }
)
"""Everything that is served; the answer to HEAD is that to GET, the edge leaves its body out."""


class Service:
    """WebDAV, CalDAV and CardDAV on the tree of a signed-in account."""

    async def handle(self, request: Request, tree: Tree) -> Response:
        """Answer any request. Raises nothing but what is a fault of this program.

        The answer's body may still be streaming from OX: errors of that abort the connection.
        """
        try:
            return await _dispatch(Context(request, tree))
        except DAVError as error:
            return error_response(error, request.base)


async def _dispatch(context: Context) -> Response:
    """Call the method's handler; a 405 is told what is allowed instead (RFC 9110 15.5.6)."""
    try:
        handler = METHODS.get(context.request.method)
        if handler is None:
            raise MethodNotAllowed("this method is not served")
        return await handler(context)
    except DAVError as error:
        if error.status == MethodNotAllowed.status:
            error.headers += (await allow(context),)
        raise
