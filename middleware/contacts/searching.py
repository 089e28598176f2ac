"""Searching contacts: patterns, search terms, completion, days of the year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from middleware.call import Call
from middleware.contacts import access, errors, storage
from middleware.contacts.days import day_of, returns
from middleware.contacts.fields import BY_NAME, Kind
from middleware.contacts.model import Contact
from middleware.contacts.reading import Reading, sort
from middleware.contacts.view import latest
from middleware.context import Context
from middleware.envelope import Result
from middleware.folders.model import Folder

MAILS = ("email1", "email2", "email3")
NAMES = ("display_name", "first_name", "last_name", "nickname", *MAILS)
PATTERN_FIELDS = (*NAMES, "company", "department", "categories", "street_business", "city_business")
SEARCHABLE = frozenset({*BY_NAME, "id", "uid", "folder_id", "created_by", "user_id", "last_modified_utc"})
Test = Callable[[Contact], bool]


class Searching(Reading):
    """Actions that look in all address books the user can read, or in those that are named."""

    def search(self, call: Call, context: Context) -> Result:
        """By `pattern` on the display name, or by single fields, all or any (`orSearch`) of them."""
        body = call.object()
        named = [(name, str(body[name])) for name in PATTERN_FIELDS if body.get(name) and name != "folder"]
        if body.get("pattern"):
            named = [("display_name", str(body["pattern"]))]
        tests: list[Test] = [_like(name, pattern) for name, pattern in named]
        combine = any if body.get("orSearch") else all
        folders = _folders(context, call, body.get("folder", body.get("folders")))
        return self._found(call, context, folders, lambda contact: combine(test(contact) for test in tests))

    def advanced_search(self, call: Call, context: Context) -> Result:
        """By a search term in prefix notation."""
        body = call.object()
        test = term(body.get("filter"))
        return self._found(call, context, _folders(context, call, body.get("folders", body.get("folder"))), test)

    def autocomplete(self, call: Call, context: Context) -> Result:
        """Names and addresses that begin with every word of `query`."""
        words = call.require("query").casefold().rstrip("*").split()
        with_mail = call.flag("email", default=True)

        def matches(contact: Contact) -> bool:
            values = [str(contact.fields[name]).casefold() for name in NAMES if contact.fields.get(name)]
            has_mail = any(contact.fields.get(name) for name in MAILS) or "distribution_list" in contact.fields
            return (has_mail or not with_mail) and all(
                any(part.startswith(word) for value in values for part in (value, *value.split())) for word in words
            )

        return self._found(call, context, _folders(context, call, call.params.get("folder")), matches)

    def birthdays(self, call: Call, context: Context) -> Result:
        return self._days(call, context, "birthday")

    def anniversaries(self, call: Call, context: Context) -> Result:
        return self._days(call, context, "anniversary")

    def _days(self, call: Call, context: Context, name: str) -> Result:
        start, end = call.integer("start"), call.integer("end")
        folders = _folders(context, call, call.params.get("folder"))
        return self._found(call, context, folders, lambda contact: _recurs(contact.fields.get(name), start, end))

    def _found(self, call: Call, context: Context, folders: Iterable[Folder], test: Test) -> Result:
        columns = call.columns()
        with context.store.reading() as connection:
            found = [
                contact
                for folder in folders
                for contact in access.visible(context, call.user, folder, storage.in_folders(connection, [folder.id]))
                if test(contact)
            ]
        view = self.view(call, context)
        return Result(view.rows(sort(found, call, view), columns), latest(found))


def term(filter_: Any) -> Test:
    """A search term as a test. SEARCH-0007 for a field that cannot be searched, SEARCH-0001 for a wrong shape."""
    if not isinstance(filter_, list) or not filter_ or not isinstance(filter_[0], str):
        raise errors.bad_search_term("a term is an array that begins with an operator")
    operator, *operands = filter_
    match operator.lower():
        case "and" | "or":
            tests = [term(operand) for operand in operands]
            combine = all if operator.lower() == "and" else any
            return lambda contact: combine(test(contact) for test in tests)
        case "not" if len(operands) == 1:
            inner = term(operands[0])
            return lambda contact: not inner(contact)
        case "isnull" if len(operands) == 1:
            name = _field(operands[0])
            return lambda contact: _value(contact, name) is None
        case "=" | "<>" | "<" | ">" | "<=" | ">=" if len(operands) == 2:
            return _comparison(operator, operands)
    raise errors.bad_search_term(f"operator {operator}")


def _comparison(operator: str, operands: Sequence[Any]) -> Test:
    name, constant = _field(operands[0]), operands[1]
    if operator in ("=", "<>"):
        like = _like(name, "" if constant is None else str(constant))
        return like if operator == "=" else lambda contact: not like(contact)

    def compare(contact: Contact) -> bool:
        value = _value(contact, name)
        if value is None:
            return False
        if name in BY_NAME and BY_NAME[name].kind in (Kind.TEXT, Kind.MAIL):
            left, right = str(value).casefold(), str(constant).casefold()
            return _ordered(operator, (left > right) - (left < right))
        try:
            number = int(constant)
        except (TypeError, ValueError):
            raise errors.bad_search_term("not a number") from None
        return _ordered(operator, (value > number) - (value < number))

    return compare


def _ordered(operator: str, sign: int) -> bool:
    return {"<": sign < 0, ">": sign > 0, "<=": sign <= 0, ">=": sign >= 0}[operator]


def _field(operand: Any) -> str:
    if not isinstance(operand, dict) or not isinstance(operand.get("field"), str):
        raise errors.bad_search_term("the first operand is a field")
    if operand["field"] not in SEARCHABLE:
        raise errors.unsupported_operand(operand["field"])
    return str(operand["field"])


def _value(contact: Contact, name: str) -> Any:
    stored = {
        "id": contact.id,
        "uid": contact.uid,
        "folder_id": contact.folder,
        "created_by": contact.created_by,
        "user_id": contact.user_id,
        "last_modified_utc": contact.modified,
    }
    return stored[name] if name in stored else contact.fields.get(name)


def _like(name: str, pattern: str) -> Test:
    """Equality without regard to case; * and ? stand for any run and any one character."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    expression = re.compile("".join(parts), re.IGNORECASE | re.DOTALL)

    def matches(contact: Contact) -> bool:
        value = _value(contact, name)
        return value is not None and expression.fullmatch(str(value)) is not None

    return matches


def _folders(context: Context, call: Call, named: Any) -> list[Folder]:
    if named is None or named == []:
        found = context.folders.visible(call.user, access.MODULE)
        return [folder for folder in found if context.folders.rights(call.user, folder).can_read(own=True)]
    texts = named if isinstance(named, list) else [named]
    return [access.readable_folder(context, call, text) for text in texts]


def _recurs(day: int | None, start: int, end: int) -> bool:
    """Whether the anniversary of a day falls into [start, end), all in ms."""
    first = day_of(day)
    return first is not None and next(returns(first, start, end), None) is not None
