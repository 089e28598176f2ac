"""Every upstream call of every kind of PUT, DELETE and MOVE goes wrong in every way: afterwards the old or the new
state is there, nothing else, the answer says which, and the client that tries again gets what it wants."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stories.event_faults import either_old_or_new
from tests.stories.event_operations import OPERATIONS
from tests.stories.event_stage import Stage


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_either_old_or_new(new_stage: Callable[[], Stage], operation: str) -> None:
    await either_old_or_new(new_stage, *OPERATIONS[operation])
