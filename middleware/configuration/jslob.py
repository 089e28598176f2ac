"""The module `jslob`: JSON documents that a client keeps at the server, per user and service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from middleware.call import Call
from middleware.configuration.tables import documents
from middleware.configuration.tree import jslob_meta, jslob_trees
from middleware.context import Context
from middleware.directory.model import User
from middleware.envelope import Result
from middleware.errors import missing_body
from middleware.registry import Module

DEFAULT_SERVICE = "com.openexchange.jslob.config"

module = Module("jslob")


@module.action("all")
def all_documents(call: Call, ox: Context) -> Result:
    """Every document of the service."""
    return Result(list(_documents(call, ox).values()))


@module.action("list", "PUT")
def list_documents(call: Call, ox: Context) -> Result:
    """The documents with the ids in the body; an unknown one is empty."""
    if call.body is None:
        raise missing_body()
    known = _documents(call, ox)
    return Result([known.get(str(name), _document(str(name), {})) for name in call.array()])


@module.action("get")
def get(call: Call, ox: Context) -> Result:
    """One document; an unknown one is empty."""
    name = call.require("id")
    return Result(_documents(call, ox).get(name, _document(name, {})))


@module.action("set", "PUT")
def set_document(call: Call, ox: Context) -> Result:
    """Replace a document; without body it is deleted."""
    _store(call, ox, call.require("id"), call.object() if call.body is not None else None)
    return Result()


@module.action("update", "PUT")
def update_document(call: Call, ox: Context) -> Result:
    """Merge the body into a document, or set the `value` at its `path`."""
    name = call.require("id")
    change = call.object()
    if set(change) == {"path", "value"}:
        change = _nested(str(change["path"]).strip("/").split("/"), change["value"])
    _store(call, ox, name, _merged(_stored(call, ox).get(name, {}), change))
    return Result()


@module.on_user_removed
def forget_documents(_ox: Context, connection: Connection, user: User) -> None:
    """Delete the documents of a removed user."""
    connection.execute(delete(documents).where(documents.c.user_id == user.id))


def _nested(path: list[str], value: Any) -> dict[str, Any]:
    return {path[0]: _nested(path[1:], value) if len(path) > 1 else value}


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}


def _document(name: str, tree: Any, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": name, "tree": tree, "meta": meta or {}}


def _service(call: Call) -> str:
    return call.text("serviceId", DEFAULT_SERVICE)


def _documents(call: Call, ox: Context) -> dict[str, dict[str, Any]]:
    trees = dict(jslob_trees(ox, ox.users.get(call.user))) if _service(call) == DEFAULT_SERVICE else {}
    for name, tree in _stored(call, ox).items():
        trees[name] = _merged(trees.get(name, {}), tree)
    own = _service(call) == DEFAULT_SERVICE
    return {name: _document(name, tree, jslob_meta(ox, name) if own else {}) for name, tree in trees.items()}


def _stored(call: Call, ox: Context) -> dict[str, Any]:
    mine = (documents.c.user_id == call.user) & (documents.c.service == _service(call))
    with ox.store.reading() as connection:
        rows = connection.execute(select(documents.c.id, documents.c.tree).where(mine)).all()
    return {row.id: row.tree for row in rows}


def _store(call: Call, ox: Context, name: str, tree: Any) -> None:
    key = {"user_id": call.user, "service": _service(call), "id": name}
    with ox.store.writing() as connection:
        if tree is None:
            connection.execute(delete(documents).filter_by(**key))
        else:
            statement = insert(documents).values(**key, tree=tree)
            connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"tree": tree}))
