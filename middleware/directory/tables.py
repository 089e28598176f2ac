"""Tables of the directory."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table

from middleware.schema import metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String, nullable=False, unique=True),
    Column("password_hash", String, nullable=False),
    Column("given_name", String, nullable=False),
    Column("surname", String, nullable=False),
    Column("display_name", String, nullable=False),
    Column("email", String, nullable=False, unique=True),
    Column("timezone", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("contact_id", Integer, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("display_name", String, nullable=False),
    Column("modified", BigInteger, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
)

resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("display_name", String, nullable=False),
    Column("email", String, nullable=False, unique=True),
    Column("description", String, nullable=False),
    Column("available", Integer, nullable=False),
    Column("modified", BigInteger, nullable=False),
)

# Deleted groups and resources, for their `updates` actions.
deleted_principals = Table(
    "deleted_principals",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("modified", BigInteger, nullable=False),
)
