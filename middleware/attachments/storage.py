"""Reading and writing rows of attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, insert, select

from middleware.attachments.tables import attachments, detached
from middleware.statement import Statement

_SHOWN = [column for column in attachments.columns if column.name != "data"]


def _of_object(table: Table) -> ColumnElement[bool]:
    return (table.c.module == bindparam("in_module")) & (table.c.attached == bindparam("object"))


_OF_OBJECT = Statement(select(*_SHOWN).where(_of_object(attachments)).order_by(attachments.c.id))
_FORGET = tuple(Statement(delete(table).where(_of_object(table))) for table in (attachments, detached))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside an object. `created`: stamp in ms of UTC; `checksum`: MD5 in hexadecimal digits."""

    id: int
    created: int
    created_by: int
    filename: str
    content_type: str
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is to be attached."""

    filename: str
    content_type: str
    data: bytes


def checksum(data: bytes) -> str:
    """The MD5 of a file, by which clients notice a damaged one; it protects nothing."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def of_object(connection: Connection, module: int, attached: int) -> list[Attachment]:
    """The attachments of an object, by rising id."""
    return [_attachment(row) for row in _OF_OBJECT.all(connection, in_module=module, object=attached)]


def content(connection: Connection, module: int, attached: int, number: int) -> bytes | None:
    """The bytes of an attachment of an object."""
    mine = (attachments.c.module == module) & (attachments.c.attached == attached) & (attachments.c.id == number)
    data: bytes | None = connection.execute(select(attachments.c.data).where(mine)).scalar()
    return data


def add(
    connection: Connection, number: int, module: int, attached: int, file: NewFile, *, stamp: int, user: int
) -> None:
    """Store a file."""
    values = {
        "id": number,
        "module": module,
        "attached": attached,
        "created": stamp,
        "created_by": user,
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(file.data),
        "checksum": checksum(file.data),
        "data": file.data,
    }
    connection.execute(insert(attachments).values(**values))


def remove(connection: Connection, module: int, attached: int, ids: Iterable[int], stamp: int) -> list[int]:
    """Delete attachments of an object, leaving tombstones; the ids of those that there were."""
    wanted = set(ids)
    found = [one.id for one in of_object(connection, module, attached) if one.id in wanted]
    for number in found:
        connection.execute(delete(attachments).where(attachments.c.id == number))
        connection.execute(insert(detached).values(id=number, module=module, attached=attached, deleted=stamp))
    return found


def removed_since(connection: Connection, module: int, attached: int, stamp: int) -> list[int]:
    """The ids of what was detached from an object after a stamp, in rising order."""
    mine = (detached.c.module == module) & (detached.c.attached == attached) & (detached.c.deleted > stamp)
    return list(connection.execute(select(detached.c.id).where(mine).order_by(detached.c.id)).scalars())


def forget(connection: Connection, module: int, attached: int) -> None:
    """Forget everything about the files of an object that is deleted itself."""
    for statement in _FORGET:
        statement.run(connection, in_module=module, object=attached)


def forget_old_tombstones(connection: Connection, before: int) -> None:
    """Forget what was detached before a stamp."""
    connection.execute(delete(detached).where(detached.c.deleted < before))


def usage(connection: Connection, user: int) -> tuple[int, int]:
    """How many files a user has attached, and their size in bytes."""
    mine = attachments.c.created_by == user
    query = select(func.count(), func.coalesce(func.sum(attachments.c.size), 0)).where(mine)
    count, size = connection.execute(query).one()
    return int(count), int(size)


def _attachment(row: Any) -> Attachment:
    return Attachment(row.id, row.created, row.created_by, row.filename, row.content_type, row.size, row.checksum)
