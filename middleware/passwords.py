"""Password hashes, and a memory of verified passwords so that argon2 runs once per password and process."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Costs after the OWASP recommendation for argon2id. Tests replace it by a cheaper one.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return hasher.hash(password)


class Verifier:
    """Checks passwords against hashes. Remembers successes by a keyed digest, never the password itself."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._verified: dict[str, bytes] = {}
        self._decoy = ""

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether the password has that hash; an empty hash never matches, but costs the same time."""
        digest = hmac.new(self._key, password.encode(), hashlib.sha256).digest()
        known = self._verified.get(password_hash)
        if password_hash and known is not None and hmac.compare_digest(known, digest):
            return True
        try:
            hasher.verify(password_hash or self._decoy_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
        if not password_hash:
            return False
        self._verified[password_hash] = digest
        return True

    def _decoy_hash(self) -> str:
        self._decoy = self._decoy or hash_password(secrets.token_hex(16))
        return self._decoy
