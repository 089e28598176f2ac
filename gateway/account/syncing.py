"""RFC 6578 on an index: tokens checked, marks turned into entries and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.faults import reported
from gateway.account.index import Member
from gateway.account.sync_token import InvalidSyncToken, SyncToken, TooManyDeletions, View, current, page
from gateway.account.synced import Indexed
from gateway.dav.errors import ValidSyncToken
from gateway.dav.values import Changes
from gateway.ox.errors import DeletionsOnly, OXError

if TYPE_CHECKING:
    from gateway.account.collection import Collection


def current_token(collection: Collection, state: Indexed) -> str:
    """The token of a client that knows everything; made once for each state of the index."""
    token = _made(collection, state)
    if token is None:
        token = state.token = str(current(_view(collection, state)))
        state.token_of = (state.index.version, collection.scope)
    return token


def _made(collection: Collection, state: Indexed) -> str | None:
    """The current token, if it was made already."""
    return state.token if state.token_of == (state.index.version, collection.scope) else None


async def changes(collection: Collection, state: Indexed, text: str | None, limit: int | None) -> Changes:
    """See ``ObjectCollection.changes``."""
    if text is not None and text == _made(collection, state):
        return Changes(text, (), ())
    token = None if text is None else _parsed(collection, text)
    undated: frozenset[str] = frozenset()
    if token is not None and token.state == state.index.state:
        return Changes(current_token(collection, state), (), ())
    if token is None and (limit is None or limit >= len(state.index)):
        return Changes(current_token(collection, state), (), (), whole=True)
    if token is not None:
        undated = await _undated(collection, state, token)
    try:
        answer = page(_view(collection, state, undated), token, limit)
    except TooManyDeletions:
        raise ValidSyncToken("too many deletions for this limit") from None
    changed = []
    removed: dict[str, None] = {}
    for mark in answer.marks:
        told = state.index.told_by(mark)
        if isinstance(told, Member):
            changed.append(collection.entry_of(state.index, told))
            continue
        names = [] if told is None else [told]
        if mark.key in undated:
            names += state.gone_names(mark.key, told)
        removed.update((name, None) for name in names if state.index.named(name) is None)
    return Changes(str(answer.token), tuple(changed), tuple(removed), answer.truncated)


def _view(collection: Collection, state: Indexed, undated: frozenset[str] = frozenset()) -> View:
    index = state.index
    return View(
        life=collection.account.ledger.life,
        collection=collection.scope,
        epoch=state.epoch,
        state=index.state,
        settled=index.settled,
        newest=index.newest,
        marks=index.marks,
        undated=undated,
    )


def _parsed(collection: Collection, text: str) -> SyncToken:
    try:
        token = SyncToken.parse(text)
    except InvalidSyncToken:
        raise ValidSyncToken("not a token of this server") from None
    if token.life != collection.account.ledger.life or token.collection != collection.scope:
        raise ValidSyncToken("a token of another collection or of another life of this server")
    return token


async def _undated(collection: Collection, state: Indexed, token: SyncToken) -> frozenset[str]:
    questions = state.deletions_since(token)
    if not questions:
        return frozenset()
    deleted: set[str] = set()
    with reported(collection.path):
        for answer in await collection.account.session.run_all(questions):
            if isinstance(answer, DeletionsOnly):
                raise ValidSyncToken("OX cannot tell these deletions")
            if isinstance(answer, OXError):
                raise answer
            deleted |= answer
    gone = frozenset(key for key in deleted if key not in state.index)
    await state.names.look_up(dict.fromkeys(gone))
    return gone
