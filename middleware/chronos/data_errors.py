"""Errors and warnings of the module chronos about values in a request (prefix CAL, and SEARCH for terms)."""

from __future__ import annotations

from middleware.errors import OXError


def invalid_timezone(tzid: str) -> OXError:
    """Unknown time zone id."""
    return OXError(
        "CAL-4001",
        "USER_INPUT",
        "The supplied timezone is invalid. Please select a valid timezone and try again.",
        f"Invalid timezone [timezone id {tzid}]",
        [tzid],
    )


def invalid_rrule(rule: str | None) -> OXError:
    """The recurrence rule cannot be used; None is the rule that is missing."""
    return OXError(
        "CAL-4002",
        "USER_INPUT",
        "The supplied recurrence rule is invalid. Please correct the rule and try again.",
        f"Invalid recurrence rule [rule {'null' if rule is None else rule}]",
        [] if rule is None else [rule],
    )


def invalid_geo(text: str) -> OXError:
    """Coordinates out of range."""
    return OXError(
        "CAL-4003",
        "USER_INPUT",
        "The supplied geographical location is invalid. Please select valid coordinates and try again.",
        f"Invalid geo location [geo {text}]",
        [text],
    )


def invalid_alarm() -> OXError:
    """An alarm lacks what its action needs; it is told by the id of new alarms, 0."""
    return OXError(
        "CAL-4005",
        "USER_INPUT",
        "The supplied reminder is invalid. Please correct the reminder and try again.",
        "Invalid alarm [alarm 0]",
        ["0"],
    )


def invalid_data(field: str, reason: str) -> OXError:
    """A field has a value that cannot be applied."""
    return OXError(
        "CAL-4006",
        "USER_INPUT",
        f'The value for "{field}" is invalid and cannot be applied.',
        f"Invalid data [field {field}, message {reason}]",
        [field, reason],
    )


def mandatory_field(name: str) -> OXError:
    """A field is missing; `name` is its name in the user interface."""
    return OXError(
        "CAL-4220",
        "USER_INPUT",
        f'The field "{name}" is mandatory. Please supply a valid value and try again.',
        f"Mandatory field missing [field {name}]",
        [name],
    )


def end_before_start(start: str, end: str) -> OXError:
    """The event ends before it starts."""
    return OXError(
        "CAL-4221",
        "USER_INPUT",
        "The end date lies before the start date. Please correct the appointment times and try again.",
        f"End before start date [start {start}, end {end}]",
        [start, end],
    )


def incompatible_dates(start: str, end: str) -> OXError:
    """Start and end are of different types."""
    return OXError(
        "CAL-4229",
        "USER_INPUT",
        "The supplied types of start and end date are incompatible. "
        "Please correct the appointment times and try again.",
        f"Incompatible date types [start {start}, end {end}]",
        [start, end],
    )


def truncated(name: str, limit: int, current: int) -> OXError:
    """A value does not fit; `name` is that of the user interface."""
    return OXError(
        "CAL-5070",
        "TRUNCATED",
        f'Some data entered exceeded the field limit. Please shorten the value for "{name}" '
        f"(limit: {limit}, current: {current}) and try again.",
        f"Data truncation [field {name}, limit {limit}, current {current}]",
        [name, limit, current],
        {"problematic": [{"id": 0, "length": current, "max_size": limit}], "truncated": [0]},
    )


def too_many_alarms(limit: int, count: int) -> OXError:
    """More alarms than one user may have for one event."""
    return OXError(
        "CAL-5074",
        "USER_INPUT",
        f"The appointment has too many reminders (limit: {limit}, current: {count}).",
        f"Too many alarms [limit {limit}, current {count}]",
        [limit, count],
    )


def ignored_rule(event_id: str) -> OXError:
    """Warning: a series without a rule has no range."""
    reason = "Unable to determine effective range for series master event"
    return OXError(
        "CAL-1990",
        "WARNING",
        'The value for "Repeat" is invalid and wasn\'t applied.',
        f"Ignored invalid data [id {event_id}, field Repeat, severity NORMAL, message {reason}]",
        [event_id, "Repeat", "NORMAL", reason],
        {"problematic": [{}]},
    )


def too_many_events() -> OXError:
    """The answer would have more events than the server is willing to give at once."""
    text = "Too many appointments are queried. Please choose a shorter timeframe."
    desc = "Too many events are queried. Please choose a shorter timeframe."
    return OXError("CAL-5072", "USER_INPUT", text, desc)


def unsupported_data(event_id: str, field: str, reason: str) -> OXError:
    """A value of a kind that the server does not store."""
    return OXError(
        "CAL-1991",
        "TRUNCATED",
        f'The value for "{field}" is not supported and wasn\'t applied.',
        f"Unsupported data [id {event_id}, field {field}, severity MAJOR, message {reason}]",
        [event_id, field, "MAJOR", reason],
        {"problematic": [{}], "truncated": []},
    )


def start_adjusted(start: str, rule: str) -> OXError:
    """Warning: the start was moved to the first occurrence of the rule."""
    return OXError(
        "CAL-1993",
        "WARNING",
        "The date of the appointment series was adjusted automatically to match the recurrence rule.",
        f"Series master dates were synchronized with recurrence rule [start {start}, rule {rule}]",
        [start, rule],
    )


def unsupported_operand(name: str) -> OXError:
    """A search term names a field that cannot be searched."""
    return OXError(
        "SEARCH-0007",
        "USER_INPUT",
        desc=f"The operand '{name}' in the search term is not supported.",
        params=[name],
    )


def invalid_search_term(reason: str) -> OXError:
    """A search term is not well formed."""
    return OXError("SEARCH-0001", "USER_INPUT", desc=f"Invalid search term: {reason}", params=[reason])
