from __future__ import annotations

from tests.stories.conftest import alice_ox, pytest_generate_tests, world

__all__ = ["alice_ox", "pytest_generate_tests", "world"]
