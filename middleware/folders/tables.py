"""Tables of the folders."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from middleware.schema import metadata

folders = Table(
    "folders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, nullable=False),
    Column("module", String, nullable=False),
    Column("type", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("owner", Integer, nullable=False),
    Column("standard", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Integer, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("modified_by", Integer, nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("meta", JSON, nullable=False),
    Index("folders_parent", "parent"),
)

# What one user set for himself on a folder: colour, subscription, use for synchronisation.
folder_settings = Table(
    "folder_settings",
    metadata,
    Column("folder_id", ForeignKey("folders.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("settings", JSON, nullable=False),
    Index("folder_settings_by_user", "user_id"),
)

# Folders that a user could see once and cannot see any more, because they or his rights were removed.
vanished_folders = Table(
    "vanished_folders",
    metadata,
    Column("folder_id", Integer, primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("stamp", BigInteger, nullable=False),
    Index("vanished_folders_stamp", "user_id", "stamp"),
)
