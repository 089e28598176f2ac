"""RFC 6578 on a home: which collections came, changed or went.

OX has stamps for changes of folders, but none that tells when somebody unsubscribed or lost a right. So a token holds a
digest of each collection that the client knows; the difference to what is there now is exact, also after a restart and
by another replica.

Everything here is a pure function of digests and tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from gateway.account.sync_token import InvalidSyncToken, quoted

_PREFIX = "data:,home/"
_WHOLE = "~"
_MAX_LENGTH = 6000

Digests = Mapping[str, str]
"""Segment of a collection -> digest of all that is told about it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Segments, and the token of a client that learnt exactly these."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    token: str
    truncated: bool


def digest(*values: object) -> str:
    """Of values whose ``repr`` is the same in every process."""
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def token_of(scope: str, digests: Digests) -> str:
    """The token of a client that knows all of these. ``scope``: the home, in one life of the ledger."""
    listed = ",".join(f"{quoted(segment)}.{digests[segment]}" for segment in sorted(digests))
    token = f"{_PREFIX}{quoted(scope)}/{listed}"
    if len(token) <= _MAX_LENGTH:
        return token
    return f"{_PREFIX}{quoted(scope)}/{_WHOLE}{digest(listed)}"


def difference(scope: str, digests: Digests, token: str | None, limit: int | None) -> Difference:
    """What a client with ``token`` (None: with nothing) has to learn, at most ``limit`` collections of it.

    Raises InvalidSyncToken for a token of another home or life, and when there are so many collections that a token
    cannot hold them and something has changed.
    """
    if token is not None and token == token_of(scope, digests):
        return Difference((), (), token, truncated=False)
    known = {} if token is None else _parse(scope, token)
    todo = sorted(segment for segment in {*digests, *known} if digests.get(segment) != known.get(segment))
    told = todo if limit is None else todo[:limit]
    learnt = {**known, **{segment: digests.get(segment, "") for segment in told}}
    return Difference(
        tuple(segment for segment in told if segment in digests),
        tuple(segment for segment in told if segment not in digests),
        token_of(scope, {segment: found for segment, found in learnt.items() if found}),
        truncated=len(told) < len(todo),
    )


def _parse(scope: str, token: str) -> dict[str, str]:
    start = f"{_PREFIX}{quoted(scope)}/"
    if not token.startswith(start) or len(token) > _MAX_LENGTH or not token.isascii():
        raise InvalidSyncToken("not a token of this home")
    listed = token.removeprefix(start)
    if listed.startswith(_WHOLE):
        raise InvalidSyncToken("this token does not tell what the client knows")
    known = {}
    for item in listed.split(",") if listed else ():
        segment, dot, found = item.partition(".")
        if not dot or not segment or not found:
            raise InvalidSyncToken("not a segment with its digest")
        known[unquote(segment)] = found
    return known
