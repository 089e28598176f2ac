from __future__ import annotations

from tests.middleware.conftest import alice, bob, ox

__all__ = ["alice", "bob", "ox"]
