"""The files of tasks, which OX keeps beside them: read with the task, added and removed on their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gateway.account.attachment_module import AttachmentModule
from gateway.account.attachment_uploads import uploaded
from gateway.account.faults import partly
from gateway.account.files import Attachment, Place
from gateway.ox.errors import OXError
from gateway.ox.tasks import Task
from mappings.calendar.attachments import file_difference

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def with_files(files: AttachmentModule, folder: str, tasks: Iterable[Task]) -> list[Task]:
    """Tasks of a folder with their ``attachments``, as ``mappings.tasks.render`` takes them. One upstream call for each
    task that has some. Raises OXError."""
    tasks = list(tasks)
    found = await files.beside(folder, tasks)
    return [
        task | {"attachments": found[task["id"]]} if task.get("number_of_attachments") else task
        for task in tasks
        if task["id"] in found or not task.get("number_of_attachments")
    ]


async def change_files(tasklist: TaskCollection, task: Task, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Make ``wanted`` the files of a task. One upstream call to add, one to remove, one for each copied file.

    Raises OXError when the files are as they were, Conflict when they are not: what was added goes again when the rest
    cannot be removed.
    """
    files, held = tasklist.account.task_files, task.get("attachments") or ()
    place = Place(tasklist.folder.id, task["id"])
    added, removed = file_difference(held, wanted)
    if added:
        await files.attach(place, [await uploaded(files, place.folder, each) for each in added], held)
    if not removed:
        return
    try:
        await files.detach(place, [one["managedId"] for one in removed])
    except OXError as error:
        if added:
            await _take_back(tasklist, files, place, held, error)
        raise


async def _take_back(
    tasklist: TaskCollection, files: AttachmentModule, place: Place, held: Iterable[Attachment], error: OXError
) -> None:
    known = {one["managedId"] for one in held}
    try:
        await files.detach(place, [each for one in await files.held(place) if (each := one["managedId"]) not in known])
    except OXError as second:
        raise partly(error, tasklist.path) from second
