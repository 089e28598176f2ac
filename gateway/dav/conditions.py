"""Conditional requests (RFC 9110 13), with the ``If`` header of WebDAV.

ETags here are strong and quoted. A tag that a client sends without its quotes is compared as if it had them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from gateway.dav import if_header
from gateway.dav.errors import BadRequest, PreconditionFailed
from gateway.dav.messages import Request
from gateway.dav.values import Entry

_TAG = re.compile(r'\s*(W/)?("[^"]*"|[^\s",]+)\s*(?:,|$)')


def check(request: Request, entry: Entry | None) -> None:
    """Evaluate the conditions of a write on ``entry`` (None: nothing is there).

    Raises PreconditionFailed when one does not hold, BadRequest for one that cannot be read.
    """
    headers = request.headers
    etag = entry.etag if entry is not None else None
    _check_match(headers, entry)
    if "if-none-match" in headers and _matches(headers["if-none-match"], etag, strong=False):
        raise PreconditionFailed("If-None-Match does not hold")
    if "if" in headers and not if_header.holds(headers["if"], request.base, request.path, etag):
        raise PreconditionFailed("If does not hold")


def not_modified(request: Request, entry: Entry) -> bool:
    """Evaluate the conditions of GET and HEAD: True means 304.

    Raises PreconditionFailed when If-Match or If-Unmodified-Since does not hold.
    """
    headers = request.headers
    _check_match(headers, entry)
    if "if-none-match" in headers:
        return _matches(headers["if-none-match"], entry.etag, strong=False)
    moment = _moment(headers.get("if-modified-since"))
    return moment is not None and entry.modified // 1000 <= moment


def etag_matches(request: Request, etag: str) -> bool:
    """Whether If-None-Match holds ``etag``, so that a GET is answered with 304. Raises BadRequest."""
    return _matches(request.headers.get("if-none-match", ""), etag, strong=False)


def _check_match(headers: Mapping[str, str], entry: Entry | None) -> None:
    if "if-match" in headers:
        if not _matches(headers["if-match"], entry.etag if entry is not None else None, strong=True):
            raise PreconditionFailed("If-Match does not hold")
        return
    moment = _moment(headers.get("if-unmodified-since"))
    if moment is not None and (entry is None or entry.modified // 1000 > moment):
        raise PreconditionFailed("If-Unmodified-Since does not hold")


def _matches(value: str, etag: str | None, *, strong: bool) -> bool:
    if value.strip() == "*":
        return etag is not None
    return any(tag == etag and not (weak and strong) for weak, tag in _tags(value))


def _tags(value: str) -> list[tuple[bool, str]]:
    """The entity tags of a header: whether weak, and quoted."""
    tags: list[tuple[bool, str]] = []
    position = 0
    while position < len(value.rstrip()):
        found = _TAG.match(value, position)
        if found is None:
            raise BadRequest("an ETag condition cannot be read")
        tag = found[2]
        tags.append((found[1] is not None, tag if tag.startswith('"') else f'"{tag}"'))
        position = found.end()
    return tags


def _moment(value: str | None) -> int | None:
    """Epoch seconds of an HTTP date; a date that cannot be read is no condition (RFC 9110 13.1.3, 13.1.4)."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, IndexError, OverflowError):
        return None
