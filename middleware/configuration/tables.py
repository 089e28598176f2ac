"""Documents of users (module jslob) and values of their configuration."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from middleware.schema import metadata

documents = Table(
    "jslob_documents",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("service", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("tree", JSON, nullable=False),
)
