"""No answer has more events than the server is willing to give at once."""

from __future__ import annotations

import pytest

from middleware.context import Settings
from tests.middleware_chronos.people import Person, meeting, weekly

RANGE = {"rangeStart": "20270401T000000Z", "rangeEnd": "20270601T000000Z"}
DETAILS = {"fields": "id,summary"}


@pytest.fixture
def settings() -> Settings:
    """A server that gives few."""
    return Settings(max_events=2)


async def test_more_than_the_limit_is_an_error_unless_they_are_only_identified(alice: Person) -> None:
    made = [await alice.new(meeting(str(number))) for number in range(3)]
    folder = {"folder": alice.folder}
    assert await alice.code("updates", timestamp=0, **folder, **DETAILS) == "CAL-5072"
    assert await alice.code("updates", timestamp=0, **folder) == "CAL-5072"
    assert await alice.code("all", **folder, **RANGE, **DETAILS) == "CAL-5072"
    for action, params in (("updates", {"timestamp": 0}), ("all", RANGE)):
        answer = await alice.call(action, fields="id,uid,filename,seriesId,timestamp", **folder, **params)
        assert "error" not in answer
    newest = await alice.call("updates", timestamp=made[0]["timestamp"], **folder, **DETAILS)
    assert len(newest["data"]["newAndModified"]) == 2


async def test_occurrences_count(alice: Person) -> None:
    await alice.new(weekly())
    folder = {"folder": alice.folder}
    assert "error" not in await alice.call("all", **folder, **RANGE)
    assert await alice.code("all", expand="true", **folder, **RANGE) == "CAL-5072"
