"""Random lives of an account; ``python -m tests.sync_model`` lives them for longer."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

from tests.sync_model.model import SyncModel
from tests.sync_model.workers import Workers


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
