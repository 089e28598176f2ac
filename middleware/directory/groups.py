"""The groups of the context."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from middleware.directory.deleted import bury
from middleware.directory.model import EVERYONE, GUESTS, STANDARD_GROUP, Group
from middleware.directory.tables import group_members
from middleware.directory.tables import groups as table
from middleware.directory.users import Users
from middleware.errors import OXError
from middleware.store import Store


def group_not_found(group_id: int, context_id: int) -> OXError:
    """No group has that id."""
    return OXError(
        "GRP-0017",
        "ERROR",
        f'Cannot find group with identifier "{group_id}" in context {context_id}.',
        f"Cannot find group with identifier {group_id} in context {context_id}.",
        [group_id, context_id],
    )


class Groups:
    """Reads and changes groups. The groups 0 (all users) and 1 (standard group) always hold every user."""

    def __init__(self, store: Store, users: Users, context_id: int) -> None:
        self._store = store
        self._users = users
        self._context_id = context_id
        self._cache: dict[int, Group] | None = None

    def all(self) -> tuple[Group, ...]:
        """The groups by rising id, 0 and 1 included."""
        everyone = tuple(user.id for user in self._users.all())
        created = min((user.created for user in self._users.all()), default=0)
        return (
            Group(EVERYONE, "", "All users", everyone, self._store.clock.now()),
            Group(STANDARD_GROUP, "users", "Standard group", everyone, created),
            *self._loaded().values(),
        )

    def find(self, group_id: int) -> Group | None:
        """The group of that id, None when unknown."""
        return next((group for group in self.all() if group.id == group_id), None)

    def get(self, group_id: int) -> Group:
        """The group of that id; GRP-0017 when unknown."""
        group = self.find(group_id)
        if group is None:
            raise group_not_found(group_id, self._context_id)
        return group

    def of_user(self, user_id: int) -> tuple[int, ...]:
        """The ids of the groups a user is in, by rising id."""
        own = [group.id for group in self._loaded().values() if user_id in group.members]
        return (EVERYONE, STANDARD_GROUP, *own)

    def contains(self, group_id: int, user_id: int) -> bool:
        """Whether the user is a member."""
        if group_id in (EVERYONE, STANDARD_GROUP):
            return self._users.find(user_id) is not None
        if group_id == GUESTS:
            return False
        group = self._loaded().get(group_id)
        return group is not None and user_id in group.members

    def put(self, connection: Connection, group: Group) -> None:
        """Store a new or changed group with exactly these members."""
        fields = {"name": group.name, "display_name": group.display_name, "modified": group.modified}
        changed = connection.execute(update(table).where(table.c.id == group.id).values(**fields))
        if changed.rowcount == 0:
            connection.execute(insert(table).values(id=group.id, **fields))
        connection.execute(delete(group_members).where(group_members.c.group_id == group.id))
        _add_members(connection, group.id, group.members)
        self._cache = None

    def remove(self, connection: Connection, group_id: int) -> None:
        """Delete a group; `updates` reports it as deleted from then on."""
        group = self.get(group_id)
        stamp = self._store.clock.stamp()
        document = {
            "id": group.id,
            "display_name": group.display_name,
            "name": group.name,
            "last_modified_utc": stamp,
            "members": list(group.members),
        }
        bury(connection, "group", group_id, document, stamp)
        connection.execute(delete(table).where(table.c.id == group_id))
        self._cache = None

    def forget_cached(self) -> None:
        """Read from the store again, after a rolled back transaction."""
        self._cache = None

    def _loaded(self) -> dict[int, Group]:
        if self._cache is None:
            with self._store.reading() as connection:
                rows = connection.execute(select(table).order_by(table.c.id)).all()
                pairs = connection.execute(select(group_members).order_by(group_members.c.user_id)).all()
            members: dict[int, list[int]] = {row.id: [] for row in rows}
            for pair in pairs:
                members[pair.group_id].append(pair.user_id)
            self._cache = {
                row.id: Group(row.id, row.name, row.display_name, tuple(members[row.id]), row.modified) for row in rows
            }
        return self._cache


def _add_members(connection: Connection, group_id: int, members: Iterable[int]) -> None:
    rows = [{"group_id": group_id, "user_id": member} for member in sorted(set(members))]
    if rows:
        connection.execute(insert(group_members), rows)
