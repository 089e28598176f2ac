"""STATUS, PERCENT-COMPLETE and COMPLETED, and OX's `status`, `percent_completed` and `date_completed`.

OX's status: 1 not started, 2 in progress, 3 done, 4 waiting, 5 deferred. It refuses 1 beside a percentage in one write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mappings.calendar.zones import Zones
from mappings.contentline import Component
from mappings.legacy.values import number
from mappings.tasks.instants import seconds

NOT_STARTED, IN_PROGRESS, DONE, WAITING, DEFERRED = 1, 2, 3, 4, 5

SHOWN = {
    NOT_STARTED: "NEEDS-ACTION",
    IN_PROGRESS: "IN-PROCESS",
    DONE: "COMPLETED",
    WAITING: "CANCELLED",
    DEFERRED: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What a client says of how far a task is. `status` is None when it says nothing, else one of SHOWN's values;
    `completed` in epoch milliseconds."""

    status: str | None
    percent: int | None
    completed: int | None

    @property
    def done(self) -> bool:
        """Without STATUS, a time of completion or 100 percent say the same."""
        return self.status == "COMPLETED" or (
            self.status is None and (self.completed is not None or self.percent == 100)
        )

    def accepted(self) -> tuple[int | None, ...]:
        """The statuses of OX that mean this, the one to write first."""
        if self.done:
            return (DONE,)
        if self.status == "IN-PROCESS":
            return (IN_PROGRESS,)
        if self.status == "CANCELLED":
            return DEFERRED, WAITING
        return (IN_PROGRESS, NOT_STARTED, None) if self.percent else (NOT_STARTED, None)


def progress_of(component: Component, zones: Zones) -> Progress:
    """Raises InvalidCalendarData for a COMPLETED that is no time; unknown statuses and percentages say nothing."""
    status = (component.text("STATUS") or "").strip().upper()
    percent = number((component.text("PERCENT-COMPLETE") or "").strip())
    completed = component.first("COMPLETED")
    return Progress(
        status if status in SHOWN.values() else None,
        percent if percent is not None and 0 <= percent <= 100 else None,
        None if completed is None else seconds(zones.moment(completed), zones.fallback) * 1000,
    )


def status_of(task: Mapping[str, Any]) -> int | None:
    """OX's status, None for what is none."""
    status = number(task.get("status"))
    return status if status in SHOWN else None


def percent_of(task: Mapping[str, Any]) -> int | None:
    """OX's percentage; it stores others than 0 to 100, too, which nobody is shown."""
    percent = number(task.get("percent_completed"))
    return percent if percent is not None and 0 <= percent <= 100 else None


def created(progress: Progress) -> dict[str, Any]:
    """The fields of a new task."""
    fields: dict[str, Any] = {}
    if progress.status is not None or progress.accepted()[0] != NOT_STARTED:
        fields["status"] = progress.accepted()[0]
    percent = 100 if progress.done and progress.percent is None else progress.percent
    if percent is not None:
        fields["percent_completed"] = percent
    if progress.done and progress.completed is not None:
        fields["date_completed"] = progress.completed
    return fields


def changed(current: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The fields that make OX's task as far as the client says. OX derives none from another: done is 100 percent,
    and what is open again has no time of completion."""
    fields: dict[str, Any] = {}
    status, percent = status_of(current), percent_of(current)
    if status not in progress.accepted():
        fields["status"] = progress.accepted()[0]
    wanted = progress.percent
    if wanted is None:
        wanted = percent if progress.done else 0
        if progress.done and "status" in fields:
            wanted = 100
    if (wanted or 0) != (percent or 0):
        fields["percent_completed"] = wanted
    held = current.get("date_completed")
    if progress.done:
        if _second(held) != _second(progress.completed):
            fields["date_completed"] = progress.completed
    elif held is not None and status == DONE:
        fields["date_completed"] = None
    return fields


def _second(value: Any) -> int | None:
    milliseconds = number(value)
    return None if milliseconds is None else milliseconds // 1000
