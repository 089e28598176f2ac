"""What clients send for a task, checked and made uniform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from middleware.call import Call
from middleware.folders.ids import parse_folder_id
from middleware.tasks import errors
from middleware.tasks.fields import BY_NAME, OLD_DATES, UID_LIMIT, Field, Kind
from middleware.tasks.model import Participant, ParticipantType
from middleware.times import FIRST_MS, LAST_MS, from_wall_clock

_INTEGER_LIMIT = 2**31
_COSTS_LIMIT = Decimal("9999999999.99")
_COSTS_DIGITS = 12
_LINE_FEEDS = "\t\n\r"
_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Incoming:
    """Checked values of a body. `fields`: only what was sent, None clears. `participants`: None when not sent.

    `alarm`: ms of UTC, None removes it; only meant when `has_alarm`.
    """

    fields: Mapping[str, Any]
    folder: int | None
    uid: str | None
    participants: tuple[Participant, ...] | None
    has_alarm: bool
    alarm: int | None


def read(call: Call) -> Incoming:
    """The body of `new` and `update`.

    SVL-0002 wrong types, TSK-0041 too long, TSK-0044 external participant without address, TSK-0055 no digits,
    TSK-0058 characters that cannot be stored.
    """
    body = call.object()
    zone = call.timezone()
    fields: dict[str, Any] = {}
    for old, name in OLD_DATES.items():
        if old in body:
            fields[name] = None if body[old] is None else _moment(body[old], body, None)
            fields["full_time"] = True
    if "full_time" in body:
        fields["full_time"] = _flag(body["full_time"])
    # A date without a time of day is the same day everywhere.
    of_dates = None if fields.get("full_time") and "full_time" in body else zone
    for name, value in body.items():
        if name in BY_NAME and name != "full_time":
            fields[name] = None if value is None else _value(BY_NAME[name], value, body, of_dates)
    if body.get("until") is not None and body.get("occurrences"):
        raise errors.wrong_value(body)
    alarm = body.get("alarm")
    return Incoming(
        fields,
        parse_folder_id(body["folder_id"]) if body.get("folder_id") is not None else None,
        _text("uid", 223, UID_LIMIT, body["uid"], body) if body.get("uid") else None,
        _participants(body["participants"], body) if "participants" in body else None,
        "alarm" in body,
        None if alarm is None else _moment(alarm, body, zone),
    )


def _value(field: Field, value: Any, body: Any, zone: ZoneInfo | None) -> Any:
    match field.kind:
        case Kind.TEXT:
            return _text(field.name, field.column, field.limit, value, body)
        case Kind.FLAG:
            return _flag(value)
        case Kind.NUMBER:
            return _number(value, body)
        case Kind.COSTS:
            return _costs(field, value, body)
        case Kind.MINUTES:
            return _minutes(field, value)
        case Kind.DATE:
            return _moment(value, body, None)
        case Kind.TIME:
            return _moment(value, body, zone)


def _text(name: str, column: int, limit: int, value: Any, body: Any) -> str:
    if isinstance(value, dict | list):
        raise errors.wrong_value(body)
    text = str(value)
    if len(text) > limit:
        raise errors.too_long(name, column, limit, len(text))
    if any((char < " " and char not in _LINE_FEEDS) or "\ud800" <= char <= "\udfff" for char in text):
        raise errors.invalid_characters(name)
    return text


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _number(value: Any, body: Any) -> int:
    number = _whole(value, body)
    if not -_INTEGER_LIMIT <= number < _INTEGER_LIMIT:
        raise errors.wrong_value(body)
    return number


def _whole(value: Any, body: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > len(str(LAST_MS)):
        raise errors.wrong_value(body)
    try:
        return int(value)
    except ValueError:
        raise errors.wrong_value(body) from None


def _moment(value: Any, body: Any, zone: ZoneInfo | None) -> int:
    """A stamp of whole seconds, as they are stored; shifted back when it was sent in the local time of a zone."""
    sent = _whole(value, body)
    if not FIRST_MS <= sent <= LAST_MS:
        raise errors.wrong_value(body)
    stamp = sent if zone is None else from_wall_clock(sent, zone)
    return stamp // _SECOND * _SECOND


def _costs(field: Field, value: Any, body: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise errors.wrong_value(body)
    try:
        costs = Decimal(str(value))
    except InvalidOperation:
        raise errors.wrong_value(body) from None
    if not costs.is_finite():
        raise errors.wrong_value(body)
    if abs(costs) > _COSTS_LIMIT:
        raise errors.too_long(field.name, field.column, _COSTS_DIGITS, len(str(value)))
    return float(round(costs, 2))


def _minutes(field: Field, value: Any) -> str:
    text = str(value)
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise errors.not_digits(value)
    if len(text) > len(str(_INTEGER_LIMIT**2)):
        raise errors.too_long(field.name, field.column, len(str(_INTEGER_LIMIT**2)), len(text))
    return text


def _participants(listed: Any, body: Any) -> tuple[Participant, ...]:
    """Users, groups, then others; everybody once."""
    if listed is None:
        return ()
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise errors.wrong_value(body)
    found = dict.fromkeys(_participant(one, body) for one in listed)
    return tuple(sorted(found, key=lambda one: one.type))


def _participant(entry: Mapping[str, Any], body: Any) -> Participant:
    try:
        kind = ParticipantType(_number(entry.get("type"), body))
    except ValueError:
        raise errors.wrong_value(body) from None
    if kind is not ParticipantType.EXTERNAL:
        return Participant(kind, id=_number(entry.get("id"), body))
    if not entry.get("mail"):
        raise errors.participant_without_mail()
    mail = _text("participants", 220, 255, entry["mail"], body)
    name = entry.get("display_name")
    return Participant(kind, mail=mail, name=_text("participants", 220, 320, name, body) if name else None)
