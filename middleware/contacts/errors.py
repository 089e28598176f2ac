"""Errors of the contact modules."""

from __future__ import annotations

import json
from typing import Any

from middleware.errors import OXError, unparsable_body


def not_found(contact_id: int, context_id: int) -> OXError:
    text = f'Contact "{contact_id}" not found.'
    desc = f"Contact {contact_id} not found in context {context_id}."
    return OXError("CON-0125", "USER_INPUT", text, desc, [contact_id, context_id])


def bad_identifier(identifier: str) -> OXError:
    return OXError(
        "CON-0261", "ERROR", desc=f"The identifier [{identifier}] can not be parsed.", params=[f"[{identifier}]"]
    )


def edit_conflict() -> OXError:
    return OXError(
        "CON-0119",
        "CONFLICT",
        "An edit conflict occurred. To edit the contact please reload it.",
        "Edit Conflict. Your change cannot be completed because somebody else has made a conflicting change to the "
        "same item. Please refresh or synchronize and try again.",
    )


def _denied(code: str, what: str, desc: str, folder: int, context_id: int, user: int) -> OXError:
    text = f'You do not have the appropriate permission to {what} the folder "{folder}".'
    full = f"You do not have the permission to {desc} {folder} in {'the ' if code == 'CON-0104' else ''}context"
    return OXError(code, "PERMISSION_DENIED", text, f"{full} {context_id} as user {user}", [folder, context_id, user])


def may_not_read(folder: int, context_id: int, user: int) -> OXError:
    return _denied("CON-0104", "access objects in", "access objects in the folder", folder, context_id, user)


def may_not_create(folder: int, context_id: int, user: int) -> OXError:
    return _denied("CON-0112", "create objects in", "create objects in the folder", folder, context_id, user)


def may_not_delete(folder: int, context_id: int, user: int) -> OXError:
    return _denied("CON-0169", "delete objects from", "delete objects from folder", folder, context_id, user)


def may_not_change(contact_id: int, context_id: int) -> OXError:
    desc = f"You are not allowed to modify contact {contact_id} in context {context_id}."
    return OXError(
        "CON-0176", "PERMISSION_DENIED", "You are not allowed to modify that contact", desc, [contact_id, context_id]
    )


def private_in_public(folder: int) -> OXError:
    text = "Private flag is not allowed in this folder."
    return OXError("CON-0171", "USER_INPUT", text, params=[folder])


def too_long(label: str, limit: int, length: int) -> OXError:
    text = (
        "Some data entered exceeded the field limit. Please shorten the value for "
        f'"{label}" (limit: {limit}, current: {length}) and try again.'
    )
    problem = [{"id": 0, "length": length, "max_size": limit}]
    return OXError("CON-0154", "USER_INPUT", text, text, [label, limit, length], {"problematic": problem})


def bad_mail(address: str) -> OXError:
    text = f"Invalid E-Mail address: '{address}'. Please correct the E-Mail address."
    return OXError("CON-0100", "USER_INPUT", text, text, [address])


def member_without_mail(name: str) -> OXError:
    text = (
        "An E-Mail address is mandatory for external distribution list members. Please add a valid E-Mail address "
        f'to the contact "{name}".'
    )
    return OXError("CON-0177", "USER_INPUT", text, text, [name])


def missing_field(name: str) -> OXError:
    return OXError("SVL-0009", "ERROR", desc=f'Missing field "{name}" in JSON data.', params=[name])


def wrong_value(body: Any) -> OXError:
    """A member of the body has a type that cannot be used: the server shows the whole body."""
    error = unparsable_body(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    error.params = [body]
    return error


def unsupported_operand(name: str) -> OXError:
    desc = f"The operand '{name}' in the search term is not supported."
    return OXError("SEARCH-0007", "USER_INPUT", desc=desc, params=[name])


def bad_search_term(reason: str) -> OXError:
    return OXError("SEARCH-0001", "USER_INPUT", desc=f"Invalid search term: {reason}", params=[reason])


def name_missing(code: str, field: str) -> OXError:
    return OXError(code, "USER_INPUT", f"The {field.replace('_', ' ')} of a user is mandatory.")
