"""Tables of tasks: the document, in whose folder it is, and what left a folder."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table

from middleware.schema import metadata

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Integer, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("modified_by", Integer, nullable=False),
    Column("fields", JSON, nullable=False),
    # Null for a task without participants: nothing is to be parsed for most of them.
    Column("participants", JSON(none_as_null=True)),
    Column("users", JSON(none_as_null=True)),
    Column("attachments", Integer, nullable=False),
    Column("newest_attachment", BigInteger),
    Index("tasks_by_uid", "uid"),
)

# One row for every user who has the task in a folder of his own; one of NOBODY in a public folder. The stamp is that
# of the task, so that changes of a folder are found by one index.
placements = Table(
    "task_placements",
    metadata,
    Column("task", Integer, ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True),
    Column("user", Integer, primary_key=True),
    Column("folder", Integer, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Index("task_placements_by_stamp", "folder", "stamp"),
)
NOBODY = 0

tombstones = Table(
    "task_tombstones",
    metadata,
    Column("task", Integer, primary_key=True),
    Column("folder", Integer, primary_key=True),
    Column("deleted", BigInteger, nullable=False),
    Index("task_tombstones_by_stamp", "folder", "deleted"),
)

# What the module `reminder` shows of tasks: the alarm that a user has set on one.
reminders = Table(
    "task_reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task", Integer, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False),
    Column("user", Integer, nullable=False),
    Column("folder", Integer, nullable=False),
    Column("alarm", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Index("task_reminders_by_task", "task", "user", unique=True),
    Index("task_reminders_by_user", "user", "alarm"),
)
