"""Tables of the module chronos.

An event is stored once, as a JSON document, however many users take part. A placement says in which folder it
appears for whom; it repeats stamp and extent, so that `updates` and `all` of a folder are answered by an index.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, func

from middleware.schema import metadata

# `starts` and `ends` (ms) enclose everything the event covers, over all time zones; `starts` is null when it
# never takes place. `exact` says that they need no further look: a single event with a time zone.
events = Table(
    "chronos_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String, nullable=False, index=True),
    Column("series", Integer, index=True),
    Column("recurrence_id", String),
    Column("folder", Integer, index=True),
    Column("owner", Integer),
    Column("stamp", BigInteger, nullable=False),
    Column("starts", BigInteger),
    Column("ends", BigInteger),
    Column("exact", Boolean, nullable=False),
    Column("document", Text, nullable=False),
)
# Searches for a uid pass over the case of letters.
Index("chronos_events_by_uid", func.lower(events.c.uid))

# One row per user who sees the event in his own calendar; entity 0 for an event of a public folder. Whoever takes
# part otherwise (resources, attendees of a public event) is here with folder 0.
placements = Table(
    "chronos_placements",
    metadata,
    Column("event_id", ForeignKey("chronos_events.id", ondelete="CASCADE"), primary_key=True),
    Column("entity", Integer, primary_key=True),
    Column("folder", Integer, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("starts", BigInteger),
    Column("ends", BigInteger),
    Column("exact", Boolean, nullable=False),
    Index("chronos_placements_sync", "folder", "stamp", "event_id"),
    Index("chronos_placements_range", "folder", "starts", "ends"),
    Index("chronos_placements_entity", "entity", "starts"),
)

# The state of an event before it left somebody's calendar; written again whenever that happens.
tombstones = Table(
    "chronos_tombstones",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("stamp", BigInteger, nullable=False),
    Column("series", Integer),
    Column("starts", BigInteger),
    Column("ends", BigInteger),
    Column("owner", Integer),
    Column("document", Text, nullable=False),
)

tombstone_placements = Table(
    "chronos_tombstone_placements",
    metadata,
    Column("event_id", ForeignKey("chronos_tombstones.event_id", ondelete="CASCADE"), primary_key=True),
    Column("entity", Integer, primary_key=True),
    Column("folder", Integer, primary_key=True),
    Column("stamp", BigInteger, nullable=False),
    Index("chronos_tombstone_placements_sync", "folder", "stamp"),
)

# Alarms belong to one user; `since` is the stamp of their last change, triggers before it are not pending.
alarms = Table(
    "chronos_alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("chronos_events.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("chronos_alarms_owner", "user_id", "event_id"),
    Index("chronos_alarms_event", "event_id"),
)

attachments = Table(
    "chronos_attachments",
    metadata,
    Column("managed_id", Integer, primary_key=True),
    Column("content_type", String, nullable=False),
    Column("filename", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
