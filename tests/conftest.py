"""Settings of all tests.

Generated examples are the same in every run, so that a run says something about the change and not about luck;
``make fuzz`` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_MACHINES = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile(
    "fuzz", deadline=None, suppress_health_check=_SLOW_MACHINES, max_examples=2000, print_blob=True
)
settings.load_profile(os.environ.get("OXDAV_EXAMPLES", "same"))
