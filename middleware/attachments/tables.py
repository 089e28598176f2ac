"""Tables of the files beside tasks and contacts; those of events are stored with chronos."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from middleware.schema import metadata

attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("module", Integer, nullable=False),
    Column("attached", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Integer, nullable=False),
    Column("filename", String, nullable=False),
    Column("content_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("checksum", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("attachments_by_object", "module", "attached"),
)

detached = Table(
    "detached_attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("module", Integer, nullable=False),
    Column("attached", Integer, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Index("detached_attachments_by_object", "module", "attached", "deleted"),
)
