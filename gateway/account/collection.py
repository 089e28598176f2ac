"""What calendars and address books have in common: freshness, listing, sync, properties, deletion.

Writing and rendering are left to ``events`` and ``contacts``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from gateway.account import syncing
from gateway.account.bodies import Loaded, bodies_of
from gateway.account.collections import FOLDERS, privileges_of
from gateway.account.faults import of_ox, reported
from gateway.account.index import Index, Member
from gateway.account.made import made_of, written
from gateway.account.properties import (
    DESCRIPTION,
    ORDER,
    dead_properties,
    kept_of,
    refused_by,
    text_property,
    written_of,
)
from gateway.account.synced import Indexed
from gateway.dav.errors import Conflict, PreconditionFailed
from gateway.dav.paths import Path
from gateway.dav.ports import TOGETHER, ObjectCollection, Resource
from gateway.dav.turns import Turn
from gateway.dav.values import Body, Candidates, Changes, CollectionPatch, Entry, Privilege, QueryHint
from gateway.ox import folders
from gateway.ox.call import FAR_FUTURE
from gateway.ox.errors import OXError
from gateway.ox.folders import Folder

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

T = TypeVar("T")

_ANSWERS = 4
"""To queries, kept for each collection: as many as devices of one user ask differently."""
_LARGEST_ANSWER = 1024 * 1024
"""Characters of an answer that is kept."""
_NO_PROPERTIES: Mapping[str, bytes] = MappingProxyType({})
_SLACK = timedelta(days=1)
"""Floating and all-day events take place in a zone that the index does not know."""


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
        self.kept: Mapping[str, bytes] = self.account.properties.get(folder.plain_id, _NO_PROPERTIES)
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

    @property
    def scope(self) -> str:
        """What a sync token is about. Other rights to read show other objects without any change of their stamps; other
        users may know them by other names."""
        return f"{self.account.identity.key} {self.folder.id} {self.folder.own_rights.read}"

    async def members(self) -> Sequence[Resource]:
        return ()

    # -- reading -------------------------------------------------------------------------------------------------

    async def ctag(self) -> str:
        return _ctag(await self.index())

    async def sync_token(self) -> str:
        return syncing.current_token(self, await self.state())

    async def entries(self) -> Sequence[Entry]:
        index = await self.index()
        return [self.entry_of(index, member) for member in index]

    async def listing(self, form: str, write: Callable[[Sequence[Entry]], str]) -> AsyncIterator[str]:
        state = await self.state()
        key = f"{_ctag(state.index)} {form}"
        text = self.account.text(self.folder.id, key)
        if text is not None:
            yield text
            return
        entries = await self.entries()
        turn, pieces = Turn(), []
        for start in range(0, len(entries), TOGETHER):
            pieces.append(write(entries[start : start + TOGETHER]))
            yield pieces[-1]
            await turn.may_end()
        if state.listed is not None:
            self.account.drop_text(self.folder.id, state.listed)
        state.listed = key
        self.account.keep_text(self.folder.id, key, "".join(pieces))

    async def answer(self, form: str, write: Callable[[], AsyncIterator[str]]) -> AsyncIterator[str]:
        ctag = _ctag(await self.index())
        text = self.account.text(self.cached_under, f"{ctag} {form}")
        if text is not None:
            yield text
            return
        pieces = []
        size = 0
        async for piece in write():
            yield piece
            size += len(piece)
            if size <= _LARGEST_ANSWER:
                pieces.append(piece)
        state = await self.state()
        # Texts may have shown that OX has something newer; then this is the answer of no single state.
        if size <= _LARGEST_ANSWER and _ctag(state.index) == ctag and not state.doubtful:
            self._keep_answer(state, ctag, f"{ctag} {form}", "".join(pieces))

    def _keep_answer(self, state: Indexed, ctag: str, key: str, text: str) -> None:
        """With the last ones of the same state; those of former ones will not be asked for again."""
        same = [answer for answer in state.answers if answer.startswith(f"{ctag} ") and answer != key]
        answers = [*same[1 - _ANSWERS :], key]
        for answer in set(state.answers).difference(answers):
            self.account.drop_text(self.cached_under, answer)
        state.answers = answers
        self.account.keep_text(self.cached_under, key, text)

    async def entry(self, name: str) -> Entry | None:
        index = await self.index()
        member = index.named(name)
        # It was not seen on a real OX whether a change of an overridden instance moves the stamp of its series, too.
        if member is not None and len(member.pieces) > 1 and self.tree.distrust():
            index = await self.index()
            member = index.named(name)
        return None if member is None else self.entry_of(index, member)

    async def candidates(self, hint: QueryHint) -> Candidates:
        if hint.component is not None and hint.component != self.component:
            return Candidates()
        index = await self.index()
        touching = index.touching(
            milliseconds(hint.start and hint.start - _SLACK), milliseconds(hint.end and hint.end + _SLACK)
        )
        if hint.uid is not None or hint.uid_part is not None:
            touching = (member for member in touching if self.may_match(member, hint))
        start, end = milliseconds(hint.start), milliseconds(hint.end)
        certain: list[str] = []
        doubtful: list[str] = []
        for member in touching:
            (certain if member.surely_overlaps(start, end) else doubtful).append(member.name)
        return Candidates(certain, doubtful)

    def may_match(self, member: Member, hint: QueryHint) -> bool:
        """Whether a member may match; what the index cannot tell may."""
        if member.uid is None:
            return True
        return hint.uid in (None, member.uid) and (hint.uid_part or "") in member.uid.lower()

    async def changes(self, token: str | None, limit: int | None) -> Changes:
        return await syncing.changes(self, await self.state(), token, limit)

    # -- the collection itself -----------------------------------------------------------------------------------

    async def patch(self, patch: CollectionPatch) -> None:
        fields = written_of(patch, colours=self.folder.module in self.account.generation.coloured)
        with reported(self.path, Privilege.WRITE_PROPERTIES):
            if fields:
                try:
                    await self.account.session.run(folders.update(self.folder.id, fields))
                except OXError as error:
                    raise refused_by(error, patch) or of_ox(error, self.path, Privilege.WRITE_PROPERTIES) from error
            kept = kept_of(patch, colours=self.folder.module in self.account.generation.coloured)
            if kept:
                await self.account.ledger.set_properties(self.account.identity.key, self.folder.plain_id, kept)
        self._expire()

    async def dead_properties(self) -> Mapping[str, bytes]:
        return dead_properties(self.kept)

    async def delete(self) -> None:
        with reported(self.path, Privilege.UNBIND):
            await self.account.session.run(folders.delete([self.folder.id], FAR_FUTURE))
            await self.account.ledger.forget_collection(self.account.identity.key, self.folder.plain_id)
        self._expire()

    def _expire(self) -> None:
        self.account.expire_folders()
        self.tree.stale(FOLDERS)

    # -- for events and contacts ---------------------------------------------------------------------------------

    async def state(self) -> Indexed:
        """The fresh index and its surroundings."""
        return await self.tree.synced(self, self.folder)

    async def index(self) -> Index:
        return (await self.state()).index

    def entry_of(self, index: Index, member: Member) -> Entry:
        return Entry(member.name, index.etag(member), self.entry_type, self.component, member.modified)

    async def expected(self, name: str, base: Entry | None, *, guarded: bool = False) -> Member | None:
        """The member at ``name``, as the caller knows it. Raises PreconditionFailed when it is not that any more.
        ``guarded``: OX refuses to make what is there already."""
        if base is not None:
            return await self.existing(name, base)
        if not guarded:
            self.tree.distrust()
        if (await self.index()).named(name) is not None:
            raise PreconditionFailed("a resource of this name exists")
        return None

    async def existing(self, name: str, base: Entry) -> Member:
        """As ``expected``, of a member that exists."""
        index = await self.index()
        member = index.named(name)
        if member is None or index.etag(member) != base.etag:
            raise PreconditionFailed("OX has a newer state")
        return member

    async def refreshed(self) -> Indexed:
        """The index after one more look at OX."""
        self.tree.stale(self.folder.id)
        return await self.state()

    def same_kind(self, target: ObjectCollection) -> Any:
        """``target`` as one of ours. Raises Conflict for a collection of another account or kind."""
        if type(target) is not type(self):
            raise Conflict("objects move between collections of one kind only")
        return target

    @property
    def cached_under(self) -> str:
        """Where texts of members are kept in memory."""
        return self.folder.id

    # -- bodies --------------------------------------------------------------------------------------------------

    def bodies(self, names: Sequence[str]) -> AsyncIterator[Body]:
        return bodies_of(self, names)

    def made_of(
        self, names: Sequence[str], form: str | None, make: Callable[[Body], T]
    ) -> AsyncIterator[Sequence[T | None]]:
        if form is None:
            return super().made_of(names, form, make)
        return made_of(self, names, form, make)

    def written(
        self, names: Sequence[str], form: str | None, write: Callable[[Entry], str]
    ) -> AsyncIterator[Sequence[str | None]]:
        return super().written(names, form, write) if form is None else written(self, names, form, write)

    @abstractmethod
    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded | None]:
        """Members as OX has them now, by key; without those that do not exist, None for what cannot be read. One
        upstream call for events, more for contacts with pictures. Raises OXError."""


def _ctag(index: Index) -> str:
    return f"{len(index):x}-{index.state}"


def milliseconds(moment: datetime | None) -> int | None:
    """Since 1970, as the index counts."""
    return None if moment is None else int(moment.timestamp() * 1000)
