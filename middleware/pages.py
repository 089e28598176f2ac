"""The HTML pages by which the server reports what has no envelope."""

from __future__ import annotations

import html
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import web

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def error_page(status: int, text: str = "", headers: Mapping[str, str] = NO_HEADERS) -> web.Response:
    """An error page; the text is the phrase of the status unless given."""
    phrase = HTTPStatus(status).phrase
    body = (
        f"<!DOCTYPE html>\n<html><head>\n<title>{status} {phrase}</title>\n</head><body>\n"
        f"<h1>{phrase}</h1>\n<p>{html.escape(text or phrase)}</p>\n</body></html>\n"
    )
    return web.Response(status=status, text=body, headers={**headers, "Content-Type": "text/html;charset=UTF-8"})
