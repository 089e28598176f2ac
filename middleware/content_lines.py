"""Content lines, of which iCalendar and vCard texts are made (RFC 5545 section 3.1, RFC 6350 section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from icalendar.parser import Contentline, Parameters

_BREAK = re.compile(r"\r\n|\n|\r")
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\;,]")
# Deeper nesting than any component that has a meaning.
_DEEPEST = 10

NO_PARAMETERS: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. `name` and the names of `params` are upper case, `value` is as written, `group` a vCard's.

    `spelling` is the name as it was written, with its group.
    """

    name: str
    value: str
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    spelling: str = ""

    @property
    def text(self) -> str:
        """The value of type TEXT without its escapes."""
        return unescaped(self.value)

    def param(self, name: str) -> str:
        """The first value of a parameter, empty when it is not there."""
        return next(iter(self.params.get(name, ())), "")

    def types(self) -> frozenset[str]:
        """The values of the parameter TYPE in upper case."""
        return frozenset(value.upper() for value in self.params.get("TYPE", ()))

    def fields(self, separator: str = ";") -> list[str]:
        """The parts of a structured value, without escapes."""
        return [unescaped(part) for part in split(self.value, separator)]

    def __str__(self) -> str:
        grouped = f"{self.group}.{self.name}" if self.group else self.name
        return line(self.spelling or grouped, self.value, self.params)


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of a name."""
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        return next((one for one in self.properties if one.name == name), None)

    def text(self, name: str) -> str:
        """The text of the first property of a name, empty without one."""
        found = self.first(name)
        return "" if found is None else found.text

    def within(self, name: str) -> list[Component]:
        """The components of a name directly inside."""
        return [one for one in self.components if one.name == name]


def read(text: str) -> list[Component]:
    """The components of a text. Lines that are no content lines and components without an end are left out."""
    done: list[Component] = []
    open_ones: list[Component] = []
    for one in _properties(text):
        if one.name == "BEGIN":
            open_ones.append(Component(one.value.strip().upper()))
        elif one.name == "END" and open_ones and open_ones[-1].name == one.value.strip().upper():
            closed = open_ones.pop()
            if not open_ones:
                done.append(closed)
            elif len(open_ones) < _DEEPEST:
                open_ones[-1].components.append(closed)
        elif open_ones and one.name != "END":
            open_ones[-1].properties.append(one)
    return done


def _properties(text: str) -> Iterator[Property]:
    for one in _BREAK.split(_FOLD.sub("", text.removeprefix("\ufeff"))):
        if not one.strip():
            continue
        try:
            name, parameters, value = Contentline(one).raw_parts()  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        group, _, plain = str(name).rpartition(".")
        yield Property(plain.upper(), str(value), _params(parameters), group, str(name))


def _params(parameters: Parameters) -> dict[str, tuple[str, ...]]:
    return {
        str(name).upper(): tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for name, value in parameters.items()
    }


def line(name: str, value: str, params: Mapping[str, Iterable[str]] = NO_PARAMETERS) -> str:
    """A folded content line with its line break; `value` must be escaped already."""
    given = "".join(f";{one}={','.join(map(_quoted, values))}" for one, values in params.items())
    whole = f"{name}{given}:{_BREAK.sub('', value)}"
    folded: bytes = Contentline(whole).to_ical()  # type: ignore[no-untyped-call]
    return folded.decode("utf-8") + "\r\n"


def _quoted(value: str) -> str:
    plain = _BREAK.sub(" ", value).replace('"', "'")
    return f'"{plain}"' if re.search(r"[:;,]", plain) else plain


def escaped(text: str) -> str:
    """A text as value: backslash, comma, semicolon and line breaks escaped."""
    return _BREAK.sub(r"\\n", _SPECIAL.sub(r"\\\g<0>", text))


def unescaped(value: str) -> str:
    """The text of an escaped value."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def split(value: str, separator: str) -> list[str]:
    """A value at separators that are not escaped; the parts keep their escapes."""
    cuts = [at for at, letter in enumerate(value) if letter == separator and not _is_escaped(value, at)]
    return [value[begin + 1 : end] for begin, end in pairwise([-1, *cuts, len(value)])]


def _is_escaped(value: str, at: int) -> bool:
    before = value[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
