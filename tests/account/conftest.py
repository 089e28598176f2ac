"""A world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from argon2 import PasswordHasher

from middleware import passwords
from tests.account.world import World


@pytest.fixture(autouse=True, scope="session")
def cheap_password_hashes() -> Iterator[None]:
    """Strong hashes would take most of the time of these tests."""
    strong = passwords.hasher
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.hasher = strong


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World() as running:
        yield running
