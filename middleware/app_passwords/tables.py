"""The table of application passwords."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from middleware.schema import metadata

app_passwords = Table(
    "app_passwords",
    metadata,
    Column("uuid", String, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("name", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("last_device", String),
    Column("last_login", BigInteger),
    Column("address", String),
)
