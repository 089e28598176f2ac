"""ETags of resources: functions of the ids and stamps of all their objects, and of what the ledger adds."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from gateway.account.member import Member


def etag_of(member: Member, life: str) -> str:
    """Quoted and strong. ``life`` of the ledger takes part where there is residue."""
    if not member.residue:
        ids = member.ids
        if len(ids) == 1:
            return f'"{_quoted(ids[0])}-{member.modified}"'
    return f'"{_quoted(member.key)}-{member.modified}-{digest_of(member, life)}"'


def digest_of(member: Member, life: str) -> str:
    """Another one for other objects, stamps or residues."""
    text = "".join(
        [
            f"{piece.id}\0{piece.stamp}\0{piece.residue}\0{life}\0" if piece.residue else f"{piece.id}\0{piece.stamp}\0"
            for piece in member.pieces
        ]
    )
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def _quoted(text: str) -> str:
    """An id inside of an ETag; nearly always digits."""
    return text if text.isascii() and text.isalnum() else quote(text, safe="")
