"""The comparison of the replay sees what it should see: every recorded answer, changed in one place, is another one."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contract import recordings
from tests.contract.compare import Comparison
from tests.contract.entities import Own
from tests.contract.kinds import Kind, kind_of
from tests.contract.names import Names
from tests.contract.recordings import Exchange


def _differences(exchange: Exchange, recorded: Any, actual: Any) -> list[str]:
    names = Names({})
    names.stamps.begin(0)
    own = Own(dict.fromkeys(Kind, 0), {})
    comparison = Comparison(names, own, exchange.module, exchange.query, frozenset(), ZoneInfo("UTC"), ordered=True)
    return [str(one) for one in comparison.compare(recorded, actual)]


def _leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """(place, container, key) of every scalar."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(entries):
        below = (*place, key) if isinstance(value, dict) else place
        if isinstance(inner, dict | list):
            yield from _leaves(inner, below)
        else:
            yield below, value, key


def _answers() -> list[Exchange]:
    loaded = [exchange for name in recordings.names() for exchange in recordings.load(name).exchanges]
    bodies = [one for one in loaded if isinstance(one.response.get("body"), dict) and one.module != "multiple"]
    return random.Random(1).sample(bodies, 150)


@pytest.fixture(scope="module")
def answers() -> list[Exchange]:
    return _answers()


def test_an_answer_equals_itself(answers: list[Exchange]) -> None:
    assert [one for one in answers if _differences(one, one.response["body"], one.response["body"])] == []


def test_another_value_is_seen(answers: list[Exchange]) -> None:
    for exchange in answers:
        body = exchange.response["body"]
        for number, (place, holder, name) in enumerate(_leaves(body)):
            if kind_of(exchange.module, place) is not None or exchange.query.get("columns"):
                continue  # what a server makes itself: another value is a new pair, not a difference
            if isinstance(holder[name], str) and holder[name].startswith("<"):
                continue  # left out of the recording: stands for any value
            changed = copy.deepcopy(body)
            _, container, key = list(_leaves(changed))[number]
            container[key] = "something else"
            assert _differences(exchange, body, changed), (exchange, place)


def test_a_missing_and_an_additional_member_are_seen(answers: list[Exchange]) -> None:
    for exchange in answers:
        body = exchange.response["body"]
        for name in body:
            assert _differences(exchange, body, {one: value for one, value in body.items() if one != name})
        assert _differences(exchange, body, {**body, "more": 1})


def test_ids_must_stay_the_same_pair() -> None:
    exchange = _exchange("chronos")
    recorded = {"data": [{"id": "7", "uid": "a"}, {"id": "7", "uid": "a"}]}

    assert _differences(exchange, recorded, {"data": [{"id": "1", "uid": "b"}, {"id": "1", "uid": "b"}]}) == []
    assert _differences(exchange, recorded, {"data": [{"id": "1", "uid": "b"}, {"id": "2", "uid": "b"}]})
    assert _differences(exchange, recorded, {"data": [{"id": "1", "uid": "b"}, {"id": "1", "uid": "c"}]})


@pytest.mark.parametrize(("second", "agrees"), [(200, True), (100, False), (50, False)])
def test_later_stamps_must_stay_later(second: int, agrees: bool) -> None:
    names = Names({})
    names.stamps.begin(10)
    names.stamps.put(1000, 100)
    names.stamps.next_exchange()

    assert (names.stamps.problem(2000, second) is None) is agrees


def test_order_is_seen() -> None:
    exchange = _exchange("chronos")
    recorded = {"data": [{"id": "1", "summary": "a"}, {"id": "2", "summary": "b"}]}

    assert _differences(exchange, recorded, {"data": recorded["data"][::-1]})


def _exchange(module: str) -> Exchange:
    return Exchange(0, "alice", "", 0, {"method": "GET", "path": module, "query": {"action": "get"}}, {})
