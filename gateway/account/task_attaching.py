"""POST to a task: a file added, replaced or removed, and nothing else changed (RFC 8607 3.4 to 3.6).

OX has one occurrence of a task, and files of the task alone: there are none of instances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.attaching import file_change
from gateway.account.attachment_links import Address
from gateway.account.event_residue import NOTHING
from gateway.account.faults import partly
from gateway.account.index import Member
from gateway.account.task_files import change_files
from gateway.account.task_reading import current, read_back
from gateway.account.task_writing import keep, learn, served
from gateway.dav.values import Attached, AttachmentChange
from gateway.ledger.ledger import LedgerError
from mappings.calendar.file_changes import NoSuchInstance, as_sent, changed_files, new_files
from mappings.calendar.read import read
from mappings.contentline import parse_tree, write_tree
from mappings.tasks.render import render
from mappings.tasks.residue import merge

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def change_attachment(tasklist: TaskCollection, member: Member, asked: AttachmentChange) -> Attached:
    """See ``Attachable.change_attachment``. Raises DAVError, OXError, InvalidData."""
    former, user = await current(tasklist, member), tasklist.user
    change = file_change([former], asked, tasklist.max_attachments)
    if change.instances not in (None, ("M",)):
        raise NoSuchInstance("occurrences of tasks have no files of their own")
    await change_files(tasklist, former, changed_files(former, change))
    task = await read_back(tasklist, member.key)
    before = (await tasklist.residue.of([member.key])).get(member.key, NOTHING)
    shown = render(former, user)
    sent = as_sent(parse_tree(merge(shown, before.wordings, user)), parse_tree(shown), parse_tree(render(task, user)))
    try:
        task, kept = await keep(tasklist, task, former, read(write_tree(sent).encode()), before)
    except LedgerError as error:
        raise partly(error, tasklist.path) from error
    await learn(tasklist, task, kept)
    entry, _ = await served(tasklist, task, kept)
    file = next(iter(new_files([former], [task], change)), None)
    if file is None or change.file is None:
        return Attached(entry, None, None)
    path = tasklist.tree.links.path(Address(tasklist.folder.id, file, tasklist.component), change.file["filename"])
    return Attached(entry, str(file.managed_id), path)
