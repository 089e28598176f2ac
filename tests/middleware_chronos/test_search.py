"""Searching with terms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import Person, meeting

RANGE = {"rangeStart": "20270401T000000Z", "rangeEnd": "20270501T000000Z", "fields": "summary"}


def field(name: str) -> dict[str, str]:
    """A field in a term."""
    return {"field": name}


async def found(person: Person, term: Any, **body: Any) -> list[str]:
    """The summaries of what a term finds in the default calendar."""
    answer = await person.call("advancedSearch", {"filter": term, "folders": [person.folder], **body}, **RANGE)
    return [event["summary"] for event in answer["data"][0]["events"]]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (["=", field("uid"), "one@example.com"], ["One"]),
        (["=", "ONE@example.com", field("uid")], ["One"]),
        (["and", ["=", field("uid"), "one@example.com"], ["=", field("summary"), "Two"]], []),
        (["=", field("summary"), "T*"], ["Two", "Three"]),
        (["=", field("summary"), "T?o"], ["Two"]),
        (["<>", field("summary"), "One"], ["Two", "Three"]),
        (["or", ["=", field("summary"), "One"], ["=", field("summary"), "two"]], ["One", "Two"]),
        (["not", ["=", field("summary"), "One"]], ["Two", "Three"]),
        ([">", field("timestamp"), 1], ["One", "Two", "Three"]),
        (["<", 1, field("timestamp")], ["One", "Two", "Three"]),
        (["<=", field("sequence"), "0"], ["One", "Two", "Three"]),
        (["=", field("attendees"), 4], ["Three"]),
        (["=", field("attendees"), "bob@example.com"], ["Three"]),
        (["=", field("organizer"), "mailto:alice@example.com"], ["One", "Two", "Three"]),
        (["=", field("categories"), "work"], ["Two"]),
        (["isNull", field("categories")], ["One", "Three"]),
        ([">=", field("summary"), "Three"], ["Two", "Three"]),
    ],
)
async def test_terms(alice: Person, term: Any, expected: list[str]) -> None:
    await alice.new(meeting("One", uid="one@example.com"))
    await alice.new(meeting("Two", categories=["Work", "x"]))
    await alice.new(meeting("Three", attendees=[{"entity": 4}]))
    assert await found(alice, term) == expected


@pytest.mark.parametrize("name", ["filename", "seriesId", "nosuch"])
async def test_fields_that_cannot_be_searched(alice: Person, name: str) -> None:
    answer = await alice.call("advancedSearch", {"filter": ["=", field(name), "x"]}, **RANGE)
    assert (answer["code"], answer["error_params"]) == ("SEARCH-0007", [name])


@pytest.mark.parametrize(
    "term",
    [
        None,
        [],
        "x",
        ["=", field("uid")],
        ["=", "a", "b"],
        ["and"],
        [["="]],
        ["=", field("uid"), []],
        ["like", field("uid"), "x"],
        ["=", field("sequence"), "many"],
        ["not", ["not"] * 99],
    ],
)
async def test_malformed_terms(alice: Person, term: Any) -> None:
    assert (await alice.call("advancedSearch", {"filter": term}, **RANGE))["code"].startswith("SEARCH-")


async def test_without_folders_those_with_hits_and_the_birthdays(alice: Person) -> None:
    other = await alice.calendar("Other")
    event = await alice.new(meeting("Here"), folder=other)
    await alice.new(meeting("Elsewhere"))
    answer = await alice.call("advancedSearch", {"filter": ["=", field("summary"), "Here"]}, **RANGE)
    assert answer == {
        "data": [
            {"folder": other, "events": [{"summary": "Here"}], "timestamp": event["timestamp"]},
            {"folder": "cal://1/0", "events": [], "timestamp": 0},
        ]
    }


async def test_forbidden_folders_and_missing_range(alice: Person) -> None:
    body = {"filter": ["=", field("summary"), "x"], "folders": ["cal://0/41"]}
    answer = await alice.call("advancedSearch", body, **RANGE)
    assert answer["data"][0]["error"]["code"] == "CAL-4030"
    assert await alice.code("advancedSearch", body) == "SVL-0002"
