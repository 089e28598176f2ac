"""The columns of tasks: numbers, JSON names, what clients may write and how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a value is read."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"  # ms of UTC
    TIME = "time"  # ms shifted into the zone of the request
    COSTS = "costs"  # a decimal number
    MINUTES = "minutes"  # digits, sent and shown as text


@dataclass(frozen=True, slots=True)
class Field:
    """A column that clients may write. `limit`: greatest length in characters, of texts."""

    column: int
    name: str
    kind: Kind = Kind.TEXT
    limit: int = 255


FIELDS: tuple[Field, ...] = (
    Field(100, "categories"),
    Field(101, "private_flag", Kind.FLAG),
    Field(102, "color_label", Kind.NUMBER),
    Field(200, "title", limit=256),
    Field(203, "note", limit=65_535),
    Field(209, "recurrence_type", Kind.NUMBER),
    Field(212, "days", Kind.NUMBER),
    Field(213, "day_in_month", Kind.NUMBER),
    Field(214, "month", Kind.NUMBER),
    Field(215, "interval", Kind.NUMBER),
    Field(216, "until", Kind.DATE),
    Field(222, "occurrences", Kind.NUMBER),
    Field(300, "status", Kind.NUMBER),
    Field(301, "percent_completed", Kind.NUMBER),
    Field(302, "actual_costs", Kind.COSTS),
    Field(303, "actual_duration", Kind.MINUTES),
    Field(305, "billing_information"),
    Field(307, "target_costs", Kind.COSTS),
    Field(308, "target_duration", Kind.MINUTES),
    Field(309, "priority", Kind.NUMBER),
    Field(312, "currency", limit=10),
    Field(313, "trip_meter"),
    Field(314, "companies"),
    Field(315, "date_completed", Kind.DATE),
    Field(316, "start_time", Kind.TIME),
    Field(317, "end_time", Kind.TIME),
    Field(401, "full_time", Kind.FLAG),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
UID_LIMIT = 1024

# The names of the dates before there were tasks with a time of day.
OLD_DATES: Mapping[str, str] = {"start_date": "start_time", "end_date": "end_time"}

COLUMNS: Mapping[int, str] = {
    **{field.column: field.name for field in FIELDS},
    1: "id",
    2: "created_by",
    3: "modified_by",
    4: "creation_date",
    5: "last_modified",
    6: "last_modified_utc",
    20: "folder_id",
    104: "number_of_attachments",
    105: "lastModifiedOfNewestAttachmentUTC",
    201: "start_date",
    202: "end_date",
    204: "alarm",
    220: "participants",
    221: "users",
    223: "uid",
    224: "organizer",  # known, and never set
    226: "confirmations",
}
