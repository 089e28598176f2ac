"""Module ``config``: settings of the user. Path-only, so each is a request of its own; they change rarely."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.ox.call import Answer, Call
from gateway.ox.shape import an_object, optional_id, optional_stamp


@dataclass(frozen=True, slots=True)
class DefaultFolders:
    """Plain folder ids as OX gives them here: calendar ``31`` is ``cal://0/31`` in module ``chronos``."""

    calendar: str | None
    contacts: str | None
    tasks: str | None


def default_folders() -> Call[DefaultFolders]:
    """config/folder."""

    def decode(answer: Answer) -> DefaultFolders:
        tree = an_object(answer.data, "config/folder")
        return DefaultFolders(*(optional_id(tree.get(name), name) for name in ("calendar", "contacts", "tasks")))

    return Call("config/folder", None, decode)


def tombstone_timespan() -> Call[int | None]:
    """config/tombstoneCleanup: for how many milliseconds deletions are remembered; None: for ever."""

    def decode(answer: Answer) -> int | None:
        tree = an_object(answer.data or {}, "config/tombstoneCleanup")
        return optional_stamp(tree.get("timespan"), "timespan")

    return Call("config/tombstoneCleanup", None, decode)
