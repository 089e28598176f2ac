"""The ``If`` header (RFC 4918 10.4) of a server without locks.

No state token is ever held; ETags are known of the resource of the request only, so a condition on any other
resource does not hold. Both err on the side of refusing a write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.dav.errors import BadRequest
from gateway.dav.paths import Base, InvalidPath, Path

_PART = re.compile(r"\s*(?:<(?P<uri>[^<>]*)>|\[(?P<etag>[^\[\]]*)\]|(?P<open>\()|(?P<close>\))|(?P<no>[Nn]ot\b))\s*")


def holds(value: str, base: Base, path: Path, etag: str | None) -> bool:
    """Whether one of the lists holds for the resource at ``path``, whose ETag is ``etag`` (None: not there).

    Raises BadRequest for a header that cannot be read.
    """
    result = False
    here = True
    inside: bool | None = None  # None between lists, else whether the list still holds
    negated = False
    empty = True
    for kind, text in _parts(value):
        if inside is None:
            if kind == "open":
                inside, empty = True, True
            elif kind == "uri":
                here = _is_path(text, base, path)
            else:
                raise BadRequest("the If header cannot be read")
        elif kind == "no" and not negated:
            negated = True
        elif kind in ("uri", "etag"):
            match = kind == "etag" and here and etag is not None and text.strip() == etag
            inside, negated, empty = inside and match != negated, False, False
        elif kind == "close" and not negated and not empty:
            result, inside = result or inside, None
        else:
            raise BadRequest("the If header cannot be read")
    if inside is not None:
        raise BadRequest("the If header cannot be read")
    return result


def _parts(value: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(value):
        found = _PART.match(value, position)
        if found is None or found.lastgroup is None:
            raise BadRequest("the If header cannot be read")
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


def _is_path(uri: str, base: Base, path: Path) -> bool:
    try:
        return base.path_of(uri) == path
    except InvalidPath:
        return False
