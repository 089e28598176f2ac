"""The users of the context."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from middleware.directory.model import User
from middleware.directory.tables import users as table
from middleware.errors import OXError
from middleware.store import Store


def user_not_found(user_id: int, context_id: int) -> OXError:
    """No user has that id."""
    return OXError(
        "USR-0010",
        "ERROR",
        f'Cannot find user with identifier "{user_id}" in context {context_id}.',
        f"Cannot find user with identifier {user_id} in context {context_id}.",
        [user_id, context_id],
    )


class Users:
    """Reads and changes users. Cost: answers come from memory until a user changes."""

    def __init__(self, store: Store, context_id: int) -> None:
        self._store = store
        self._context_id = context_id
        self._cache: dict[int, User] | None = None

    def all(self) -> tuple[User, ...]:
        """All users by rising id, the administrator of the context included."""
        return tuple(self._loaded().values())

    def get(self, user_id: int) -> User:
        """The user of that id; USR-0010 when unknown."""
        user = self._loaded().get(user_id)
        if user is None:
            raise user_not_found(user_id, self._context_id)
        return user

    def find(self, user_id: int) -> User | None:
        """The user of that id, None when unknown."""
        return self._loaded().get(user_id)

    def by_email(self, email: str) -> User | None:
        """The user with that mail address, in any case of letters."""
        wanted = email.strip().lower().removeprefix("mailto:")
        return next((user for user in self.all() if user.email.lower() == wanted), None)

    def by_login(self, name: str) -> User | None:
        """The user with that login name, which may be the mail address."""
        wanted = name.strip().lower()
        return next((user for user in self.all() if wanted in (user.login.lower(), user.email.lower())), None)

    def password_hash(self, user_id: int) -> str:
        """The stored password hash; empty when the user cannot log in."""
        with self._store.reading() as connection:
            query = select(table.c.password_hash).where(table.c.id == user_id)
            return connection.execute(query).scalar() or ""

    def add(self, connection: Connection, user: User, password_hash: str) -> None:
        """Store a new user."""
        users = self._loaded()
        connection.execute(insert(table).values(**_values(user), password_hash=password_hash))
        users[user.id] = user

    def change(self, connection: Connection, user_id: int, **fields: Any) -> None:
        """Change fields of a user (names as in `User`) and raise his stamp."""
        changed = replace(self.get(user_id), **fields, modified=self._store.clock.stamp())
        connection.execute(update(table).where(table.c.id == user_id).values(**_values(changed)))
        self._loaded()[user_id] = changed

    def set_password_hash(self, connection: Connection, user_id: int, password_hash: str) -> None:
        """Store another password hash."""
        connection.execute(update(table).where(table.c.id == user_id).values(password_hash=password_hash))

    def remove(self, connection: Connection, user_id: int) -> None:
        """Forget a user; what he has is the business of others."""
        users = self._loaded()
        connection.execute(delete(table).where(table.c.id == user_id))
        del users[user_id]

    def forget_cached(self) -> None:
        """Read from the store again, after a rolled back transaction."""
        self._cache = None

    def _loaded(self) -> dict[int, User]:
        if self._cache is None:
            with self._store.reading() as connection:
                rows = connection.execute(select(table).order_by(table.c.id)).all()
            self._cache = {row.id: _user(row) for row in rows}
        return self._cache


def _user(row: Row[Any]) -> User:
    fields = dict(row._mapping)
    del fields["password_hash"]
    return User(**fields)


def _values(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in User.__dataclass_fields__}
