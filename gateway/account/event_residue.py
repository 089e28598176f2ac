"""What the ledger keeps beside events: the client's wording of what OX cannot hold (``mappings.calendar.residue``).

It belongs to a resource and is kept under the id of its series or single event. Its stamp is that of the write in OX
it came with, and takes part in the ETag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gateway.ledger.ledger import Ledger, LedgerError, Residue
from mappings.calendar.residue import Wording, from_json, to_json


@dataclass(frozen=True, slots=True)
class Kept:
    """The residue of one resource."""

    stamp: int = 0
    wordings: tuple[Wording, ...] = ()


NOTHING = Kept()


@dataclass(frozen=True, slots=True)
class EventResidue:
    """The residue of the resources of one calendar folder of one account. No upstream calls."""

    ledger: Ledger
    account: str
    folder: str

    async def stamps(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Resource key -> stamp, of those that have a residue."""
        return await self.ledger.residue_stamps(self.account, self.folder, list(dict.fromkeys(keys)))

    async def of(self, keys: Sequence[str]) -> Mapping[str, Kept]:
        """Resource key -> residue, of those that have one."""
        kept = await self.ledger.residues(self.account, self.folder, keys)
        return {key: Kept(residue.stamp, from_json(residue.data)) for key, residue in kept.items()}

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep, replace or forget the residue of a resource."""
        if kept.wordings:
            await self.ledger.set_residue(self.account, self.folder, key, Residue(kept.stamp, to_json(kept.wordings)))
        else:
            await self.forget(key)

    async def forget(self, key: str) -> None:
        await self.ledger.forget_residue(self.account, self.folder, key)

    async def forget_deleted(self, key: str) -> None:
        """``forget`` after the resource was deleted in OX. If that fails, it is pruned with the next index: OX uses no
        id twice."""
        with suppress(LedgerError):
            await self.forget(key)

    async def prune(self, known: Collection[str], newest: int) -> None:
        """Forget the residues of resources that OX does not have; ``newest`` is the last stamp known of OX."""
        await self.ledger.prune_residues(self.account, self.folder, known, newest)
