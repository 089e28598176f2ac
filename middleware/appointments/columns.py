"""The columns of appointments: their numbers, JSON names, and the event fields they are made of."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from middleware.call import Call

JSON = dict[str, Any]

# Column number: name in objects, and the fields of chronos that the value is made of.
_COLUMNS: Final[Mapping[int, tuple[str, tuple[str, ...]]]] = {
    1: ("id", ("id",)),
    2: ("created_by", ("createdBy",)),
    3: ("modified_by", ("modifiedBy",)),
    4: ("creation_date", ("created",)),
    5: ("last_modified", ("timestamp",)),
    6: ("last_modified_utc", ("timestamp",)),
    20: ("folder_id", ("folder",)),
    100: ("categories", ("categories",)),
    101: ("private_flag", ("class",)),
    102: ("color_label", ("color",)),
    104: ("number_of_attachments", ("attachments",)),
    105: ("lastModifiedOfNewestAttachmentUTC", ("attachments",)),
    200: ("title", ("summary",)),
    201: ("start_date", ("startDate",)),
    202: ("end_date", ("endDate",)),
    203: ("note", ("description",)),
    204: ("alarm", ("alarms",)),
    206: ("recurrence_id", ("seriesId",)),
    207: ("recurrence_position", ("recurrenceId",)),
    208: ("recurrence_date_position", ("recurrenceId",)),
    209: ("recurrence_type", ("rrule",)),
    210: ("change_exceptions", ("changeExceptionDates",)),
    211: ("delete_exceptions", ("deleteExceptionDates",)),
    212: ("days", ("rrule",)),
    213: ("day_in_month", ("rrule",)),
    214: ("month", ("rrule",)),
    215: ("interval", ("rrule",)),
    216: ("until", ("rrule",)),
    220: ("participants", ("attendees",)),
    221: ("users", ("attendees",)),
    222: ("occurrences", ("rrule",)),
    223: ("uid", ("uid",)),
    224: ("organizer", ("organizer",)),
    225: ("sequence", ("sequence",)),
    226: ("confirmations", ("attendees",)),
    227: ("organizerId", ("organizer",)),
    228: ("principal", ("organizer",)),
    229: ("principalId", ("organizer",)),
    400: ("location", ("location",)),
    401: ("full_time", ("startDate",)),
    402: ("shown_as", ("transp",)),
    408: ("timezone", ("startDate",)),
    410: ("recurrence_start", ("rrule",)),
}
_ALIASES: Final[Mapping[str, tuple[int, ...]]] = {
    "all": (1, 20, 207, 206, 2),
    "list": (1, 20, 207, 206, 2, 200, 201, 202, 203, 209, 221, 401, 402, 102, 400, 101, 220, 215, 100),
}
START_DATE: Final = 201
# Rows say "last" in the way in which rules count, objects as -1; and rows have no type for what does not recur.
_LAST_WEEK: Final = 5


def requested_columns(call: Call) -> tuple[int, ...]:
    """The columns of a request, which may name a common selection; SVL-0002 without, SVL-0010 for other texts."""
    return _ALIASES.get(call.require("columns").strip()) or call.columns()


def fields_of(columns: Iterable[int]) -> frozenset[str]:
    """The fields of chronos that a row of these columns needs."""
    return frozenset(field for column in columns for field in _COLUMNS.get(column, ("", ()))[1])


def row(appointment: JSON, columns: Sequence[int]) -> list[Any]:
    """An appointment as a row; null stands for what it does not have. Columns that do not exist are left out."""
    return [_in_row(name, appointment.get(name)) for name in _names(tuple(columns))]


@functools.lru_cache(maxsize=64)
def _names(columns: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(_COLUMNS[column][0] for column in columns if column in _COLUMNS)


def _in_row(name: str, value: Any) -> Any:
    if name == "recurrence_type":
        return value or None
    return _LAST_WEEK if name == "day_in_month" and value == -1 else value


def name_of(column: int) -> str | None:
    """The name of a column."""
    known = _COLUMNS.get(column)
    return None if known is None else known[0]
