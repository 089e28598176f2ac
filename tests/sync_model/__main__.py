"""Random lives of an account until so many steps were done: ``python -m tests.sync_model --steps 10000``.

Prints what was done, or the life that ended in a difference.
"""

from __future__ import annotations

import argparse
import time

from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from gateway.http import access_log
from middleware import passwords
from tests.sync_model.account import KINDS
from tests.sync_model.model import SyncModel
from tests.sync_model.test_model import WorkerModel

_STEPS_OF_A_LIFE = 50
_LIVES = 10
"""Between two looks at how many steps were done."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sync_model", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--workers", action="store_true", help="before two processes on one port")
    parser.add_argument("--shrink", action="store_true", help="look for a shorter life with the same difference")
    wanted = parser.parse_args()
    access_log.configure("error", "json")
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    started = time.monotonic()
    while SyncModel.steps.total() < wanted.steps:
        run_state_machine_as_test(
            WorkerModel if wanted.workers else SyncModel,
            settings=settings(
                max_examples=_LIVES,
                stateful_step_count=_STEPS_OF_A_LIFE,
                derandomize=False,
                database=None,
                deadline=None,
                phases=(Phase.generate, Phase.shrink) if wanted.shrink else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
        print(f"{SyncModel.steps.total()} steps, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{len(KINDS)} kinds of collections;", *(f"{count} {name}" for name, count in SyncModel.steps.most_common()))


if __name__ == "__main__":
    main()
