"""Errors of the module `tasks`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from middleware.errors import GENERAL, OXError, unparsable_body


def folder_not_found(folder: object) -> OXError:
    """There is no such task list, or the user cannot see it."""
    text = "Folder cannot be found."
    return OXError("TSK-0006", "USER_INPUT", text, f"Folder {folder} cannot be found.", [folder])


def edit_conflict() -> OXError:
    """The task changed after the stamp of the request."""
    text = (
        "Edit conflict. Your change cannot be completed because somebody else has made a conflicting change to the "
        "same item. Please refresh or synchronize and try again."
    )
    return OXError("TSK-0007", "CONFLICT", text)


def private_in(folder: int) -> OXError:
    """A private task in a folder that is not the user's own."""
    text = "Private tasks belong into folders of your own."
    return OXError("TSK-0008", "USER_INPUT", text, f"Folder {folder} cannot hold private tasks.", [folder])


def may_not_delete() -> OXError:
    """The task is not there, or the user may not delete it."""
    text = "You do not have the appropriate permissions to delete the task."
    return OXError("TSK-0014", "PERMISSION_DENIED", text, "You are not allowed to delete the task.")


def participant_not_found(user: int, task: int) -> OXError:
    """Only who takes part can answer."""
    return OXError("TSK-0018", "ERROR", GENERAL, f"Participant {user} for task {task} is not found.", [user, task])


def not_found(task: int, context_id: int) -> OXError:
    """No task has that id."""
    return OXError(
        "TSK-0019", "ERROR", GENERAL, f"Cannot find task {task} in context {context_id}.", [task, context_id]
    )


def bad_range(start: object, end: object) -> OXError:
    """A search from a later to an earlier moment."""
    text = "The range of the search is not valid."
    return OXError("TSK-0021", "USER_INPUT", text, f"Search from {start} to {end}.", [start, end])


def may_not_read(folder: int) -> OXError:
    """The user sees the folder and none of its tasks."""
    text = "You do not have the appropriate permissions to read tasks of this folder."
    return OXError("TSK-0023", "PERMISSION_DENIED", text, f"No right to read in folder {folder}.", [folder])


def may_not_create(folder: int) -> OXError:
    """The user may not create tasks in the folder."""
    text = "You do not have the appropriate permissions to create tasks in this folder."
    return OXError("TSK-0025", "PERMISSION_DENIED", text, f"No right to create in folder {folder}.", [folder])


def missing_folder() -> OXError:
    """A new task without a folder."""
    return OXError("TSK-0027", "ERROR", GENERAL, "The folder of the task is missing.")


def private_with_participants() -> OXError:
    """A private task is nobody else's business."""
    return OXError("TSK-0028", "USER_INPUT", "A private task cannot have participants.")


def percentage(value: int) -> OXError:
    """A percentage below 0 or above 100."""
    return OXError("TSK-0030", "USER_INPUT", f"The progress is {value} and must be between 0 and 100.", params=[value])


def progress_before_start(value: int) -> OXError:
    """A task that has not begun cannot be partly done."""
    text = f"The progress of a task that has not been started is {value} and must be 0."
    return OXError("TSK-0031", "USER_INPUT", text, params=[value])


def may_not_change(folder: int, task: int) -> OXError:
    """The user may not change the task."""
    text = "You do not have the appropriate permissions to change the task."
    desc = f"No right to change task {task} in folder {folder}."
    return OXError("TSK-0033", "PERMISSION_DENIED", text, desc, [folder, task])


def shared_move(folder: int) -> OXError:
    """Tasks cannot be moved out of, or into, a folder that somebody else shares."""
    text = "Tasks cannot be moved from or to a shared folder."
    return OXError("TSK-0034", "PERMISSION_DENIED", text, f"Folder {folder} is shared by its owner.", [folder])


def unknown_recurrence(kind: int) -> OXError:
    """A recurrence type that does not exist."""
    return OXError("TSK-0036", "USER_INPUT", "The kind of recurrence is not known.", params=[kind])


def incomplete_recurrence(column: int) -> OXError:
    """A recurrence needs another value."""
    text = "A value is missing for the recurrence."
    return OXError("TSK-0037", "USER_INPUT", text, f"Column {column} is missing for the recurrence.", [column])


def unknown_status(status: int) -> OXError:
    """A status outside 1 to 5."""
    return OXError("TSK-0039", "ERROR", GENERAL, f"Unknown status {status}.", [status])


def start_after_end(start: int, end: int) -> OXError:
    """The dates are the wrong way round."""
    first, last = _moment(start), _moment(end)
    text = f'Start date "{first}" must be before end date "{last}".'
    return OXError("TSK-0040", "USER_INPUT", text, f"Start date {first} must be before end date {last}.", [first, last])


def too_long(name: str, column: int, limit: int, length: int) -> OXError:
    """A value that does not fit its column."""
    text = f'The value of "{name}" is too long (limit: {limit}, current: {length}). Please shorten it and try again.'
    problem = {"id": column, "max_size": limit, "length": length}
    return OXError(
        "TSK-0041",
        "TRUNCATED",
        text,
        params=[name, limit, length],
        extra={"problematic": [problem], "truncated": [column]},
    )


def private_moved(folder: int) -> OXError:
    """A private task on its way into a public folder."""
    text = "A private task cannot be moved to a public folder."
    return OXError("TSK-0042", "PERMISSION_DENIED", text, params=[folder])


def not_the_creator() -> OXError:
    """Somebody else wants to make a task private."""
    return OXError("TSK-0043", "USER_INPUT", "Only who created a task can make it private.")


def participant_without_mail() -> OXError:
    """An external participant needs an address."""
    return OXError("TSK-0044", "USER_INPUT", "A mail address is missing for an external participant.")


def may_not_see(task: int, folder: int) -> OXError:
    """The task is not there, or not for this user."""
    return OXError(
        "TSK-0046",
        "PERMISSION_DENIED",
        "You do not have the appropriate permisson to see the task.",
        f"You are not allowed to see the task with id {task} in folder {folder}.",
        [task, folder],
    )


def elsewhere(task: int, folder: int) -> OXError:
    """The task is in another folder."""
    text = "The task is not in this folder."
    return OXError("TSK-0048", "PERMISSION_DENIED", text, f"Task {task} is not in folder {folder}.", [task, folder])


def empty_group(group: int) -> OXError:
    """A group without members cannot do anything."""
    return OXError("TSK-0052", "USER_INPUT", "The group has no members.", params=[group])


def uid_changed() -> OXError:
    """A uid stays what it is."""
    return OXError("TSK-0053", "ERROR", GENERAL, "Tasks uids can not be changed.")


def not_digits(value: object) -> OXError:
    """A duration that is not a number."""
    return OXError("TSK-0055", "USER_INPUT", "Only digits are allowed here.", f"Not a number: {value}", [str(value)])


def priority(value: int) -> OXError:
    """A priority outside 1 to 3."""
    return OXError("TSK-0057", "USER_INPUT", f"Priority is {value} but must be between 1 and 3.", params=[value])


def invalid_characters(name: str) -> OXError:
    """A character that the store cannot hold."""
    text = f'The value of "{name}" contains a character that cannot be stored. Please remove it and try again.'
    return OXError("TSK-0058", "USER_INPUT", text, params=[name])


def duplicate_uid(title: str, uid: str) -> OXError:
    """The user has a task with that uid."""
    return OXError(
        "APP-0100",
        "USER_INPUT",
        "Cannot create that task. A task having the same unique identifier already exists.",
        f"Cannot insert task ({title}). A task with the unique identifier ({uid}) already exists.",
        [title, uid],
    )


def wrong_value(body: Any) -> OXError:
    """A member of the body has a type that cannot be used: the server shows the whole body."""
    error = unparsable_body(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    error.params = [body]
    return error


def _moment(stamp: int) -> str:
    return datetime.fromtimestamp(stamp / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
