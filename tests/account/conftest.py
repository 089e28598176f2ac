"""A world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.account.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World() as running:
        yield running
