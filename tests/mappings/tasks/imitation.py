"""What a real OX stores of a task and answers, as recorded; and a resource above it, as the gateway keeps one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from mappings.calendar.attachments import file_difference
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.calendar.user import CalendarUser
from mappings.contentline import parse_tree, write_tree
from mappings.legacy.rules import to_rrule
from mappings.tasks import plan, residue
from mappings.tasks.render import render

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")
DAY = 86_400_000

NEW: dict[str, Any] = {
    "created_by": 3,
    "modified_by": 3,
    "creation_date": 1795324577000,
    "number_of_attachments": 0,
    "private_flag": False,
    "confirmations": [],
    "recurrence_type": 0,
    "participants": [],
    "users": [],
}


class Refused(Exception):
    """The code of OX's error."""


class OX:
    """One folder of tasks by id. Checks what OX checks."""

    def __init__(self) -> None:
        self.tasks: dict[int, dict[str, Any]] = {}
        self.files: dict[int, bytes] = {}
        self.stamp = 1795324577351

    def new(self, body: Mapping[str, Any], uid: str) -> dict[str, Any]:
        task = NEW | {"id": len(self.tasks) + 2, "folder_id": 33, "uid": uid}
        self.tasks[task["id"]] = task
        self._write(task, body)
        return task

    def update(self, task_id: int, fields: Mapping[str, Any]) -> None:
        task = self.tasks[task_id]
        was_done = task.get("status") == 3
        self._write(task, fields)
        if task.get("status") == 3 and not was_done and task["recurrence_type"]:
            self._continue(task)

    def change_files(self, task_id: int, wanted: Iterable[Mapping[str, Any]]) -> None:
        task = self.tasks[task_id]
        added, removed = file_difference(task.get("attachments", ()), wanted)
        kept = [one for one in task.get("attachments", ()) if one not in removed]
        for one in added:
            number = 1000 + len(self.files)
            self.files[number] = one["data"] if "data" in one else self.files[one["managedId"]]
            size = len(self.files[number])
            named = {"filename": one["filename"], "fmtType": one.get("fmtType") or "application/octet-stream"}
            kept.append({"managedId": number, "size": size, **named})
        task |= {"attachments": kept, "number_of_attachments": len(kept)}
        self._write(task, {})

    def confirm(self, task_id: int, confirmation: int, message: str | None) -> None:
        mine = next(user for user in self.tasks[task_id]["users"] if user["id"] == 3)
        mine["confirmation"] = confirmation
        if message is not None:
            mine["confirmmessage"] = message

    def _write(self, task: dict[str, Any], fields: Mapping[str, Any]) -> None:
        self._check(task, fields)
        full_time = fields.get("full_time", False)
        for name, value in fields.items():
            if value is None:
                task.pop(name, None)
            else:
                task[name] = value // DAY * DAY if full_time and name in ("start_time", "end_time") else value
        if "participants" in fields:
            known = {user["id"]: user for user in task["users"]}
            ids = [each["id"] for each in task["participants"] if each["type"] == 1]
            task["users"] = [known.get(each, {"id": each, "confirmation": 0}) for each in ids]
        if task["recurrence_type"]:
            assert "start_time" in task, "TSK-0037"
            assert "end_time" in task, "TSK-0037"
            assert self._starts(task) == task["start_time"], "OX would move the task"
        self.stamp += 1
        task["last_modified"] = task["last_modified_utc"] = self.stamp

    def _check(self, task: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        after = {**task, **fields}
        first, last = after.get("start_time"), after.get("end_time")
        if first is not None and last is not None and first > last:
            raise Refused("TSK-0040")
        if fields.get("status") == 1 and fields.get("percent_completed"):
            raise Refused("TSK-0031")
        if fields.get("priority") not in (None, 1, 2, 3):
            raise Refused("TSK-0057")
        if after.get("private_flag") and after.get("participants"):
            raise Refused("TSK-0028")
        if "uid" in fields:
            raise Refused("TSK-0053")
        if {"start_time", "end_time"} & fields.keys() and "full_time" not in fields:
            raise AssertionError("OX would take a date for a time")

    @staticmethod
    def _starts(task: Mapping[str, Any], after: bool = False) -> int | None:
        rule = to_rrule(task)
        assert rule is not None, "fields without a meaning"
        start = datetime.fromtimestamp(task["start_time"] / 1000, UTC)
        for moment in Recurrence(start, parse_rule(rule)).occurrences():
            assert isinstance(moment, datetime)
            if not after or moment > start:
                return int(moment.timestamp() * 1000)
        return None

    def _continue(self, task: dict[str, Any]) -> None:
        """The next task: another id and uid, not started, one occurrence less."""
        start = None if task.get("occurrences") == 1 else self._starts(task, after=True)
        if start is None:
            return
        later = start - task["start_time"]
        following = task | {"id": len(self.tasks) + 2, "uid": f"{task['uid']}-next", "start_time": start}
        following |= {"end_time": task["end_time"] + later, "status": 1, "percent_completed": 0}
        following.pop("date_completed", None)
        following |= {"attachments": [], "number_of_attachments": 0}
        if following.get("occurrences"):
            following["occurrences"] -= 1
        self.tasks[following["id"]] = following


class Resource:
    """A task as clients see it: what OX shows, with the residue that is kept beside it."""

    def __init__(self, text: str, ox: OX | None = None) -> None:
        self.ox = ox or OX()
        obj = read(text.encode())
        self.id: int = self.ox.new(plan.create(obj, ALICE), obj.uid)["id"]
        if files := plan.wanted_files(obj, ALICE):
            self.ox.change_files(self.id, files)
        self.kept = residue.find(obj.tree, parse_tree(self.shown), ALICE)

    @property
    def task(self) -> dict[str, Any]:
        return self.ox.tasks[self.id]

    @property
    def shown(self) -> str:
        return render(self.task, ALICE)

    def get(self) -> str:
        return residue.merge(self.shown, self.kept, ALICE)

    def change(self, text: str) -> plan.TaskChange:
        return plan.changes(self.task, self._as_changed(text), ALICE)

    def put(self, text: str) -> plan.TaskChange:
        change, former = self.change(text), parse_tree(self.get())
        if change.fields:
            self.ox.update(self.id, change.fields)
        if change.confirmation is not None:
            self.ox.confirm(self.id, change.confirmation.confirmation, change.confirmation.message)
        if change.files is not None:
            self.ox.change_files(self.id, change.files)
        sent = read(text.encode()).tree
        self.kept = residue.find(sent, parse_tree(self.shown), ALICE, former=former, known=self.kept)
        assert residue.from_json(residue.to_json(self.kept)) == self.kept
        return change

    def _as_changed(self, text: str) -> CalendarObject:
        tree = residue.as_changed(read(text.encode()).tree, parse_tree(self.shown), self.kept, ALICE)
        return read(write_tree(tree).encode())


def todo(*lines: str, more: tuple[str, ...] = ()) -> str:
    """A VCALENDAR with one VTODO of these lines; `more`: lines of further components."""
    own = ("BEGIN:VTODO", "UID:u", "DTSTAMP:20270101T000000Z", *lines, "END:VTODO")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *own, *more, "END:VCALENDAR", ""))


def override(recurrence_id: str, *lines: str) -> tuple[str, ...]:
    """The lines of one overridden instance, its RECURRENCE-ID with parameters."""
    return ("BEGIN:VTODO", "UID:u", "DTSTAMP:20270101T000000Z", f"RECURRENCE-ID{recurrence_id}", *lines, "END:VTODO")
