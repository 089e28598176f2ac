from __future__ import annotations

import pytest

from tests.dav.client import Client
from tests.dav.memory import MemoryTree


@pytest.fixture
def tree() -> MemoryTree:
    return MemoryTree()


@pytest.fixture
def dav(tree: MemoryTree) -> Client:
    return Client(tree)
