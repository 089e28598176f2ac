"""Settings of all tests.

Generated examples are the same in every run, so that a run says something about the change and not about luck;
``make fuzz`` looks for new ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from middleware import passwords

_SLOW_MACHINES = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile(
    "fuzz", deadline=None, suppress_health_check=_SLOW_MACHINES, max_examples=2000, print_blob=True
)
settings.load_profile(os.environ.get("OXDAV_EXAMPLES", "same"))


@pytest.fixture(autouse=True, scope="session")
def cheap_password_hashes() -> Iterator[None]:
    """Strong hashes of the embedded OX would take more time than most tests."""
    strong = passwords.hasher
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.hasher = strong
