from __future__ import annotations

from tests.stories.conftest import alice_ox, world

__all__ = ["alice_ox", "world"]
