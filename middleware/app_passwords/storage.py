"""Reading and writing application passwords."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from middleware.app_passwords.tables import app_passwords as table
from middleware.passwords import hash_password

# Sixteen letters: some 75 bits.
_SHAPE: Final = re.compile(r"[a-z]{4}(?:-[a-z]{4}){3}")


@dataclass(frozen=True, slots=True)
class AppPassword:
    """One application password; the last three members tell of its last use (ms, client, address)."""

    uuid: str
    user_id: int
    type: str
    name: str
    password_hash: str
    last_device: str | None = None
    last_login: int | None = None
    address: str | None = None


def new_password() -> str:
    """A fresh secret."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(4))


def may_be_one(password: str) -> bool:
    """Whether a password has the form of those made here; others need not be compared."""
    return _SHAPE.fullmatch(password) is not None


def add(connection: Connection, user_id: int, app_type: str, name: str, password: str) -> None:
    """Store a new one."""
    values = {"user_id": user_id, "type": app_type, "name": name, "password_hash": hash_password(password)}
    connection.execute(insert(table).values(uuid=str(uuid4()), **values))


def of_user(connection: Connection, user_id: int) -> list[AppPassword]:
    """Those of a user by name."""
    query = select(table).where(table.c.user_id == user_id).order_by(table.c.name, table.c.uuid)
    return [AppPassword(**row._mapping) for row in connection.execute(query)]


def note_use(connection: Connection, uuid: str, device: str, stamp: int, address: str) -> None:
    """Remember a login."""
    values = {"last_device": device, "last_login": stamp, "address": address}
    connection.execute(update(table).where(table.c.uuid == uuid).values(**values))


def remove(connection: Connection, user_id: int, uuid: str) -> bool:
    """Forget one of a user; whether there was such a one."""
    where = (table.c.uuid == uuid) & (table.c.user_id == user_id)
    return connection.execute(delete(table).where(where)).rowcount > 0
