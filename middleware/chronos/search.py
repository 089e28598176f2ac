"""Searching events by a term: the action advancedSearch."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from middleware.birthdays.account import birthdays_folder
from middleware.call import Call
from middleware.chronos import data_errors
from middleware.chronos.access import open_readable, visible_calendars
from middleware.chronos.actions_read import newest, shown, view_for
from middleware.chronos.birthdays import birthdays_in
from middleware.chronos.event import JSON, Event
from middleware.chronos.fields import requested_fields
from middleware.chronos.listing import in_folder, readable
from middleware.chronos.parameters import requested_range
from middleware.chronos.registration import module
from middleware.envelope import Result, error_members
from middleware.errors import OXError, illegal_body

if TYPE_CHECKING:
    from middleware.context import Context

Matcher = Callable[[Event], bool]

_SEARCHABLE: Final = frozenset(
    {
        "summary",
        "location",
        "description",
        "organizer",
        "attendees",
        "url",
        "uid",
        "timestamp",
        "created",
        "createdBy",
        "lastModified",
        "modifiedBy",
        "sequence",
        "categories",
        "color",
        "rrule",
        "transp",
        "status",
        "class",
    }
)
_PEOPLE: Final = frozenset({"organizer", "attendees", "createdBy", "modifiedBy"})
_NUMBERS: Final = frozenset({"timestamp", "created", "lastModified", "sequence"})
_COMPARISONS: Final = ("=", "<>", "<", ">", "<=", ">=")
_DEPTH: Final = 30


@module.action("advancedSearch", "PUT", repeatable=True)
def advanced_search(call: Call, ox: Context) -> Result:
    """Events that match a term, by folder: those named, or all calendars in which something was found."""
    span = requested_range(call, required=True)
    requested_fields(call)
    body = call.object()
    matches, uid = parse_term(body.get("filter")), sought_uid(body.get("filter"))
    names = body.get("folders")
    if names is not None and not isinstance(names, list):
        raise illegal_body()
    answers: list[JSON] = []
    with ox.store.reading() as connection:
        birthdays = birthdays_folder(ox, call.user)
        wanted = names if names is not None else [*(one.text for one in visible_calendars(ox, call.user)), birthdays]
        for name in dict.fromkeys(str(one) for one in wanted if one is not None):
            if name == birthdays:
                events, stamp = birthdays_in(call, ox, connection, span, matches)
                answers.append({"folder": name, "events": events, "timestamp": stamp or 0})
                continue
            try:
                calendar = open_readable(ox, call.user, name)
            except OXError as error:
                answers.append({"folder": name, "error": error_members(error)})
                continue
            found = [one for one in readable(calendar, in_folder(connection, calendar, span, uid)) if matches(one)]
            if found or names is not None:
                view = view_for(call, ox, connection, calendar, sorting=bool(call.text("sort")))
                events = shown(call, view, found, span)
                answers.append({"folder": name, "events": events, "timestamp": newest(found) or 0})
    return Result(answers)


def sought_uid(term: Any) -> str | None:
    """The uid that everything found must have, when the term asks for one; it spares reading whole folders."""
    if not isinstance(term, list) or len(term) < 2:
        return None
    if term[0] == "=" and term[1] == {"field": "uid"} and len(term) == 3 and not re.search(r"[*?]", str(term[2])):
        return str(term[2])
    if str(term[0]).lower() == "and":
        return next((uid for uid in map(sought_uid, term[1:]) if uid is not None), None)
    return None


def parse_term(term: Any, depth: int = 0) -> Matcher:
    """A search term in prefix notation as a function; SEARCH-0007 for a field that cannot be searched."""
    if not isinstance(term, list) or not term or not isinstance(term[0], str) or depth > _DEPTH:
        raise data_errors.invalid_search_term("a term is an array that begins with an operator")
    operator, operands = term[0].lower(), term[1:]
    if operator in ("and", "or"):
        parts = [parse_term(one, depth + 1) for one in operands]
        if not parts:
            raise data_errors.invalid_search_term(f"{operator} without operands")
        return _both(parts) if operator == "and" else _either(parts)
    if operator == "not" and len(operands) == 1:
        part = parse_term(operands[0], depth + 1)
        return lambda event: not part(event)
    if operator == "isnull" and len(operands) == 1:
        name = _field(operands[0])
        return lambda event: not _values(event, name)
    if operator in _COMPARISONS and len(operands) == 2:
        return _comparison(operator, operands)
    raise data_errors.invalid_search_term(f"operator {operator} with {len(operands)} operands")


def _both(parts: list[Matcher]) -> Matcher:
    return lambda event: all(part(event) for part in parts)


def _either(parts: list[Matcher]) -> Matcher:
    return lambda event: any(part(event) for part in parts)


def _field(operand: Any) -> str:
    if not isinstance(operand, dict) or not isinstance(operand.get("field"), str):
        raise data_errors.invalid_search_term("a field is needed")
    name: str = operand["field"]
    if name not in _SEARCHABLE:
        raise data_errors.unsupported_operand(name)
    return name


def _comparison(operator: str, operands: list[Any]) -> Matcher:
    left, right = operands
    if not isinstance(left, dict):
        left, right = right, left
        operator = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(operator, operator)
    name = _field(left)
    if isinstance(right, dict | list):
        raise data_errors.invalid_search_term("a constant is needed")
    if name in _NUMBERS:
        return _number_comparison(name, operator, right)
    equal = _equality(str(right), exact=name in _PEOPLE)
    wanted = str(right).lower()
    tests: dict[str, Callable[[str], bool]] = {
        "=": equal,
        "<": lambda value: value.lower() < wanted,
        ">": lambda value: value.lower() > wanted,
        "<=": lambda value: value.lower() <= wanted,
        ">=": lambda value: value.lower() >= wanted,
    }
    if operator == "<>":
        return lambda event: not any(equal(value) for value in _values(event, name))
    return lambda event: any(tests[operator](value) for value in _values(event, name))


def _equality(wanted: str, *, exact: bool) -> Callable[[str], bool]:
    """Equality without regard to case; `*` and `?` are wildcards."""
    if exact or not re.search(r"[*?]", wanted):
        return lambda value: value.lower() == wanted.lower()
    pattern = re.compile(fnmatch.translate(wanted.lower().replace("[", "[[]")), re.DOTALL)
    return lambda value: pattern.match(value.lower()) is not None


def _number_comparison(name: str, operator: str, wanted: Any) -> Matcher:
    try:
        number = int(wanted)
    except (TypeError, ValueError):
        raise data_errors.invalid_search_term(f"{name} is compared with a number") from None
    tests: dict[str, Callable[[int], bool]] = {
        "=": lambda value: value == number,
        "<>": lambda value: value != number,
        "<": lambda value: value < number,
        ">": lambda value: value > number,
        "<=": lambda value: value <= number,
        ">=": lambda value: value >= number,
    }
    return lambda event: any(tests[operator](int(value)) for value in _values(event, name))


def _values(event: Event, name: str) -> list[str]:
    """The values of a field as texts; of people the entity and the mail address."""
    value: Any = event.stamp if name in ("timestamp", "lastModified") else event.data.get(name)
    if value is None:
        return []
    if name in _PEOPLE:
        people = value if isinstance(value, list) else [value]
        return [str(one[key]) for one in people for key in ("entity", "email", "uri") if one.get(key)]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
