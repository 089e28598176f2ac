"""What calendars and address books have in common: freshness, listing, sync, properties, deletion.

Writing and rendering are left to ``events`` and ``contacts``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gateway.account.collections import FOLDERS, privileges_of
from gateway.account.faults import of_ox, reported
from gateway.account.index import Index, Member, Piece
from gateway.account.properties import (
    DESCRIPTION,
    ORDER,
    dead_properties,
    kept_of,
    refused_by,
    text_property,
    written_of,
)
from gateway.account.sync_token import InvalidSyncToken, SyncToken, TooManyDeletions, View, current, page
from gateway.account.synced import Synced
from gateway.dav.errors import Conflict, NotFound, PreconditionFailed, ValidSyncToken
from gateway.dav.paths import Path
from gateway.dav.ports import Body, Changes, CollectionPatch, Entry, ObjectCollection, Privilege, QueryHint, Resource
from gateway.ox import folders
from gateway.ox.call import FAR_FUTURE
from gateway.ox.errors import DeletionsOnly, OXError
from gateway.ox.folders import Folder

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree


_BATCH = 100
"""Objects per upstream call; more make OX slower, fewer cost round trips."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A resource as OX has it: its objects and the text a GET answers."""

    pieces: tuple[Piece, ...]
    text: str


class Collection(ObjectCollection):
    """One OX folder as a collection. Lives as long as the request."""

    entry_type: ClassVar[str]
    """Content type of the members, with its parameters."""
    component: ClassVar[str]
    cards: ClassVar[bool] = False

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        self.tree = tree
        self.account = tree.account
        self.path = path
        self.folder = folder
        self.components = frozenset({self.component})
        self.max_resource_size = self.account.limits.max_resource_bytes
        self.kept: Mapping[str, bytes] = self.account.properties.get(folder.id, {})
        self.description = text_property(self.kept, DESCRIPTION) or folder.description
        order = text_property(self.kept, ORDER)
        self.order = None if order is None else int(order)

    @property
    def display_name(self) -> str | None:
        return self.folder.title

    @property
    def privileges(self) -> frozenset[Privilege]:
        return privileges_of(self.folder)

    @property
    def owner(self) -> Path | None:
        owner = self.folder.owner
        return None if owner is None else (*self.tree.principal[:-1], owner)

    async def members(self) -> Sequence[Resource]:
        return ()

    # -- reading -------------------------------------------------------------------------------------------------

    async def ctag(self) -> str:
        index = await self.index()
        return f"{len(index):x}-{index.state}"

    async def sync_token(self) -> str:
        return str(current(self._view(await self.state())))

    async def entries(self) -> Sequence[Entry]:
        index = await self.index()
        return [self.entry_of(index, member) for member in index]

    async def entry(self, name: str) -> Entry | None:
        index = await self.index()
        member = index.named(name)
        return None if member is None else self.entry_of(index, member)

    async def candidates(self, hint: QueryHint) -> Sequence[Entry]:
        if hint.component is not None and hint.component != self.component:
            return ()
        index = await self.index()
        return [self.entry_of(index, member) for member in index if self.may_match(member, hint)]

    def may_match(self, member: Member, hint: QueryHint) -> bool:
        """Whether a member may match; what the index cannot tell may."""
        return hint.uid is None or member.uid is None or member.uid == hint.uid

    async def changes(self, token: str | None, limit: int | None) -> Changes:
        state = await self.state()
        known = None if token is None else self._parsed(token)
        undated: frozenset[str] = frozenset()
        if known is not None and known.state != state.index.state:
            undated = await self._undated(state, known)
        try:
            answer = page(self._view(state, undated), known, limit)
        except TooManyDeletions:
            raise ValidSyncToken("too many deletions for this limit") from None
        changed, removed = [], []
        for mark in answer.marks:
            told = state.index.told_by(mark)
            if isinstance(told, Member):
                changed.append(self.entry_of(state.index, told))
            elif (name := told or self.gone_name(state, mark.key)) is not None and state.index.named(name) is None:
                removed.append(name)
        return Changes(str(answer.token), tuple(changed), tuple(dict.fromkeys(removed)), answer.truncated)

    def gone_name(self, state: Synced, key: str) -> str | None:
        """The name of a resource whose deletion the index has not seen."""
        return None

    def _parsed(self, text: str) -> SyncToken:
        try:
            token = SyncToken.parse(text)
        except InvalidSyncToken:
            raise ValidSyncToken("not a token of this server") from None
        if token.life != self.account.ledger.life or token.collection != self.folder.id:
            raise ValidSyncToken("a token of another collection or of another life of this server")
        return token

    async def _undated(self, state: Synced, token: SyncToken) -> frozenset[str]:
        question = state.deletions_since(token)
        if question is None:
            return frozenset()
        with reported(self.path):
            try:
                deleted = await self.account.session.run(question)
            except DeletionsOnly:
                raise ValidSyncToken("OX cannot tell these deletions") from None
        return frozenset(key for key in deleted if key not in state.index)

    def _view(self, state: Synced, undated: frozenset[str] = frozenset()) -> View:
        index = state.index
        return View(
            life=self.account.ledger.life,
            collection=self.folder.id,
            epoch=state.epoch,
            state=index.state,
            settled=index.settled,
            newest=index.newest,
            marks=index.marks,
            undated=undated,
        )

    # -- the collection itself -----------------------------------------------------------------------------------

    async def patch(self, patch: CollectionPatch) -> None:
        fields = written_of(patch)
        with reported(self.path, Privilege.WRITE_PROPERTIES):
            if fields:
                try:
                    await self.account.session.run(folders.update(self.folder.id, fields))
                except OXError as error:
                    raise refused_by(error, patch) or of_ox(error, self.path, Privilege.WRITE_PROPERTIES) from error
            kept = kept_of(patch)
            if kept:
                await self.account.ledger.set_properties(self.account.identity.key, self.folder.id, kept)
        self._expire()

    async def dead_properties(self) -> Mapping[str, bytes]:
        return dead_properties(self.kept)

    async def delete(self) -> None:
        with reported(self.path, Privilege.UNBIND):
            await self.account.session.run(folders.delete([self.folder.id], FAR_FUTURE))
            await self.account.ledger.forget_collection(self.account.identity.key, self.folder.id)
        self._expire()

    def _expire(self) -> None:
        self.account.expire_folders()
        self.tree.stale(FOLDERS)

    # -- for events and contacts ---------------------------------------------------------------------------------

    async def state(self) -> Synced:
        """The fresh index and its surroundings."""
        return await self.tree.synced(self, self.folder)

    async def index(self) -> Index:
        return (await self.state()).index

    def entry_of(self, index: Index, member: Member) -> Entry:
        return Entry(member.name, index.etag(member), self.entry_type, self.component, member.modified)

    async def expected(self, name: str, base: Entry | None) -> Member | None:
        """The member at ``name``, as the caller knows it. Raises PreconditionFailed when it is not that any more."""
        index = await self.index()
        member = index.named(name)
        if base is None:
            if member is not None:
                raise PreconditionFailed("a resource of this name exists")
            return None
        if member is None or index.etag(member) != base.etag:
            raise PreconditionFailed("OX has a newer state")
        return member

    async def refreshed(self) -> Synced:
        """The index after one more look at OX."""
        self.tree.stale(self.folder.id)
        return await self.state()

    def same_kind(self, target: ObjectCollection) -> Any:
        """``target`` as one of ours. Raises Conflict for a collection of another account or kind."""
        if type(target) is not type(self):
            raise Conflict("objects move between collections of one kind only")
        return target

    # -- bodies --------------------------------------------------------------------------------------------------

    async def bodies(self, names: Sequence[str]) -> AsyncIterator[Body]:
        index = await self.index()
        batch: list[str] = []
        objects = 0
        for name in names:
            member = index.named(name)
            if member is None:
                continue
            batch.append(name)
            objects += len(member.pieces)
            if objects >= _BATCH:
                for body in await self._bodies(batch):
                    yield body
                batch, objects = [], 0
        for body in await self._bodies(batch):
            yield body

    async def _bodies(self, names: Sequence[str]) -> list[Body]:
        index = await self.index()
        found: dict[str, Body] = {}
        missing = []
        for name in names:
            member = index.named(name)
            if member is None:
                continue
            entry = self.entry_of(index, member)
            text = self.account.text(self.folder.id, entry.etag)
            if text is None:
                missing.append(member)
            else:
                found[name] = Body(entry, text)
        if missing:
            found.update(await self._loaded(missing))
        return [found[name] for name in names if name in found]

    async def _loaded(self, members: Sequence[Member]) -> dict[str, Body]:
        """Bodies from OX. What changed since the index was refreshed is looked up once more, so that an ETag
        always belongs to its text."""
        state = await self.state()
        found, stale = await self._agreeing(state.index, members)
        if not stale:
            return found
        state = await self.refreshed()
        again = [member for name in stale if (member := state.index.named(name)) is not None]
        more, stale = await self._agreeing(state.index, again)
        found.update(more)
        for name, loaded in stale.items():
            if loaded is None:
                state.doubtful = True
            else:  # it changes faster than we can look: serve what was seen
                member = required(state.index.named(name))
                seen = Member(member.key, name, member.uid, loaded.pieces, max(p.stamp for p in loaded.pieces))
                found[name] = Body(self.entry_of(state.index, seen), loaded.text)
        return found

    async def _agreeing(
        self, index: Index, members: Sequence[Member]
    ) -> tuple[dict[str, Body], dict[str, Loaded | None]]:
        """Bodies of members that are as the index says, and what was seen of the others."""
        found: dict[str, Body] = {}
        stale: dict[str, Loaded | None] = {}
        if not members:
            return found, stale
        with reported(self.path, cards=self.cards):
            loaded = await self.load(members)
        for member in members:
            seen = loaded.get(member.key)
            if seen is None or not _same(seen.pieces, member.pieces):
                stale[member.name] = seen
                continue
            entry = self.entry_of(index, member)
            self.account.keep_text(self.folder.id, entry.etag, seen.text)
            found[member.name] = Body(entry, seen.text)
        return found, stale

    @abstractmethod
    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded]:
        """Members as OX has them now, by key; without those that do not exist. One upstream call for events, more for
        contacts with pictures. Raises OXError."""


def _same(one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    return {(p.id, p.stamp, p.residue) for p in one} == {(p.id, p.stamp, p.residue) for p in other}


def required(member: Member | None) -> Member:
    """Raises NotFound without a member."""
    if member is None:
        raise NotFound("nothing is here any more")
    return member
