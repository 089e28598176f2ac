"""Sync tokens: following any chain of tokens gives exactly the collection, nothing missed and nothing told twice."""

from __future__ import annotations

import contextlib
import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.account.sync_token import InvalidSyncToken, Mark, Page, SyncToken, TooManyDeletions, View, current, page

WINDOW = 20


class Collection:
    """Resources with stamps that collide and, within the window, appear late."""

    def __init__(self) -> None:
        self.clock = 1000
        self.marks: dict[str, Mark] = {}
        self.versions = 0

    def change(self, key: str, *, late: int = 0, forward: int = 0) -> None:
        self.clock += forward
        self.versions += 1
        old = self.marks.get(key)
        stamp = max(self.clock - late, old.stamp if old else 0)
        self.marks[key] = Mark(stamp, key, f"v{self.versions}")

    def remove(self, key: str, *, forward: int = 0) -> None:
        self.clock += forward
        if self.marks.get(key) and self.marks[key].digest:
            self.marks[key] = Mark(max(self.clock, self.marks[key].stamp), key, "")

    def view(self, undated: frozenset[str] = frozenset()) -> View:
        newest = max((mark.stamp for mark in self.marks.values()), default=0)
        state = hashlib.blake2b(repr(sorted(self.alive().items())).encode(), digest_size=8).hexdigest()
        marks = list(self.marks.values())
        random.Random(newest).shuffle(marks)
        return View(
            "life",
            "cal://0/31",
            "",
            state,
            max(0, newest - WINDOW),
            newest,
            lambda since: (mark for mark in marks if mark.stamp >= since),
            undated,
        )

    def alive(self) -> dict[str, str]:
        return {key: mark.digest for key, mark in self.marks.items() if mark.digest}


class Client:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.token: str | None = None
        self.told: list[Mark] = []

    def sync(self, view: View, limit: int | None = None) -> Page:
        answer = page(view, SyncToken.parse(self.token) if self.token else None, limit)
        for mark in answer.marks:
            if mark.digest:
                self.known[mark.key] = mark.digest
            else:
                self.known.pop(mark.key, None)
        self.told.extend(answer.marks)
        self.token = str(answer.token)
        return answer

    def sync_to_the_end(self, view: View, limit: int | None) -> None:
        while self.sync(view, limit).truncated:
            pass


keys = st.integers(0, 12).map(str)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), keys, st.integers(0, WINDOW - 1), st.sampled_from([0, 0, 0, 1, 5, 50])),
        st.tuples(st.just("remove"), keys, st.just(0), st.sampled_from([0, 0, 1, 50])),
        st.tuples(st.just("sync"), st.just(""), st.just(0), st.sampled_from([0, 1, 2, 5])),
        st.tuples(st.just("page"), st.just(""), st.just(0), st.sampled_from([1, 2, 5])),
    ),
    max_size=60,
)


@given(steps)
@settings(max_examples=300, deadline=None)
def test_following_tokens_gives_exactly_the_collection(actions: list[tuple[str, str, int, int]]) -> None:
    collection, client = Collection(), Client()
    for action, key, late, number in actions:
        if action == "change":
            collection.change(key, late=late, forward=number)
        elif action == "remove":
            collection.remove(key, forward=number)
        elif action == "page":
            client.sync(collection.view(), number)
        else:
            client.sync_to_the_end(collection.view(), number or None)
            assert client.known == collection.alive()
            assert not client.sync(collection.view()).marks
    client.sync_to_the_end(collection.view(), None)
    assert client.known == collection.alive()
    assert len(set(client.told)) == len(client.told), "something was told twice"


@given(st.integers(1, 200), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_a_large_import_within_one_millisecond_is_paged_without_gaps(count: int, limit: int) -> None:
    collection, client = Collection(), Client()
    for number in range(count):
        collection.change(str(number))
    client.sync_to_the_end(collection.view(), limit)
    assert client.known == collection.alive()
    assert len(client.told) == count
    assert len(client.token or "") < 2000


def test_many_changes_within_the_window_are_not_told_again_when_some_change_once_more() -> None:
    collection, client = Collection(), Client()
    for number in range(700):
        collection.change(str(number))
    client.sync(collection.view())
    for key in ("3", "400"):
        collection.change(key, forward=1)
    collection.remove("17", forward=1)
    assert sorted(mark.key for mark in client.sync(collection.view()).marks) == ["17", "3", "400"]
    assert client.known == collection.alive()
    assert len(client.token or "") < 7000


def test_more_changes_within_the_window_than_a_token_holds_are_told_again_but_not_missed() -> None:
    collection, client = Collection(), Client()
    for number in range(2000):
        collection.change(str(number))
    client.sync(collection.view())
    assert len(client.token or "") < 200
    collection.change("3", forward=1)
    client.sync(collection.view())
    assert client.known == collection.alive()


def test_after_a_large_import_one_more_change_in_the_window_is_not_missed() -> None:
    collection, client = Collection(), Client()
    for number in range(100):
        collection.change(str(number))
    client.sync(collection.view())
    assert not client.sync(collection.view()).marks
    collection.change("late", late=3)
    client.sync(collection.view())
    assert client.known == collection.alive()


def test_a_first_sync_tells_no_deletions() -> None:
    collection, client = Collection(), Client()
    collection.change("1")
    collection.change("2")
    collection.remove("2")
    assert [mark.key for mark in client.sync(collection.view()).marks] == ["1"]
    collection.remove("1")
    assert client.sync(collection.view()).marks == (collection.marks["1"],)


def test_the_current_token_is_the_one_a_sync_ends_with() -> None:
    collection, client = Collection(), Client()
    for number in range(5):
        collection.change(str(number), forward=7)
    client.sync(collection.view())
    assert client.token == str(current(collection.view()))


def test_an_unchanged_collection_has_nothing_to_tell_even_when_its_deletions_are_forgotten() -> None:
    collection, client = Collection(), Client()
    collection.change("1")
    collection.change("2", forward=100)
    collection.remove("2", forward=100)
    client.sync(collection.view())
    del collection.marks["2"]
    assert not client.sync(collection.view()).marks


def test_undated_deletions_are_told_once_and_never_more_than_the_limit() -> None:
    collection, client = Collection(), Client()
    for number in range(4):
        collection.change(str(number))
    client.sync(collection.view())
    for key in ("1", "2"):
        del collection.marks[key]
    old = client.token
    with pytest.raises(TooManyDeletions):
        client.sync(collection.view(undated=frozenset({"1", "2"})), limit=1)
    client.token = old
    answer = client.sync(collection.view(undated=frozenset({"1", "2"})), limit=2)
    assert client.known == collection.alive()
    assert not answer.truncated
    assert not client.sync(collection.view()).marks


tokens = st.builds(
    SyncToken,
    life=st.text(max_size=10),
    collection=st.text(max_size=20),
    epoch=st.text("abcdef0123456789", max_size=8),
    state=st.text("abcdef0123456789", max_size=8),
    floor=st.tuples(st.integers(0, 2**50), st.text(max_size=5)),
    buried=st.integers(0, 2**50),
    seen=st.frozensets(st.text("abcXYZ019-_", min_size=8, max_size=8), max_size=5),
)


@given(tokens)
def test_a_token_is_a_uri_and_reads_back(token: SyncToken) -> None:
    text = str(token)
    assert text.startswith("data:,")
    assert text.isascii()
    assert " " not in text
    assert SyncToken.parse(text) == token


@given(st.text(max_size=60) | st.text("data:,/.~0123456789abcdef%", max_size=60).map(lambda text: "data:," + text))
def test_any_other_text_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(InvalidSyncToken):
        SyncToken.parse(text)
