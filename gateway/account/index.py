"""The index of one collection: resource names with their OX objects, stamps and extents, but no bodies.

It is filled from OX's ``updates`` only, may be dropped at any moment, and every answer about it (ETag, marks, state)
is a function of ids and stamps. A resource is a whole: a series with all its overridden instances is one member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from gateway.account.etag import digest_of, etag_of
from gateway.account.extents import Extents
from gateway.account.gone_names import GoneNames
from gateway.account.member import SUFFIXES, Member, Piece
from gateway.account.memo import ChangeLog
from gateway.account.names import Names, age, made_of, usable
from gateway.account.recent import Recent
from gateway.account.sync_token import Mark
from gateway.account.told import Found, Lost
from gateway.account.uids import Uids
from gateway.ledger.ledger import Former

__all__ = ["ENTRY_SIZE", "WINDOW", "Found", "Index", "Lost", "Member", "Piece"]

WINDOW = 2000
"""Milliseconds within which a change may still appear although a later one was seen."""

ENTRY_SIZE = 400
"""Octets of one member, about (``python -m benchmarks memory``)."""

_MAX_LOST = 2000
_VERSIONS = count(1)


class Index:
    """``suffix`` of names, ``.ics`` or ``.vcf``. ``life`` of the ledger, which takes part in ETags with residue."""

    def __init__(self, names: Names, suffix: str, life: str) -> None:
        self._names = names
        self._suffix = suffix
        self._life = life
        self._by_name: dict[str, Member] = {}
        self._by_key: dict[str, Member] = {}
        self._key_of: dict[str, str] = {}
        """Of objects whose id is not the key of their resource."""
        self._uids = Uids()
        self._gone = GoneNames(names)
        self._lost: dict[str, int] = {}
        self._sum = 0
        self._recent = Recent()
        self.changes = ChangeLog()
        """Of everything that makes the entry or the text of a member another one."""
        self._extents = Extents(self.changes)
        self.version = next(_VERSIONS)
        """Another number after every change of what marks, names or the state are made of; never another index's."""
        self.newest = 0
        """The newest stamp of any object or deletion; it never comes from an envelope."""

    # -- asking --------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Member]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, object_id: str) -> bool:
        return self.holding(object_id) is not None

    def named(self, name: str) -> Member | None:
        return self._by_name.get(name)

    def keyed(self, key: str) -> Member | None:
        return self._by_key.get(key)

    def holding(self, object_id: str) -> Member | None:
        """The resource that an object belongs to."""
        member = self._by_key.get(self._key_of.get(object_id, object_id))
        return None if member is None or member.stamp_of(object_id) is None else member

    def touching(self, start: int | None, end: int | None) -> Iterator[Member]:
        """The resources that may touch a half open range, epoch milliseconds; None is without limit."""
        if start is end is None:
            return iter(self)
        return self._extents.touching(start, end, self, self.named)

    def with_uid(self, uid: str) -> Member | None:
        for suffix in SUFFIXES:
            member = self._by_name.get(uid + suffix)
            if member is not None and member.uid == uid:
                return member
        return self._uids.find(uid, self)

    def knows(self, key: str, object_id: str, stamp: int, residue: int) -> bool:
        """Whether an object is known just like this, in a resource that has the name it should have."""
        member = self._by_key.get(key)
        if member is None or self._names.of(key, member.uid) not in (None, member.name):
            return False
        return (object_id, stamp, residue) in [(piece.id, piece.stamp, piece.residue) for piece in member.pieces]

    def etag(self, member: Member) -> str:
        """See ``etag_of``."""
        return etag_of(member, self._life)

    @property
    def state(self) -> str:
        """Digest of all members; equal only when nothing differs."""
        return f"{self._sum % 2**64:x}"

    @property
    def settled(self) -> int:
        """Stamps below this cannot appear any more."""
        return max(0, self.newest - WINDOW)

    @property
    def remembers_since(self) -> int:
        """Deletions stamped after this are all known here."""
        return self._gone.remembers_since

    @property
    def newest_alive(self) -> int:
        newest = 0
        for stamp, member in self._last_changed(self._recent.since):
            if stamp <= newest:
                return newest
            newest = max(newest, member.modified)
        return newest or max((member.modified for member in self), default=0)

    def marks(self, since: int) -> Iterator[Mark]:
        """The marks of all resources, gone ones included, with at least this stamp."""
        changed = (member for _, member in self._last_changed(since)) if since >= self._recent.since else self
        for member in changed:
            if member.changed >= since:
                yield Mark(member.changed, member.key, f"{digest_of(member, self._life)} {member.name}")
        for key, gone in self._gone:
            if gone.stamp >= since and gone.name not in self._by_name:
                yield Mark(gone.stamp, key, "")

    def _last_changed(self, since: int) -> Iterator[tuple[int, Member]]:
        """Members by falling ``changed``, down to ``since``, which must not be before that of ``_recent``."""
        for stamp, key in self._recent.falling(since):
            member = self._by_key.get(key)
            if member is not None and member.changed == stamp:
                yield stamp, member

    def told_by(self, mark: Mark) -> Member | str | None:
        """What a mark stands for: a resource, the name of one that is gone, or None (both since the mark)."""
        if mark.digest:
            return self._by_key.get(mark.key)
        gone = self._gone.get(mark.key)
        return None if gone is None else gone.name

    # -- learning ------------------------------------------------------------------------------------------------

    def apply(
        self, found: Iterable[Found], lost: Iterable[Lost] = (), *, known: Collection[str] = (), whole: bool = False
    ) -> None:
        """Learn from an answer of OX. An object that is both found and lost is found. ``known``: ids of objects that
        are in the answer as they are known already.

        ``whole``: the answer lists everything there is; what it does not list is gone, and what it lists is there even
        if it was gone before, as when a right to read is taken and given back.
        """
        for _ in self.applying(found, lost, known=known, whole=whole):
            pass

    def applying(
        self, found: Iterable[Found], lost: Iterable[Lost] = (), *, known: Collection[str] = (), whole: bool = False
    ) -> Iterator[None]:
        """As ``apply``, one object at each step: nobody may look at the index before the last one."""
        listed = set(known)
        waiting = []
        for item in found:
            listed.add(item.piece.id)
            if whole:
                self._lost.pop(item.piece.id, None)
            if self._holder(item) is None:
                self._take(item)
            else:
                waiting.append(item)
            yield
        for item_lost in lost:
            if item_lost.id not in listed:
                self._lose(item_lost)
        if whole:
            for object_id in [each for member in self for each in member.ids if each not in listed]:
                self._lose(Lost(object_id))
        for item in waiting:  # whoever had its name may have lost it in the same answer
            self._take(item)
        if self._gone.tell_former() or self._gone.is_full:
            self._gone.trim()
            self.version = next(_VERSIONS)
        if len(self._lost) > _MAX_LOST:
            self._lost = {key: stamp for key, stamp in self._lost.items() if stamp >= self.settled}

    def _take(self, item: Found) -> None:
        piece = item.piece
        holder = self.holding(piece.id)
        if self._lost.get(piece.id, -1) > piece.stamp:
            return
        if holder is not None:
            known = next(other for other in holder.pieces if other.id == piece.id)
            if known.stamp > piece.stamp:
                return
            if known == piece and holder.key == item.key:
                self._claim_name(holder, item)
                return
            if holder.key != item.key:
                self._detach(holder, piece.id, piece.stamp)
        self.newest = max(self.newest, piece.stamp)
        member = self._by_key.get(item.key)
        if member is None:
            self._add(item)
            return
        before = member.changed
        self._count(member, -1)
        member.pieces = tuple(sorted([*(p for p in member.pieces if p.id != piece.id), piece], key=_by_id))
        self._touch(member, piece.stamp)
        member.uid = item.uid or member.uid
        if piece.id != member.key:
            self._key_of[piece.id] = member.key
        if piece.id == member.key or all(other.id != member.key for other in member.pieces):
            self._rename(member, self._name(item), before)
        self._count(member, 1)

    def _claim_name(self, member: Member, item: Found) -> None:
        """The name that the client chose, once nobody else has it any more."""
        chosen = self._names.of(member.key, member.uid)
        if chosen is not None and chosen != member.name and self._name(item) == chosen:
            self._count(member, -1)
            self._rename(member, chosen, member.changed)
            self._count(member, 1)

    def _add(self, item: Found) -> None:
        name = self._name(item)
        key = item.piece.id if item.piece.id == item.key else item.key  # one text instead of two
        since = max((each.since for each in self._names.former_of(key).values()), default=0)
        member = Member(key, name, item.uid, (item.piece,), max(item.piece.stamp, since))
        self._gone.is_back(item.key, name)
        self._by_key[key] = self._by_name[name] = member
        if item.piece.id != key:
            self._key_of[item.piece.id] = key
        self._count(member, 1)
        self._touch(member, member.changed)

    def _lose(self, item: Lost) -> None:
        holder = self.holding(item.id)
        known = None if holder is None else holder.stamp_of(item.id)
        if holder is None or known is None:
            if item.stamp is not None:
                self._lose_unknown(item, item.stamp)
                if item.stamp > self.newest:
                    self.newest = item.stamp
                    self.version = next(_VERSIONS)
                self._lost[item.id] = max(item.stamp, self._lost.get(item.id, 0))
            return
        if item.stamp is not None and known > item.stamp:
            return
        stamp = self.newest if item.stamp is None else item.stamp
        self._detach(holder, item.id, stamp)
        if not holder.pieces:
            self._lose_names(holder, item)
        self.newest = max(self.newest, stamp)
        # An undated deletion tells nothing but that this version is gone.
        self._lost[item.id] = known + 1 if item.stamp is None else item.stamp

    def _lose_names(self, member: Member, item: Lost) -> None:
        """What a resource that is gone was called last may be news."""
        for name in (item.name, self._names.of(member.key, None)):
            if name is not None and name != member.name:
                self._gone.had(member.key, name, member.changed)

    def _lose_unknown(self, item: Lost, stamp: int) -> None:
        """A deletion of what was never listed here: before this index was built, or between two looks."""
        key = item.key or item.id
        member = self._by_key.get(key)
        if member is not None:
            self._touch(member, stamp)
            return
        known = self._gone.get(key)
        if known is None or known.stamp < stamp:
            self.version = next(_VERSIONS)
            name = self._names.of(key, None) or item.name or f"{key}{self._suffix}"
            self._gone.went(key, name, stamp)
            if name in self._by_name:
                self._touch(self._by_name[name], stamp)

    def _detach(self, member: Member, object_id: str, stamp: int) -> None:
        self._count(member, -1)
        self._key_of.pop(object_id, None)
        member.pieces = tuple(piece for piece in member.pieces if piece.id != object_id)
        self._touch(member, stamp)
        if member.pieces:
            self._count(member, 1)
            return
        del self._by_key[member.key]
        del self._by_name[member.name]
        self._gone.went(member.key, member.name, member.changed)

    def _touch(self, member: Member, stamp: int) -> None:
        """Something of the member changed at ``stamp``."""
        self.version = next(_VERSIONS)
        member.changed = max(member.changed, stamp)
        self._recent.add(member.changed, member.key)
        self._gone.changed(member.key, member.changed)

    # -- names ---------------------------------------------------------------------------------------------------

    def rename(self, key: str, name: str) -> None:
        """The ledger has a new name for a resource. Nothing happens while another resource has it; a change of its
        former holder's is one of this resource's, too, because clients know both by that name."""
        member = self._by_key.get(key)
        if member is not None and name not in self._by_name:
            self._rename_at(self._gone.freed(name), member, name)

    def _holder(self, item: Found) -> Member | None:
        """Another resource that has the name which this one should have."""
        wanted = self._names.of(item.key, item.uid) or item.name
        holder = None if wanted is None else self._by_name.get(wanted)
        return None if holder is None or holder.key == item.key else holder

    def _give_way(self, item: Found) -> None:
        """Make room for a resource at the name that is its own: all gateways have to come to the same result, in
        whatever order they learn. Of two that OX calls the same, the older object has the name. Where OX suggests none,
        a name is whose the ledger says; else who has it keeps it until he is moved away."""
        holder = self._holder(item)
        if holder is None or self._names.of(holder.key, holder.uid) == holder.name:
            return
        chosen = self._names.of(item.key, item.uid)
        if item.name is None if chosen is not None else age(item.key) < age(holder.key):
            self._rename_at(item.piece.stamp, holder, self._spare_name(holder.key))
            self._names.note(holder.key, holder.name)

    def _spare_name(self, key: str) -> str:
        return next(name for name in made_of(key, self._suffix) if self._is_free(name, key))

    def _name(self, item: Found) -> str:
        """The name of a resource: the client's own, else what OX suggests, else one made of the id."""
        self._give_way(item)
        chosen = self._names.of(item.key, item.uid)
        for name in (chosen, item.name):
            if name is not None and usable(name) and self._is_free(name, item.key):
                return name
        name = self._spare_name(item.key)
        if chosen != name and item.name is not None:
            self._names.note(item.key, name)
        return name

    def _is_free(self, name: str, key: str) -> bool:
        holder = self._by_name.get(name)
        return holder is None or holder.key == key

    def _rename_at(self, stamp: int, member: Member, name: str) -> None:
        """A change of another object, at ``stamp``, gives a resource another name."""
        before = member.changed
        self._count(member, -1)
        self._touch(member, stamp)
        self._rename(member, name, before, since=member.changed if member.changed == stamp else 0)
        self._count(member, 1)

    def _rename(self, member: Member, name: str, before: int, *, since: int = 0) -> None:
        """``before``: its stamp before it changed. ``since``: see ``Former``."""
        if name == member.name:
            return
        self.version = next(_VERSIONS)
        del self._by_name[member.name]
        self._gone.had(member.key, member.name, member.changed)
        self._names.note_former(member.key, member.name, Former(min(before, member.changed - 1), since))
        member.rename(name)
        self._by_name[name] = member

    # -- bounds -------------------------------------------------------------------------------------------------

    def _count(self, member: Member, sign: int) -> None:
        """Before (-1) and after (1) every change of a member."""
        if sign > 0:
            self._uids.add(member)
        else:
            self._uids.discard(member)
        self.changes.note(member.name)
        text = f"{member.key}\0{member.name}\0{digest_of(member, self._life)}"
        self._sum += sign * int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _by_id(piece: Piece) -> str:
    return piece.id
