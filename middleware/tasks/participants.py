"""Who takes part in a task, and in whose folders it therefore is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from middleware.context import Context
from middleware.tasks import errors
from middleware.tasks.access import MODULE, TaskList
from middleware.tasks.model import Confirmation, Participant, ParticipantType
from middleware.tasks.tables import NOBODY


def users_of(
    context: Context, participants: Sequence[Participant], answered: Mapping[int, Confirmation]
) -> dict[int, Confirmation]:
    """The users among the participants, members of groups included, with the answers that they have given before.

    USR-0010 and GRP-0017 for who does not exist, TSK-0052 for a group without members.
    """
    found: list[int] = []
    for one in participants:
        if one.type is ParticipantType.USER and one.id is not None:
            found.append(context.users.get(one.id).id)
        if one.type is ParticipantType.GROUP and one.id is not None:
            members = context.groups.get(one.id).members
            if not members:
                raise errors.empty_group(one.id)
            found += members
    return {user: answered.get(user, Confirmation()) for user in dict.fromkeys(found)}


def folders_for(context: Context, tasks: TaskList, users: Iterable[int], before: Mapping[int, int]) -> dict[int, int]:
    """User and folder of everybody who has a task that lies in `tasks`.

    `users` keep it where they had it before, at first in their default task lists; what lies in a public folder lies
    in no other.
    """
    if tasks.holder == NOBODY:
        return {NOBODY: tasks.id}
    found = {tasks.holder: tasks.id}
    for user in users:
        folder = before.get(user) or _default_list(context, user)
        if folder is not None:
            found.setdefault(user, folder)
    return found


def _default_list(context: Context, user: int) -> int | None:
    """The default task list of a user; the administrator has none."""
    try:
        return context.folders.default(user, MODULE).id
    except LookupError:
        return None
