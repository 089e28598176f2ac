"""Errors of the modules for appointments (prefix APP), and what becomes of those of chronos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from middleware.errors import OXError
from middleware.generation import Generation

_UID_TAKEN: Final = "Cannot create that appointment. An appointment having the same unique identifier already exists."
_TEXTS: Final[Mapping[int, str]] = {
    8: "An external participant needs a mail address.",
    11: "A changed occurrence cannot be deleted through its series.",
    20: "The end lies before the start.",
    21: "The colour label is not supported.",
    23: "A private appointment cannot have other participants.",
    25: 'The value of "shown as" is not supported.',
    26: "The start is missing.",
    27: "The end is missing.",
    28: "The title is missing.",
    33: "The appointment cannot be moved there.",
    42: "The day of the month is missing or wrong.",
    45: "The week of the month is missing or wrong.",
    46: "The day of the month is missing or wrong.",
    54: "The folder is not a calendar.",
    55: "The interval is missing or wrong.",
    56: "The weekdays are missing or wrong.",
    57: "A private appointment cannot be moved into a public folder.",
    58: "You may not change this appointment.",
    59: "The appointment is not in this folder.",
    62: "You may not read this appointment.",
    63: "You may not create appointments here.",
    64: "The month is missing or wrong.",
    66: "An occurrence of a series cannot be moved.",
    70: "Only appointments in your own calendars can be private.",
    72: "A value is too long.",
    74: "The series has no such occurrence.",
    83: "The occurrence that a changed one stands for cannot be replaced.",
    86: "The series ends before it starts.",
    87: "The interval of the series is missing.",
    89: "The weekdays of the series are missing.",
    90: "The day of the month is missing from the series.",
    92: "The type of the recurrence is missing or wrong.",
    93: "A series cannot be moved.",
    95: "A series cannot have both an end and a number of occurrences.",
    97: "The recurrence has members that its type does not have.",
    98: "The occurrence was deleted or lies outside of the series.",
    99: "A changed occurrence cannot become a series.",
    103: "The participant was not found.",
    105: "The sequence number is too low.",
}
_CATEGORIES: Final = {11: "ERROR", 33: "ERROR", **dict.fromkeys((58, 59, 62, 63), "PERMISSION_DENIED"), 72: "TRUNCATED"}

# Errors of chronos, and as what the older module reports them. What is not here is passed on as it is.
_WRAPPED: Final[Mapping[str, int]] = {
    "CAL-4030": 62,
    "CAL-4041": 59,
    "CAL-4042": 98,
    "CAL-4061": 74,
    "CAL-4221": 20,
    "CAL-4224": 93,
    "CAL-4225": 66,
}
# What has nothing like it in OX 7.8 keeps its code there, too.
_WRAPPED_IN_SEVEN: Final[Mapping[str, int]] = {
    **_WRAPPED,
    "CAL-4031": 58,
    "CAL-4032": 58,
    "CAL-4035": 58,
    "CAL-4037": 58,
    "CAL-4038": 58,
    "CAL-4043": 103,
    "CAL-4045": 54,
    "CAL-4060": 33,
    "CAL-4121": 105,
    "CAL-4222": 70,
    "CAL-4226": 57,
    "CAL-5070": 72,
}


def appointment_error(number: int, *params: object) -> OXError:
    """APP-0020 and so on."""
    text = _TEXTS[number]
    return OXError(f"APP-{number:04d}", _CATEGORIES.get(number, "USER_INPUT"), text, params=params)


def missing_field(name: str) -> OXError:
    """A member that the body must have is absent."""
    return OXError("SVL-0009", "ERROR", desc=f'Missing field "{name}" in JSON data.', params=[name])


def not_found(what: str) -> OXError:
    """There is no such object."""
    text = f"Object not found. {what}"
    return OXError("OX-0001", "USER_INPUT", text, text, [what])


def unsupported_rule(rule: str, part: str) -> OXError:
    """The rule of a series cannot be said with the members of an appointment."""
    return OXError(
        "CAL-4223",
        "USER_INPUT",
        "The supplied recurrence rule is not supported. Please adjust the rule and try again.",
        f"Unsupported recurrence rule [rule {rule}, part {part}]",
        [rule, part],
    )


def wrapped(error: OXError, generation: Generation) -> OXError:
    """An error of chronos as the older module reports it."""
    params = [one.replace("cal://0/", "") if isinstance(one, str) else one for one in error.params]
    if error.code == "CAL-4040":
        return not_found(f"Object {params[0]} in context")
    if error.code == "CAL-4090":
        desc = f"Cannot insert appointment (). An appointment with the unique identifier ({params[0]}) already exists."
        return OXError("APP-0100", "USER_INPUT", _UID_TAKEN, desc, ["", params[0]])
    if error.code == "CAL-4120" and generation is Generation.SEVEN:
        return OXError("OX-0001", "CONFLICT", "The appointment was changed meanwhile. Please reload it.")
    number = (_WRAPPED_IN_SEVEN if generation is Generation.SEVEN else _WRAPPED).get(error.code)
    if number is None:
        return error
    found = appointment_error(number, *params[:1])
    found.extra = error.extra
    return found
