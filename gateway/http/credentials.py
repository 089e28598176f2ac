"""The Authorization header, decoded."""

from __future__ import annotations

import base64
import binascii
import re

from gateway.ox.login import Basic, Bearer

MAX_HEADER = 8192
_CONTROL = re.compile(r"[\x00-\x1f]")


def decode(header: str | None, *, bearer: bool) -> Basic | Bearer | None:
    """Credentials of an Authorization header (RFC 7617, RFC 6750), or None when there are none that can be used."""
    if header is None or len(header) > MAX_HEADER:
        return None
    scheme, _, rest = header.strip().partition(" ")
    match scheme.lower():
        case "basic":
            return _basic(rest.strip())
        case "bearer" if bearer and rest.strip():
            return Bearer(rest.strip())
    return None


def _basic(encoded: str) -> Basic | None:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    # We announce charset="UTF-8"; old clients send Latin-1 all the same.
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    login, colon, password = text.partition(":")
    if not colon or not login or not password or _CONTROL.search(text):
        return None
    return Basic(login, password)
