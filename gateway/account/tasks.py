"""A task folder as a CalDAV collection of VTODO (RFC 4791)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gateway.account import task_attaching, task_writing
from gateway.account.bodies import Loaded
from gateway.account.calendar_collection import CalendarCollection
from gateway.account.event_residue import NOTHING, EventResidue, Kept
from gateway.account.faults import reported
from gateway.account.index import Member
from gateway.account.object_moving import ObjectFolder, move
from gateway.account.properties import COLOR, text_property
from gateway.account.task_files import with_files
from gateway.account.task_people import with_people
from gateway.account.task_sync import task_piece
from gateway.account.unreadable import readable
from gateway.dav.ports import ObjectCollection
from gateway.dav.turns import Turn
from gateway.dav.values import Attached, AttachmentChange, Entry, Privilege, Stored
from gateway.ox import tasks
from gateway.ox.errors import ObjectNotFound, OXError, PermissionDenied
from gateway.ox.tasks import Task
from mappings.colors import hex_color
from mappings.tasks.render import render
from mappings.tasks.residue import merge

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree
    from gateway.dav.paths import Path
    from gateway.ox.folders import Folder


class TaskCollection(ObjectFolder, CalendarCollection):
    """Tasks are read and written on behalf of the signed-in user, in whoever's folder: OX knows no other."""

    entry_type = "text/calendar; charset=utf-8; component=VTODO"
    component = "VTODO"

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        super().__init__(tree, path, folder)
        self.color = hex_color(text_property(self.kept, COLOR) or "")

    # -- reading -------------------------------------------------------------------------------------------------

    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded | None]:
        rows = await self.listed([member.key for member in members])
        kept = await self.residue.of([row["id"] for row in rows])
        turn, loaded = Turn(), {}
        for row in rows:
            key = row["id"]
            loaded[key] = readable(self, key, partial(self.rendered, row, kept.get(key, NOTHING)))
            await turn.may_end()
        return loaded

    def rendered(self, task: Task, kept: Kept) -> Loaded:
        """A task as text, with what the ledger keeps of it."""
        text = merge(render(task, self.user), kept.wordings, self.user)
        if task.get("attachments"):
            text = self.tree.links.published(text, self.folder.id)
        return Loaded((task_piece(task, kept.stamp),), text)

    @property
    def residue(self) -> EventResidue:
        return EventResidue(self.account.ledger, self.account.identity.key, self.folder.id)

    async def listed(self, ids: Sequence[str]) -> list[Task]:
        """See ``ObjectFolder``. Participants come with their addresses: one more call in some minutes, if there are
        any. Files come along: one more call for each task that has some."""
        try:
            answers: Sequence[object] = await self.account.session.run(tasks.by_id(self.folder.id, ids))
        except (ObjectNotFound, PermissionDenied):
            # One task that cannot be seen any more fails the whole call: ask for each.
            answers = await self.account.session.run_all([tasks.get(self.folder.id, task_id) for task_id in ids])
            for answer in answers:
                if isinstance(answer, OXError) and not isinstance(answer, ObjectNotFound | PermissionDenied):
                    raise answer from None
        found = [answer for answer in answers if isinstance(answer, dict)]
        here = [task for task in found if task.get("folder_id") == self.folder.id]
        return await with_people(self.account, await with_files(self.account.task_files, self.folder.id, here))

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        with reported((*self.path, name), Privilege.WRITE_CONTENT if base else Privilege.BIND):
            async with (await self.state()).turn(name):
                return await task_writing.put(self, name, data, base)

    async def change_attachment(self, name: str, base: Entry, change: AttachmentChange) -> Attached:
        with reported((*self.path, name), Privilege.WRITE_CONTENT):
            async with (await self.state()).turn(name):
                return await task_attaching.change_attachment(self, await self.existing(name, base), change)

    async def remove(self, name: str, base: Entry) -> None:
        with reported((*self.path, name), Privilege.UNBIND):
            await self.delete_member(await self.existing(name, base))

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        with reported((*target.path, target_name), Privilege.BIND):
            return await move(self, await self.existing(name, base), self.same_kind(target), target_name)

    async def update(self, key: str, stamp: int, fields: Mapping[str, Any]) -> int:
        return (await self.account.session.run(tasks.update(self.folder.id, key, stamp, fields))).stamp

    async def delete_member(self, member: Member) -> None:
        await task_writing.remove(self, member)
