"""A small account in memory and a client of it."""

import pytest

from tests.dav.client import Client
from tests.dav.memory import MemoryTree


@pytest.fixture
def tree() -> MemoryTree:
    return MemoryTree()


@pytest.fixture
def client(tree: MemoryTree) -> Client:
    return Client(tree)
