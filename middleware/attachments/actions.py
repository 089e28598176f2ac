"""The actions of the module `attachment`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from middleware.attachments.holders import Holder
from middleware.attachments.requests import (
    attachment_id,
    attachment_ids,
    columns,
    not_found,
    open_holder,
    uploads,
)
from middleware.attachments.storage import Attachment, forget_old_tombstones
from middleware.call import Call
from middleware.chronos.archive import free_name
from middleware.context import Context
from middleware.disposition import disposition
from middleware.envelope import Binary, Result
from middleware.registry import Module
from middleware.times import wall_clock

module = Module("attachment")
module.on_clean_up(forget_old_tombstones)

# What browsers must not open by themselves is a mere file.
_FILE_TYPE: Final = "application/octet-stream;charset=UTF-8"
_COLUMNS: Final[Mapping[int, str]] = {
    1: "id",
    2: "created_by",
    4: "creation_date",
    800: "folder",
    801: "attached",
    802: "module",
    803: "filename",
    804: "file_size",
    805: "file_mimetype",
    806: "rtf_flag",
    880: "comment",
}


@dataclass(frozen=True, slots=True)
class _View:
    """Attachments of an object as answers show them."""

    call: Call
    module: int
    holder: Holder

    def object(self, one: Attachment) -> dict[str, Any]:
        return {
            "id": one.id,
            "created_by": one.created_by,
            "creation_date": wall_clock(one.created, self.call.timezone()),
            "folder": self.holder.folder,
            "attached": self.holder.id,
            "module": self.module,
            "filename": one.filename,
            "file_size": one.size,
            "file_mimetype": one.content_type,
            "rtf_flag": False,
            "comment": "",
            "uri": "",
            "file_id": f"attachments/{one.id}",
            "checksum": one.checksum,
        }

    def rows(self, found: Iterable[Attachment], wanted: Sequence[int]) -> list[list[Any]]:
        names = [_COLUMNS[column] for column in wanted if column in _COLUMNS]
        return [[shown[name] for name in names] for shown in map(self.object, found)]

    def sorted(self, found: list[Attachment]) -> list[Attachment]:
        name = _COLUMNS.get(self.call.integer("sort", 0))
        if name is None:
            return found
        backwards = self.call.text("order").lower() == "desc"
        return sorted(found, key=lambda one: self.object(one)[name], reverse=backwards)


@module.action("all", "GET")
def all_attachments(call: Call, ox: Context) -> Result:
    """The attachments of an object."""
    with ox.store.reading() as connection:
        number, holder = open_holder(call, ox, connection, call.params)
        wanted, found = columns(call), holder.attachments()
        view = _View(call, number, holder)
        return Result(view.rows(view.sorted(found), wanted), _newest(found))


@module.action("list", "PUT")
def list_attachments(call: Call, ox: Context) -> Result:
    """Those that the body names, by id; others are left out."""
    with ox.store.reading() as connection:
        number, holder = open_holder(call, ox, connection, call.params)
        wanted, ids = columns(call), set(attachment_ids(call))
        found = [one for one in holder.attachments() if one.id in ids]
        return Result(_View(call, number, holder).rows(found, wanted), _newest(found))


@module.action("updates", "GET")
def updates(call: Call, ox: Context) -> Result:
    """What was attached after the stamp as rows, then the ids of what was detached unless `ignore` says deleted."""
    with ox.store.reading() as connection:
        number, holder = open_holder(call, ox, connection, call.params)
        wanted, since = columns(call), call.integer("timestamp")
        found = [one for one in holder.attachments() if one.created > since]
        gone = [] if "deleted" in call.text("ignore") else holder.removed_since(since)
        view = _View(call, number, holder)
        return Result([*view.rows(view.sorted(found), wanted), *gone], ox.clock.now())


@module.action("get", "GET")
def get(call: Call, ox: Context) -> Result:
    """One attachment; ATT-0405 when the object does not have it."""
    wanted = attachment_id(call.require("id"))
    with ox.store.reading() as connection:
        number, holder = open_holder(call, ox, connection, call.params)
        one = _existing(holder, wanted)
        return Result(_View(call, number, holder).object(one), one.created)


@module.action("document", "GET")
def document(call: Call, ox: Context) -> Binary:
    """The file itself, always to be saved."""
    wanted = attachment_id(call.require("id"))
    with ox.store.reading() as connection:
        _, holder = open_holder(call, ox, connection, call.params)
        one = _existing(holder, wanted)
        return Binary(_content(holder, one), _FILE_TYPE, _saved_as(one.filename))


@module.action("zipDocuments", "PUT")
def zip_documents(call: Call, ox: Context) -> Binary:
    """The files that the body names as one archive."""
    packed = io.BytesIO()
    with ox.store.reading() as connection, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _, holder = open_holder(call, ox, connection, call.params)
        for wanted in dict.fromkeys(attachment_ids(call)):
            one = _existing(holder, wanted)
            archive.writestr(free_name(archive, one.filename), _content(holder, one))
    return Binary(packed.getvalue(), "application/zip", _saved_as("documents.zip"))


@module.action("attach", "POST")
def attach(call: Call, ox: Context) -> Result:
    """Attach the uploaded files, all or none; their ids, and the stamp that the object has by that."""
    with ox.store.writing() as connection:
        ids: list[int] = []
        stamp = 0
        for named, file in uploads(call):
            _, holder = open_holder(call, ox, connection, named, write=True)
            ids += holder.attach([file])
            stamp = max(stamp, holder.modified)
        return Result(ids, stamp)


@module.action("detach", "PUT")
def detach(call: Call, ox: Context) -> Result:
    """Remove attachments; ids that the object does not have are no error and leave it as it is."""
    ids = attachment_ids(call)
    with ox.store.writing() as connection:
        _, holder = open_holder(call, ox, connection, call.params, write=True)
        before = holder.modified
        holder.detach(ids)
        return Result("", holder.modified if holder.modified != before else ox.clock.stamp())


def _existing(holder: Holder, wanted: int) -> Attachment:
    for one in holder.attachments():
        if one.id == wanted:
            return one
    raise not_found(wanted)


def _content(holder: Holder, one: Attachment) -> bytes:
    data = holder.content(one.id)
    if data is None:
        raise not_found(one.id)
    return data


def _saved_as(filename: str) -> dict[str, str]:
    return {"Content-Disposition": disposition("attachment", filename)}


def _newest(found: Sequence[Attachment]) -> int | None:
    return max((one.created for one in found), default=None)
