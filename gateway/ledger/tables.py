"""Tables of the ledger and the steps that lead an older database to them.

A step is never changed once it was released; a new version appends one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from gateway.ledger.errors import LedgerError

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""``schema_version`` and ``life``."""

names = Table(
    "names",
    metadata,
    Column("account", String, primary_key=True),
    Column("collection", String, primary_key=True),
    Column("ox_id", String, primary_key=True),
    Column("name", Text, nullable=False),
    UniqueConstraint("account", "collection", "name"),
)

segments = Table(
    "segments",
    metadata,
    Column("account", String, primary_key=True),
    Column("folder", String, primary_key=True),
    Column("segment", Text, nullable=False),
)

properties = Table(
    "properties",
    metadata,
    Column("account", String, primary_key=True),
    Column("folder", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

residues = Table(
    "residues",
    metadata,
    Column("account", String, primary_key=True),
    Column("collection", String, primary_key=True),
    Column("ox_id", String, primary_key=True),
    Column("stamp", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
)


def _first_tables(connection: Connection) -> None:
    metadata.create_all(connection, tables=[names, segments, properties, residues])


STEPS: tuple[Callable[[Connection], None], ...] = (_first_tables,)
"""Step n leads from version n to n + 1."""


def migrate(connection: Connection) -> str:
    """Bring the database to the present version, within the caller's transaction; answers its life.
    Raises LedgerError for a database of a newer version or of something else."""
    facts.create(connection, checkfirst=True)
    known: dict[str, str] = {row.name: row.value for row in connection.execute(select(facts.c.name, facts.c.value))}
    if not known:
        known = {"schema_version": "0", "life": uuid.uuid4().hex}
        connection.execute(insert(facts), [{"name": name, "value": value} for name, value in known.items()])
    version = known.get("schema_version", "")
    if "life" not in known or not version.isdecimal():
        raise LedgerError("the database is not a ledger")
    if int(version) > len(STEPS):
        raise LedgerError(f"the ledger is of version {version}, this program knows {len(STEPS)}")
    for step in STEPS[int(version) :]:
        step(connection)
    connection.execute(update(facts).where(facts.c.name == "schema_version").values(value=str(len(STEPS))))
    return known["life"]
