from __future__ import annotations

from tests.stories.conftest import alice, alice_ox, bob, book, calendar, pytest_generate_tests, tasklist, world

__all__ = ["alice", "alice_ox", "bob", "book", "calendar", "pytest_generate_tests", "tasklist", "world"]
