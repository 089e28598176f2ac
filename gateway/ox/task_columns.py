"""Column numbers of module ``tasks``, as OX 8 numbers them.

OX leaves an unknown column out of its rows without a word (the documented 304 is one), so only columns that exist
may be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, int] = {
    "id": 1,
    "created_by": 2,
    "modified_by": 3,
    "creation_date": 4,
    "last_modified_utc": 6,
    "folder_id": 20,
    "categories": 100,
    "private_flag": 101,
    "color_label": 102,
    "number_of_attachments": 104,
    "lastModifiedOfNewestAttachmentUTC": 105,
    "title": 200,
    "note": 203,
    "alarm": 204,
    "recurrence_type": 209,
    "days": 212,
    "day_in_month": 213,
    "month": 214,
    "interval": 215,
    "until": 216,
    "participants": 220,
    "users": 221,
    "occurrences": 222,
    "uid": 223,
    "status": 300,
    "percent_completed": 301,
    "actual_costs": 302,
    "actual_duration": 303,
    "billing_information": 305,
    "target_costs": 307,
    "target_duration": 308,
    "priority": 309,
    "currency": 312,
    "trip_meter": 313,
    "companies": 314,
    "date_completed": 315,
    "start_time": 316,
    "end_time": 317,
    "full_time": 401,
}
