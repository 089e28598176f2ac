"""Before an OX 7.8, too, writes with files leave the old or the new state, whichever call goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.davclient import DAV
from tests.stories.event_faults import either_old_or_new
from tests.stories.event_stage import Stage
from tests.stories.test_fault_injection_attachments import OPERATIONS, new_stage

__all__ = ["new_stage"]

GENERATIONS = ("7.8",)
DIFFERENT = ("create a series with files", "another file", "add to an occurrence", "update", "copy")
"""Those that show all kinds of calls."""


@pytest.mark.parametrize("operation", DIFFERENT)
async def test_either_old_or_new(alice: DAV, new_stage: Callable[[], Stage], operation: str) -> None:
    await alice.propfind("/principals/users/4/", "D:displayname")  # who there is, is asked for once in some minutes
    await either_old_or_new(new_stage, *OPERATIONS[operation])
