"""The resources of an index by UID, found without a walk over all of them."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.account.member import Member


class Uids:
    """Holds the UIDs that names do not tell. Made when one is asked for first, and kept up to date from then on: who
    only reads needs none of it."""

    def __init__(self) -> None:
        self._holders: dict[str, Member] | None = None
        self._shared: set[str] = set()
        """UIDs that more than one resource had."""

    def find(self, uid: str, members: Iterable[Member]) -> Member | None:
        """A resource with this UID that is not named after it. ``members``: all there are."""
        if self._holders is None:
            self._holders = {}
            self._shared.clear()
            for member in members:
                self.add(member)
        return self._holders.get(uid)

    def add(self, member: Member) -> None:
        uid = member.unnamed_uid
        if self._holders is not None and uid is not None and self._holders.setdefault(uid, member) is not member:
            self._shared.add(uid)

    def discard(self, member: Member) -> None:
        uid = member.unnamed_uid
        if self._holders is None or uid is None or self._holders.get(uid) is not member:
            return
        if uid in self._shared:  # another one holds it now
            self._holders = None
        else:
            del self._holders[uid]
