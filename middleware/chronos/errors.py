"""Errors of the module chronos (prefix CAL, and SEARCH for search terms)."""

from __future__ import annotations

from typing import Any

from middleware.errors import OXError

_CONCURRENT = (
    "The operation could not be completed due to a concurrent modification. Please reload the data and try again."
)
_FORBIDDEN = "The operation could not be completed due to insufficient permissions."
_NOT_FOUND = "The requested appointment was not found."


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


def invalid_alarm(alarm_id: int = 0) -> OXError:
    """An alarm lacks what its action needs; new alarms have the id 0."""
    return OXError(
        "CAL-4005",
        "USER_INPUT",
        "The supplied reminder is invalid. Please correct the reminder and try again.",
        f"Invalid alarm [alarm {alarm_id}]",
        [str(alarm_id)],
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


def no_read_permission(folder: str) -> OXError:
    """The folder, or this event in it, must not be read (or may not be created in)."""
    return OXError(
        "CAL-4030",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        f"Insufficient read permissions in folder [folder {folder}]",
        [folder],
    )


def no_write_permission(folder: str) -> OXError:
    """Objects of the folder must not be changed."""
    return OXError(
        "CAL-4031",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        f"Insufficient write permissions in folder [folder {folder}]",
        [folder],
    )


def no_delete_permission(folder: str) -> OXError:
    """Objects of the folder must not be deleted."""
    return OXError(
        "CAL-4032",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        f"Insufficient delete permissions in folder [folder {folder}]",
        [folder],
    )


def forbidden_attendee_change(event_id: str, attendee: str, field: str) -> OXError:
    """A member of an attendee that must not be changed."""
    return OXError(
        "CAL-4033",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        f"Forbidden attendee change [id {event_id}, attendee {attendee}, field {field}]",
        [event_id, attendee, field],
    )


def invalid_calendar_user(uri: str, entity: int, kind: str) -> OXError:
    """An attendee or organizer that cannot be resolved; `entity` is -1 when it was not given."""
    return OXError(
        "CAL-4034",
        "USER_INPUT",
        f'The calendar user "{uri}" is invalid.',
        f"Invalid calendar user [uri {uri}, id {entity}, type {kind}]",
        [uri, entity, kind],
    )


def forbidden_change(event_id: str, field: str) -> OXError:
    """A field that must not be changed; `field` in the spelling of the server (UID, ORGANIZER ...)."""
    return OXError(
        "CAL-4035",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        f"Forbidden change [id {event_id}, field {field}]",
        [event_id, field],
    )


def restricted_by_classification(folder: str, event_id: str, classification: str) -> OXError:
    """A private or confidential event of somebody else."""
    return OXError(
        "CAL-4037",
        "PERMISSION_DENIED",
        _FORBIDDEN,
        "Access to event restricted by classification "
        f"[folder {folder}, id {event_id}, classification {classification}]",
        [folder, event_id, classification],
    )


def not_organizer(folder: str, event_id: str, organizer: dict[str, Any]) -> OXError:
    """Only the organizer may change this."""
    uri, name = organizer.get("uri"), organizer.get("cn")
    return OXError(
        "CAL-4038",
        "PERMISSION_DENIED",
        "This modification can only be performed by the organizer of the appointment.",
        f"Modification restricted to organizer [folder {folder}, id {event_id}, "
        f"organizerUri {uri}, organizerCn {'null' if name is None else name}]",
        [folder, event_id, uri, name],
    )


def event_not_found(event_id: str) -> OXError:
    """No such event."""
    return OXError("CAL-4040", "USER_INPUT", _NOT_FOUND, f"Event not found [id {event_id}]", [event_id])


def event_not_in_folder(folder: str, event_id: str) -> OXError:
    """The event exists, but not in this folder."""
    return OXError(
        "CAL-4041",
        "USER_INPUT",
        _NOT_FOUND,
        f"Event not found in folder [folder {folder}, id {event_id}]",
        [folder, event_id],
    )


def occurrence_not_found(series_id: str, recurrence_id: str) -> OXError:
    """The series has no such occurrence (any more)."""
    return OXError(
        "CAL-4042",
        "USER_INPUT",
        _NOT_FOUND,
        f"Event recurrence not found [series id {series_id}, recurrence id {recurrence_id}]",
        [series_id, recurrence_id],
    )


def attendee_not_found(attendee: str, event_id: str) -> OXError:
    """The attendee does not take part."""
    return OXError(
        "CAL-4043",
        "USER_INPUT",
        "The requested attendee was not found.",
        f"Attendee not found [attendee {attendee}, event {event_id}]",
        [attendee, event_id],
    )


def folder_not_found(folder: str) -> OXError:
    """No such folder."""
    return OXError(
        "CAL-4045",
        "USER_INPUT",
        "The requested folder was not found.",
        f"Folder not found [folder {folder}]",
        [folder],
    )


def attachment_not_found(managed_id: int, event_id: str, folder: str) -> OXError:
    """The event has no such managed attachment."""
    return OXError(
        "CAL-4047",
        "USER_INPUT",
        "The requested attachment was not found.",
        f"Attachment not found [attachment {managed_id}, event {event_id}, folder {folder}]",
        [managed_id, event_id, folder],
    )


def unsupported_folder(folder: str, content_type: str | None = None) -> OXError:
    """The id is not that of a calendar folder, or the operation does not fit the folder."""
    return OXError(
        "CAL-4060",
        "USER_INPUT",
        "The supplied folder is not supported. Please select a valid folder and try again.",
        f"Unsupported folder [folder {folder}, content type {content_type or 'null'}]",
        [folder],
    )


def invalid_recurrence_id(recurrence_id: str, recurrence: object) -> OXError:
    """The recurrence id is not an occurrence of the series; `recurrence` describes the series."""
    return OXError(
        "CAL-4061",
        "USER_INPUT",
        "The targeted occurrence is not part of the appointment series. "
        "Please select a valid recurrence identifier and try again.",
        f"Invalid recurrence id [id {recurrence_id}, recurrence data {recurrence}]",
        [recurrence_id, str(recurrence)],
    )


def uid_conflict(uid: str, folder: str, event_id: str) -> OXError:
    """The calendar user has another event with this uid."""
    return OXError(
        "CAL-4090",
        "CONFLICT",
        "The appointment could not be created due to another conflicting appointment with the same unique identifier.",
        f"UID conflict [uid {uid}, folder {folder}, id {event_id}]",
        [uid, folder, event_id],
    )


def concurrent_modification(event_id: str, sent: int, stored: int) -> OXError:
    """The event was changed after the stamp that the client holds."""
    return OXError(
        "CAL-4120",
        "CONFLICT",
        _CONCURRENT,
        f"Concurrent modification [id {event_id}, client timestamp {sent}, actual timestamp {stored}]",
        [event_id, sent, stored],
    )


def sequence_too_low(event_id: str, sent: int, stored: int) -> OXError:
    """The client's sequence number is lower than the stored one."""
    return OXError(
        "CAL-4121",
        "CONFLICT",
        "The changes could not be applied because a newer version of the appointment already exists.",
        f"Concurrent modification [id {event_id}, client sequence {sent}, actual sequence {stored}]",
        [event_id, sent, stored],
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


def unsupported_classification(classification: str, folder: str, folder_type: str) -> OXError:
    """Private and confidential events are for a user's own calendars."""
    return OXError(
        "CAL-4222",
        "USER_INPUT",
        'Appointments in non-personal folders must not be classified as "private" or "secret".',
        f"Unsupported classification [classification {classification}, folder {folder}, type {folder_type}]",
        [classification, folder, folder_type],
    )


def unsupported_series_move(event_id: str, folder: str, target: str) -> OXError:
    """A series cannot be moved."""
    return OXError(
        "CAL-4224",
        "USER_INPUT",
        "Moving an appointment series into another folder is not supported.",
        f"Unsupported series move [id {event_id}, folder {folder}, target folder {target}]",
        [event_id, folder, target],
    )


def unsupported_occurrence_move(event_id: str, folder: str, target: str) -> OXError:
    """An occurrence of a series cannot be moved."""
    return OXError(
        "CAL-4225",
        "USER_INPUT",
        "Moving an occurrence of an appointment series into another folder is not supported.",
        f"Unsupported occurrence move [id {event_id}, folder {folder}, target folder {target}]",
        [event_id, folder, target],
    )


def unsupported_classified_move(classification: str, event_id: str, target: str) -> OXError:
    """A private or confidential event cannot leave the user's own calendars."""
    return OXError(
        "CAL-4226",
        "USER_INPUT",
        'Appointments classified as "private" or "secret" cannot be moved into this folder.',
        f"Unsupported classification for move [classification {classification}, id {event_id}, target folder {target}]",
        [classification, event_id, target],
    )


def unsupported_operation(provider: str) -> OXError:
    """The calendar provider is read only or lacks this operation."""
    return OXError(
        "CAL-4228",
        "USER_INPUT",
        f'The requested operation is not supported for calendar provider "{provider}".',
        f"Unsupported operation for calendar provider [provider {provider}]",
        [provider],
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


def no_free_busy(mail: str) -> OXError:
    """Nothing is known about the busy times of an external attendee."""
    return OXError(
        "CAL-5033",
        "SERVICE_DOWN",
        f'No free/busy information available for "{mail}".',
        f"No free/busy data available for attendee [email {mail}]",
        [mail],
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
