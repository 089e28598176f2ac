"""THE error funnel: from a ``DAVError`` to an answer. Nothing else writes error bodies."""

from __future__ import annotations

from gateway.dav.errors import DAVError, NeedPrivileges
from gateway.dav.messages import Response
from gateway.dav.names import calendarserver, dav
from gateway.dav.paths import Base
from gateway.dav.xml import CONTENT_TYPE, document, element, escape


def error_content(error: DAVError, base: Base) -> str:
    """What DAV:error holds (RFC 4918 14.5): the precondition with its hrefs; empty when no RFC names one."""
    if error.precondition is None:
        return ""
    hrefs = [f"<D:href>{escape(base.href(path, collection=False))}</D:href>" for path in error.paths]
    if isinstance(error, NeedPrivileges):
        privilege = element(dav("privilege"), element(error.privilege))
        hrefs = [element(dav("resource"), href + privilege) for href in hrefs]
    return element(error.precondition, "".join(hrefs))


def error_response(error: DAVError, base: Base) -> Response:
    """The answer to a request that failed: DAV:error where there is a precondition, else a line of text."""
    headers = list(error.headers)
    if error.retry_after is not None:
        headers.append(("Retry-After", str(error.retry_after)))
    content = error_content(error, base)
    if not content:
        plain = ("Content-Type", "text/plain; charset=utf-8")
        return Response(error.status, [plain, *headers], f"{error.reason}\n".encode())
    if error.reason:
        content += element(calendarserver("error-description"), escape(error.reason))
    return Response(error.status, [("Content-Type", CONTENT_TYPE), *headers], document(dav("error"), content))
