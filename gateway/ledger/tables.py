"""Tables of the ledger and the steps that lead an older database to them.

A step is never changed once it was released; a new version appends one.
"""

from __future__ import annotations

import secrets
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
    and_,
    delete,
    insert,
    or_,
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
"""``schema_version``, ``life`` and ``secret``."""

names = Table(
    "names",
    metadata,
    Column("account", String, primary_key=True),
    Column("collection", String, primary_key=True),
    Column("ox_id", String, primary_key=True),
    Column("name", Text, nullable=False),
    UniqueConstraint("account", "collection", "name"),
)

former_names = Table(
    "former_names",
    metadata,
    Column("account", String, primary_key=True),
    Column("collection", String, primary_key=True),
    Column("ox_id", String, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
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


_COMPOSITE = "cal://0/"


def _first_tables(connection: Connection) -> None:
    metadata.create_all(connection, tables=[names, segments, properties, residues])


def _secret(connection: Connection) -> None:
    connection.execute(insert(facts), [{"name": "secret", "value": secrets.token_hex(32)}])


def _plain_folder_ids(connection: Connection) -> None:
    """Calendars of OX 8 were kept under the ids of its API. Where OX 7.8 had kept something of the same object under
    the plain id, that is older."""
    for table, column, unique in (
        (names, names.c.collection, (names.c.ox_id, names.c.name)),
        (residues, residues.c.collection, (residues.c.ox_id,)),
        (segments, segments.c.folder, (segments.c.account,)),
        (properties, properties.c.folder, (properties.c.name,)),
    ):
        account = table.c.account
        composite = select(account, column.label("folder")).where(column.startswith(_COMPOSITE)).distinct()
        for row in connection.execute(composite).all():
            plain = row.folder.removeprefix(_COMPOSITE)
            newer, older = (and_(account == row.account, column == each) for each in (row.folder, plain))
            for found in connection.execute(select(*unique).where(newer)).all():
                clashing = [each == value for each, value in zip(unique, found, strict=True)]
                connection.execute(delete(table).where(older, or_(*clashing)))
            connection.execute(update(table).where(newer).values({column: plain}))


_BETWEEN = "\n"


def _former_names(connection: Connection) -> None:
    """They were rows of ``names`` whose ids were those of objects with the name after a line feed."""
    former_names.create(connection, checkfirst=True)
    mixed = names.c.ox_id.contains(_BETWEEN)
    for row in connection.execute(select(names).where(mixed)).mappings().all():
        ox_id = row["ox_id"].partition(_BETWEEN)[0]
        connection.execute(insert(former_names).values({**row, "ox_id": ox_id, "until": 0, "since": 0}))
    connection.execute(delete(names).where(mixed))


STEPS: tuple[Callable[[Connection], None], ...] = (_first_tables, _secret, _plain_folder_ids, _former_names)
"""Step n leads from version n to n + 1."""


def migrate(connection: Connection) -> tuple[str, str]:
    """Bring the database to the present version, within the caller's transaction; answers its life and its secret.
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
    secret = connection.execute(select(facts.c.value).where(facts.c.name == "secret")).scalar_one()
    return known["life"], secret
