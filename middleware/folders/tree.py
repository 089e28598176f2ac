"""The folder tree: reading folders and checking permissions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from middleware.directory.groups import Groups
from middleware.folders.errors import folder_not_found
from middleware.folders.model import NOTHING, Folder, Permission, Rights
from middleware.folders.tables import folders as table
from middleware.store import Store


class _Index:
    """All folders in memory: by id, by parent, and the default folders by owner and module."""

    def __init__(self) -> None:
        self.by_id: dict[int, Folder] = {}
        self._children: dict[int, dict[int, Folder]] = {}
        self._defaults: dict[tuple[int, str], int] = {}

    def put(self, folder: Folder) -> None:
        old = self.by_id.get(folder.id)
        if old is not None and old.parent != folder.parent:
            del self._children[old.parent][folder.id]
        self.by_id[folder.id] = folder
        self._children.setdefault(folder.parent, {})[folder.id] = folder
        if folder.standard:
            self._defaults.setdefault((folder.owner, folder.module), folder.id)

    def drop(self, folder_id: int) -> None:
        folder = self.by_id.pop(folder_id)
        del self._children[folder.parent][folder_id]

    def children(self, folder_id: int) -> tuple[Folder, ...]:
        below = self._children.get(folder_id, {})
        return tuple(below[number] for number in sorted(below))

    def default(self, owner: int, module: str) -> Folder | None:
        return self.by_id.get(self._defaults.get((owner, module), -1))


class Folders:
    """The folders of the context and who may do what in them. Cost: answers come from memory until a folder changes."""

    def __init__(self, store: Store, groups: Groups, context_id: int) -> None:
        self._store = store
        self._groups = groups
        self._context_id = context_id
        self._cache: _Index | None = None

    def all(self) -> tuple[Folder, ...]:
        """Every folder by rising id."""
        by_id = self._loaded().by_id
        return tuple(by_id[number] for number in sorted(by_id))

    def find(self, folder_id: int) -> Folder | None:
        """The folder of that id, None when unknown. No permission is checked."""
        return self._loaded().by_id.get(folder_id)

    def get(self, folder_id: int) -> Folder:
        """The folder of that id; FLD-0008 when unknown. No permission is checked."""
        folder = self.find(folder_id)
        if folder is None:
            raise folder_not_found(folder_id, self._context_id)
        return folder

    def rights(self, user_id: int, folder: Folder) -> Rights:
        """What a user may do in a folder, his groups included."""
        rights = NOTHING
        for permission in folder.permissions:
            member = permission.group and self._groups.contains(permission.entity, user_id)
            if member or (not permission.group and permission.entity == user_id):
                rights = permission.rights if rights is NOTHING else rights.joined(permission.rights)
        return rights

    def visible(self, user_id: int, module: str) -> tuple[Folder, ...]:
        """The folders of a module that a user can see, by rising id."""
        return tuple(
            folder for folder in self.all() if folder.module == module and self.rights(user_id, folder).visible
        )

    def default(self, user_id: int, module: str) -> Folder:
        """The default folder of a user for calendar, contacts or tasks."""
        found = self._loaded().default(user_id, module)
        if found is None:
            raise LookupError(f"user {user_id} has no default folder for {module}")
        return found

    def children(self, folder_id: int) -> tuple[Folder, ...]:
        """The folders directly below a folder, by rising id."""
        return self._loaded().children(folder_id)

    def add(self, connection: Connection, folder: Folder) -> None:
        """Store a new folder."""
        index = self._loaded()
        connection.execute(insert(table).values(**_values(folder)))
        index.put(folder)

    def replace(self, connection: Connection, folder: Folder) -> None:
        """Store a changed folder."""
        connection.execute(update(table).where(table.c.id == folder.id).values(**_values(folder)))
        self._loaded().put(folder)

    def remove(self, connection: Connection, folder_id: int) -> None:
        """Forget a folder; its content is the business of the modules."""
        index = self._loaded()
        connection.execute(delete(table).where(table.c.id == folder_id))
        index.drop(folder_id)

    def forget_cached(self) -> None:
        """Read from the store again, after a rolled back transaction."""
        self._cache = None

    def _loaded(self) -> _Index:
        if self._cache is None:
            with self._store.reading() as connection:
                rows = connection.execute(select(table).order_by(table.c.id)).all()
            index = _Index()
            for row in rows:
                index.put(_folder(row))
            self._cache = index
        return self._cache


def _folder(row: Row[Any]) -> Folder:
    fields = dict(row._mapping)
    fields["permissions"] = tuple(Permission(**one) for one in fields["permissions"])
    return Folder(**fields)


def _values(folder: Folder) -> dict[str, Any]:
    values = {name: getattr(folder, name) for name in Folder.__dataclass_fields__}
    values["permissions"] = [{"entity": one.entity, "group": one.group, "bits": one.bits} for one in folder.permissions]
    values["meta"] = dict(folder.meta)
    return values
