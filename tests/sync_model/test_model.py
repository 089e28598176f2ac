"""Random lives of an account; ``python -m tests.sync_model`` lives them for longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, settings

from middleware import passwords
from tests.sync_model.model import SyncModel
from tests.sync_model.workers import Workers


@pytest.fixture(autouse=True, scope="module")
def cheap_password_hashes() -> Iterator[None]:
    strong = passwords.hasher
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.hasher = strong


class WorkerModel(SyncModel):
    """Before two processes of one gateway on one port."""

    site_type = Workers
    restarts_are_cheap = False


_EXAMPLES = settings.get_profile(settings.get_current_profile_name()).max_examples

TestSyncModel = SyncModel.TestCase
TestSyncModel.settings = settings(
    max_examples=_EXAMPLES // 16,
    stateful_step_count=30,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TestWorkerModel = WorkerModel.TestCase
TestWorkerModel.settings = settings(TestSyncModel.settings, max_examples=_EXAMPLES // 50)
