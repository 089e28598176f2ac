"""Searching tasks by a pattern and by the time in which they are due."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.tasks import access, errors, storage
from middleware.tasks.access import TaskList
from middleware.tasks.model import Seen
from middleware.tasks.reading import listed

_PATTERN_FIELDS = ("title", "note", "categories")


def search(call: Call, context: Context) -> Result:
    """Tasks of a folder, or of all that the user can read, by `pattern` and other members of the body.

    `*` and `?` stand for any run and any one character. `start` and `end` limit when a task is due, ms: TSK-0021 when
    only one is given or they are the wrong way round.
    """
    columns = call.columns()
    body = call.object()
    matches = _pattern(body)
    due = _due(call)
    with context.store.reading() as connection:
        found = [
            one
            for tasks in _lists(context, call.user, body.get("folder"))
            for one in tasks.visible(storage.modified_since(connection, tasks.id, call.user))
            if matches(one) and due(one)
        ]
    return listed(call, sorted(found, key=lambda one: one.task.id), columns)


def _lists(context: Context, user: int, named: Any) -> list[TaskList]:
    if named is not None:
        return [access.readable_list(context, user, named)]
    found = (
        access.readable_list(context, user, one.id)
        for one in context.folders.visible(user, access.MODULE)
        if context.folders.rights(user, one).can_read(own=True)
    )
    return list(found)


def _pattern(body: Any) -> Callable[[Seen], bool]:
    pattern, status, title = body.get("pattern"), body.get("status"), body.get("title")
    like = _like(str(pattern)) if pattern else None
    titled = _like(str(title)) if title else None

    def matches(one: Seen) -> bool:
        fields = one.task.fields
        if like is not None and not any(like(str(fields.get(name) or "")) for name in _PATTERN_FIELDS):
            return False
        if titled is not None and not titled(str(fields.get("title") or "")):
            return False
        return status is None or fields.get("status") == status

    return matches


def _like(pattern: str) -> Callable[[str], bool]:
    """Whether a text contains what the pattern describes, without regard to case."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    expression = re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
    return lambda text: expression.search(text) is not None


def _due(call: Call) -> Callable[[Seen], bool]:
    if "start" not in call.params and "end" not in call.params:
        return lambda _: True
    if "start" not in call.params or "end" not in call.params:
        raise errors.bad_range(call.params.get("start"), call.params.get("end"))
    start, end = call.integer("start"), call.integer("end")
    if start > end:
        raise errors.bad_range(start, end)

    def in_range(one: Seen) -> bool:
        due = one.task.fields.get("end_time")
        return due is not None and start <= due < end

    return in_range
