"""Errors of the module chronos about events, folders and rights (prefix CAL)."""

from __future__ import annotations

from typing import Any

from middleware.errors import OXError

_CONCURRENT = (
    "The operation could not be completed due to a concurrent modification. Please reload the data and try again."
)
_FORBIDDEN = "The operation could not be completed due to insufficient permissions."
_NOT_FOUND = "The requested appointment was not found."


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


def no_free_busy(mail: str) -> OXError:
    """Nothing is known about the busy times of an external attendee."""
    return OXError(
        "CAL-5033",
        "SERVICE_DOWN",
        f'No free/busy information available for "{mail}".',
        f"No free/busy data available for attendee [email {mail}]",
        [mail],
    )
