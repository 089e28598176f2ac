"""What is measured, and what the project wants of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import uuid4

from benchmarks import answers, requests
from benchmarks.connection import Request
from benchmarks.target import Target


@dataclass(frozen=True, slots=True)
class Row:
    """``request(target, number)``: what to send for the ``number``. time; what it does beside that is not timed.
    ``best_peer``: the fastest correct answer of five other servers with 5,000 objects, as a multiple of the bare one;
    ``wanted``: ours at most; ``calls``: to OX at most. ``constant``: the request is the same every time."""

    name: str
    request: Callable[[Target, int], Request]
    best_peer: float
    wanted: float
    calls: int
    constant: bool = True
    most: int = 300
    """Repetitions at most."""


_SETTLED = 2.5
"""Seconds. A burst of changes within the two seconds before is told again together with what changes in it."""
_AWAKE = 20
"""Other requests after such a rest: processes that slept are slow at first, and the bare server never sleeps."""


def _poll(target: Target, number: int) -> Request:
    return requests.poll(target.calendar)


def _home(target: Target, number: int) -> Request:
    return requests.home(target.home)


def _token(target: Target) -> str:
    """The token after everything that happened, which also brings the server up to now."""
    return answers.token(answers.ask(target.connection, requests.poll(target.calendar)))


def _sync_unchanged(target: Target, number: int) -> Request:
    return requests.sync(target.calendar, _token(target))


def _sync_changed(target: Target, number: int) -> Request:
    is_ours = len(target.processes) > 1
    if is_ours:
        time.sleep(_SETTLED)
    token = _token(target)
    target.change(10, target.notes.setdefault("changes", 0))
    target.notes["changes"] += 1
    for _ in range(_AWAKE if is_ours else 0):
        target.connection.ask(requests.poll(target.book))
    return requests.sync(target.calendar, token)


def _listing(target: Target, number: int) -> Request:
    return requests.listing(target.calendar)


def _sync_initial(target: Target, number: int) -> Request:
    return requests.sync(target.calendar)


def multiget_of(count: int) -> Callable[[Target, int], Request]:
    def request(target: Target, number: int) -> Request:
        return requests.multiget(target.calendar, list(islice(_spread(target.events, count), count)))

    return request


def _spread(hrefs: Sequence[str], count: int) -> Sequence[str]:
    return hrefs[:: max(1, len(hrefs) // count)]


def _month(target: Target, number: int) -> Request:
    return requests.month(target.calendar)


def _month_data(target: Target, number: int) -> Request:
    return requests.month_data(target.calendar)


def _month_expanded(target: Target, number: int) -> Request:
    return requests.month_expanded(target.calendar)


def _month_later(target: Target, number: int) -> Request:
    return requests.month(target.calendar, later=number + 1)


def _month_data_later(target: Target, number: int) -> Request:
    return requests.month_data(target.calendar, later=number + 1)


def _month_expanded_later(target: Target, number: int) -> Request:
    return requests.month_expanded(target.calendar, later=number + 1)


def _month_data_changed(target: Target, number: int) -> Request:
    target.change(1, target.notes.setdefault("changes", 0))
    target.notes["changes"] += 1
    return requests.month_data(target.calendar)


def _search(target: Target, number: int) -> Request:
    return requests.search(target.book)


def _search_anew(target: Target, number: int) -> Request:
    return requests.search(target.book, f"Haddad {number + 20}")


def _get(target: Target, number: int) -> Request:
    return requests.get(target.events[len(target.events) // 2])


def _create(target: Target, number: int) -> Request:
    """A copy of an event under a name and UID of its own; the deletions below remove it."""
    if "model" not in target.notes:
        target.notes["model"] = target.text(target.events[2])
        target.notes["run"] = uuid4().hex[:8]  # what a run that was broken off left behind is not met again
    name = f"created-{target.notes['run']}-{target.notes.setdefault('created', 0)}"
    target.notes["created"] += 1
    original = target.events[2].rpartition("/")[2].removesuffix(".ics")
    href = f"{target.calendar}{name}.ics"
    target.notes.setdefault("to delete", []).append(href)
    return requests.put(href, target.notes["model"].replace(f"UID:{original}", f"UID:{name}"))


def _update(target: Target, number: int) -> Request:
    """Another summary, with the ETag it had."""
    if not target.notes.get("to delete"):
        answers.ask(target.connection, _create(target, number))
    href = target.notes["to delete"][0]
    answer = answers.ask(target.connection, requests.get(href))
    lines = answer.body.decode().split("\r\n")
    text = "\r\n".join(f"SUMMARY:Updated {number}" if line.startswith("SUMMARY:") else line for line in lines)
    return requests.put(href, text, ("If-Match", answer.headers["etag"]))


def _delete(target: Target, number: int) -> Request:
    if not target.notes.get("to delete"):
        answers.ask(target.connection, _create(target, number))
    return requests.delete(target.notes["to delete"].pop())


def all_rows(count: int) -> list[Row]:
    """The rows of the table, for collections of ``count`` objects."""
    many = min(1000, count)
    return [
        Row("poll: ctag and sync-token of a collection", _poll, 5, 4, 1),
        Row("home, Depth 1, 20 calendars with ctags", _home, 7, 6, 1),
        Row("sync-collection, nothing changed", _sync_unchanged, 5, 4, 1),
        Row("sync-collection after 10 changes", _sync_changed, 7, 7, 2, constant=False, most=5),
        Row("PROPFIND, Depth 1, getetag", _listing, 69, 8, 1),
        Row("sync-collection, initial", _sync_initial, 84, 8, 1),
        Row("multiget 50", multiget_of(50), 13, 5, 1),
        Row(f"multiget {many}", multiget_of(many), 21, 7, 1),
        Row("query of a month, ETags", _month, 340, 15, 1),
        Row("query of a month, data", _month_data, 211, 25, 1),
        Row("query of a month, expanded", _month_expanded, 645, 120, 1),
        Row("address book, text match", _search, 64, 15, 1),
        Row("query of a month a minute later, ETags", _month_later, 340, 15, 1, constant=False),
        Row("query of a month a minute later, data", _month_data_later, 211, 25, 1, constant=False),
        Row("query of a month a minute later, expanded", _month_expanded_later, 645, 120, 1, constant=False),
        Row("query of a month after a change, data", _month_data_changed, 211, 25, 1, constant=False, most=20),
        Row("address book, another text match", _search_anew, 64, 15, 1, constant=False),
        Row("GET", _get, 4, 4, 1),
        Row("PUT, create", _create, 14, 14, 2, constant=False, most=60),
        Row("PUT, update", _update, 20, 14, 2, constant=False, most=60),
        Row("DELETE", _delete, 14, 12, 1, constant=False, most=60),
    ]
