"""Every recorded exchange is replayed against the embedded OX and answered as the real server answered it."""

from __future__ import annotations

import pytest

from tests.contract import recordings, standing
from tests.contract.replay import replay


@pytest.mark.parametrize("name", recordings.names())
async def test_recording(name: str) -> None:
    outcomes = await replay(recordings.load(name))

    found = [(one.exchange.number, str(difference)) for one in outcomes for difference in one.differences]
    details = "\n".join(
        f"{one.exchange.number} ({one.exchange.note}): {difference}\n"
        f"    recorded {str(difference.recorded)[:300]}\n    got      {str(difference.actual)[:300]}"
        for one in outcomes
        for difference in one.differences
    )
    new, gone = standing.judge(name, found)
    assert not new, f"differences that are not in {standing.FILE.name}: {new}\n{details}"
    assert not gone, f"no longer there, to be taken out of {standing.FILE.name}: {gone}"


def test_standing_differences_name_recordings() -> None:
    known = set(recordings.names())
    assert {one.scenario for one in standing.load()} <= known


def test_document_lists_the_standing_differences() -> None:
    assert standing.written() == standing.section(), "run: python -m tests.contract.standing"
