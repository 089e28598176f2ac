"""Reading the event in a request body: types, forms and limits of every field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from middleware.chronos import data_errors
from middleware.chronos.alarm_data import parse_alarms
from middleware.chronos.dates import java_class, parse_json
from middleware.chronos.event import JSON
from middleware.errors import unexpected, unparsable_body

_TEXTS: Final = (
    "uid",
    "filename",
    "summary",
    "location",
    "description",
    "class",
    "color",
    "url",
    "status",
    "rrule",
    "recurrenceId",
    "attendeePrivileges",
)
# Limits that are checked, with the names of the user interface.
_LIMITS: Final = {"summary": ("Subject", 255), "location": ("Location", 255), "description": ("Description", 65535)}
_CATEGORIES_LIMIT: Final = 1024


def parse_event(body: Mapping[str, Any], user_mail: JSON, *, mend: bool = False) -> JSON:
    """The fields of a body that may be written, in the form of the store; None stands for null (remove).

    Fields that the server sets itself, and unknown ones, are left out. `user_mail` is the attendee of EMAIL alarms.
    Raises SVL-0002 and SVL-0011 for wrong types, CAL-5070 for values too long, and the errors of single fields.
    """
    parsed: JSON = {}
    for name, value in body.items():
        parser = _PARSERS.get(name)
        if parser is not None:
            parsed[name] = parser(name, value)
        elif name == "alarms":
            parsed[name] = parse_alarms(_list(name, value), user_mail)
        elif name == "geo":
            parsed[name] = None if mend and value is None else _geo(value)
        elif name == "extendedProperties":
            parsed[name] = None if mend and value is None else parse_properties(name, value)
    return parsed


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise unparsable_body(f'JSONObject["{name}"] is not a string')
    text = str(value)
    if name in _LIMITS and len(text) > _LIMITS[name][1]:
        raise data_errors.truncated(*_LIMITS[name], len(text))
    return text


def _transp(_name: str, value: Any) -> str | None:
    if value is None:
        return None
    return "TRANSPARENT" if value == "TRANSPARENT" else "OPAQUE"


def _number(name: str, value: Any) -> int | None:
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise unparsable_body(f'JSONObject["{name}"] is not a number.') from None


def _list(name: str, value: Any) -> list[Any] | None:
    if value is not None and not isinstance(value, list):
        raise unparsable_body(f'JSONObject["{name}"] is not a JSONArray, but {java_class(value)}')
    return value


def _objects(name: str, value: Any) -> list[JSON] | None:
    found = _list(name, value)
    if found is not None and not all(isinstance(one, dict) for one in found):
        raise unparsable_body(f'JSONArray in "{name}" does not hold JSONObjects')
    return found


def _people(name: str, value: Any) -> list[JSON] | None:
    """Attendees; entities may be sent as texts."""
    found = _objects(name, value)
    return None if found is None else [_with_number(one) for one in found]


def _with_number(person: JSON) -> JSON:
    entity = person.get("entity")
    if isinstance(entity, str) and entity.isascii() and entity.isdigit() and len(entity) < 10:
        return {**person, "entity": int(entity)}
    return person


def _object(name: str, value: Any) -> JSON | None:
    if value is not None and not isinstance(value, dict):
        raise unparsable_body(f'JSONObject["{name}"] is not a JSONObject, but {java_class(value)}')
    return value


def _categories(name: str, value: Any) -> list[str] | None:
    """Categories are stored as one text with commas: a category that contains one falls apart."""
    found = _list(name, value)
    if not found:
        return None
    categories = [part.strip() for one in found for part in str(one).split(",") if part.strip()]
    if len(",".join(categories)) > _CATEGORIES_LIMIT:
        raise data_errors.truncated("Categories", _CATEGORIES_LIMIT, 0)
    return categories or None


def _strings(name: str, value: Any) -> list[str] | None:
    found = _list(name, value)
    return None if found is None else [str(one) for one in found]


def _date(name: str, value: Any) -> dict[str, str]:
    return parse_json(name, value).to_json()


def _geo(value: Any) -> JSON:
    if not isinstance(value, dict):
        raise unexpected(
            f"class {java_class(value)} cannot be cast to class org.json.JSONObject ({java_class(value)} and "
            "org.json.JSONObject are in unnamed module of loader 'app')"
        )
    numbers = []
    for name, limit in (("lat", 90), ("long", 180)):
        number = value.get(name)
        if not isinstance(number, int | float) or isinstance(number, bool):
            raise unparsable_body(f'JSONObject["{name}"] not found.')
        if abs(number) > limit:
            raise data_errors.invalid_geo(str([value.get("lat"), value.get("long")]))
        numbers.append(number)
    return {"lat": numbers[0], "long": numbers[1]}


def parse_properties(name: str, value: Any) -> JSON | None:
    """Extended properties: by name an object `{value, parameter: text ...}`, or a list of those."""
    if not isinstance(value, dict):
        raise unparsable_body(f'JSONObject["{name}"] is not a JSONObject, but {java_class(value)}')
    parsed: JSON = {}
    for property_name, content in value.items():
        if isinstance(content, list):
            parsed[property_name] = [_property(one) for one in content]
        else:
            parsed[property_name] = _property(content)
    return parsed or None


def _property(content: Any) -> JSON:
    if not isinstance(content, dict):
        raise unparsable_body(f"unsupported property value: {content}")
    for name, value in content.items():
        if name != "value" and not isinstance(value, str):
            raise unexpected(
                f"class {java_class(value)} cannot be cast to class java.lang.String ({java_class(value)} is in "
                "unnamed module of loader 'app'; java.lang.String is in module java.base of loader 'bootstrap')"
            )
    return dict(content)


def _conferences(name: str, value: Any) -> list[JSON] | None:
    found = _objects(name, value)
    if not found:
        return None
    members = ("id", "uri", "label", "features", "extendedParameters")
    return [{member: one[member] for member in members if one.get(member) is not None} for one in found]


def _attachments(name: str, value: Any) -> list[JSON] | None:
    found = _objects(name, value)
    if not found:
        return None
    for one in found:
        if one.get("managedId") is None and not one.get("uri"):
            raise unparsable_body("Missing required field. At least one of [managedId,uri] must be present.")
    return found


_PARSERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    **dict.fromkeys(_TEXTS, _text),
    "transp": _transp,
    "sequence": _number,
    "categories": _categories,
    "startDate": _date,
    "endDate": _date,
    "recurrenceDates": _strings,
    "deleteExceptionDates": _strings,
    "organizer": _object,
    "attendees": _people,
    "attachments": _attachments,
    "conferences": _conferences,
}
