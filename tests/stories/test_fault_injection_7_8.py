"""Before an OX 7.8, too, every operation leaves either the old or the new state, whichever call goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.davclient import DAV
from tests.stories.event_faults import either_old_or_new
from tests.stories.event_operations import OPERATIONS
from tests.stories.event_stage import Stage

GENERATIONS = ("7.8",)
DIFFERENT = (
    "create under an odd name",
    "create an external series",
    "another rule",
    "take an override back",
    "answer a series",
    "delete a series",
    "move a series",
)
"""Those whose calls are others than before an OX 8."""


@pytest.mark.parametrize("operation", DIFFERENT)
async def test_either_old_or_new(alice: DAV, new_stage: Callable[[], Stage], operation: str) -> None:
    await alice.propfind("/principals/users/4/", "D:displayname")  # who there is, is asked for once in some minutes
    await either_old_or_new(new_stage, *OPERATIONS[operation])
