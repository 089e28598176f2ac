"""The objects that files can be attached to: who may read and change them, and what a file beside them changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from middleware.attachments import storage
from middleware.attachments.storage import Attachment, NewFile
from middleware.call import Call
from middleware.contacts import access as contact_access
from middleware.contacts import storage as contacts
from middleware.contacts.model import ATTACHMENT_MODULE, Contact
from middleware.context import Context
from middleware.folders.model import Folder
from middleware.tasks import access as task_access
from middleware.tasks import errors as task_errors
from middleware.tasks import model as task_model
from middleware.tasks import storage as tasks


@dataclass(frozen=True, slots=True)
class Request:
    """One call about the files of an object, within a transaction."""

    call: Call
    ox: Context
    connection: Connection
    folder: object
    attached: object


class Holder(ABC):
    """An object that the user may read. Ids are numbers, stamps ms of UTC."""

    id: int
    folder: int

    @abstractmethod
    def require_write(self) -> None:
        """Raise the error of the object's module unless the user may change it."""

    @abstractmethod
    def attachments(self) -> list[Attachment]:
        """Its files, by rising id."""

    @abstractmethod
    def content(self, number: int) -> bytes | None:
        """The bytes of one of its files."""

    @abstractmethod
    def attach(self, files: Sequence[NewFile]) -> list[int]:
        """Add files; their ids."""

    @abstractmethod
    def detach(self, ids: Iterable[int]) -> None:
        """Remove those files that it has."""

    @abstractmethod
    def removed_since(self, stamp: int) -> list[int]:
        """The ids of the files that were removed after a stamp."""

    @property
    @abstractmethod
    def modified(self) -> int:
        """The stamp of its last change."""


class StoredHolder(Holder):
    """An object whose files are kept by this module."""

    def __init__(self, request: Request, module: int, number: int, folder: int) -> None:
        self._request = request
        self._module = module
        self.id = number
        self.folder = folder

    def attachments(self) -> list[Attachment]:
        return storage.of_object(self._request.connection, self._module, self.id)

    def content(self, number: int) -> bytes | None:
        return storage.content(self._request.connection, self._module, self.id, number)

    def attach(self, files: Sequence[NewFile]) -> list[int]:
        ox, connection, user = self._request.ox, self._request.connection, self._request.call.user
        ids = []
        for file in files:
            number = ox.store.next_id(connection, "attachments")
            storage.add(connection, number, self._module, self.id, file, stamp=ox.clock.stamp(), user=user)
            ids.append(number)
        self._touch(self.attachments())
        return ids

    def detach(self, ids: Iterable[int]) -> None:
        stamp = self._request.ox.clock.stamp()
        if storage.remove(self._request.connection, self._module, self.id, ids, stamp):
            self._touch(self.attachments())

    def removed_since(self, stamp: int) -> list[int]:
        return storage.removed_since(self._request.connection, self._module, self.id, stamp)

    @abstractmethod
    def _touch(self, found: Sequence[Attachment]) -> None:
        """Let the object tell how many files it has, and raise its stamp."""


class TaskHolder(StoredHolder):
    """A task. TSK-0006 and TSK-0019 when there is none."""

    def __init__(self, request: Request) -> None:
        number = task_access.identifier(request.attached, "attached")
        self._tasks = task_access.readable_list(request.ox, request.call.user, request.folder)
        if tasks.find(request.connection, number) is None:
            raise task_errors.not_found(number, request.ox.id)
        self._task = task_access.readable(request.connection, self._tasks, number).task
        super().__init__(request, task_model.MODULE_ID, number, self._tasks.id)

    @property
    def modified(self) -> int:
        return self._task.modified

    def require_write(self) -> None:
        self._tasks.require_write(self._task)

    def _touch(self, found: Sequence[Attachment]) -> None:
        self._task = replace(
            self._task,
            attachments=len(found),
            newest_attachment=_newest(found),
            modified=self._request.ox.clock.stamp(),
            modified_by=self._request.call.user,
        )
        tasks.replace(self._request.connection, self._task)


class ContactHolder(StoredHolder):
    """A contact. CON-0104 and CON-0125 when there is none."""

    def __init__(self, request: Request) -> None:
        self._folder: Folder = contact_access.readable_folder(request.ox, request.call, request.folder)
        self._contact: Contact = contact_access.existing(
            request.ox, request.call, request.connection, self._folder, request.attached
        )
        super().__init__(request, ATTACHMENT_MODULE, self._contact.id, self._folder.id)

    @property
    def modified(self) -> int:
        return self._contact.modified

    def require_write(self) -> None:
        contact_access.require_write(self._request.ox, self._request.call, self._folder, self._contact)

    def _touch(self, found: Sequence[Attachment]) -> None:
        told = {"number_of_attachments": len(found), "lastModifiedOfNewestAttachmentUTC": _newest(found)}
        fields = {name: value for name, value in {**self._contact.fields, **told}.items() if value is not None}
        self._contact = replace(
            self._contact,
            fields=fields,
            modified=self._request.ox.clock.stamp(),
            modified_by=self._request.call.user,
        )
        contacts.replace(self._request.connection, self._contact)


def _newest(found: Sequence[Attachment]) -> int | None:
    return max((one.created for one in found), default=None)
