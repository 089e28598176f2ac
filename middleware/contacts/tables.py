"""Tables of contacts: the document beside the columns that are searched by, pictures apart, tombstones."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from middleware.schema import metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", Integer, nullable=False),
    Column("uid", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Integer, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("modified_by", Integer, nullable=False),
    Column("user_id", Integer),
    Column("picture_type", String),
    Column("picture_modified", BigInteger),
    Column("fields", JSON, nullable=False),
    Index("contacts_by_stamp", "folder", "modified"),
    Index("contacts_by_uid", "uid"),
    Index("contacts_by_user", "user_id"),
)

pictures = Table(
    "contact_pictures",
    metadata,
    Column("contact", Integer, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

tombstones = Table(
    "contact_tombstones",
    metadata,
    Column("contact", Integer, primary_key=True),
    Column("folder", Integer, primary_key=True),
    Column("deleted", BigInteger, nullable=False),
    Index("contact_tombstones_by_stamp", "folder", "deleted"),
)
