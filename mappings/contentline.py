"""Content lines, the common syntax of iCalendar (RFC 5545 3.1) and vCard (RFC 6350 3.3).

Two layers: single lines (folding, escaping, parameters with RFC 6868) and a light tree of properties and
components that keeps every value as it was written. The tree serves filtering, subsetting and reading;
it is tolerant where the meaning is clear and refuses the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from mappings.errors import InvalidData

MAX_DEPTH = 16
MAX_LINES = 200_000
_SHORT = 75

Parameters = tuple[tuple[str, tuple[str, ...]], ...]

# Characters that neither iCalendar nor XML 1.0 can carry.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)\s*(?=[;:])")
# Possessive quantifiers keep matching linear on hostile input.
_PARAMETER = re.compile(
    r';[;\s]*+([A-Za-z0-9_-]+)\s*+(?:=((?:"[^"]*"|[^";:,])*+(?:,(?:"[^"]*"|[^";:,])*+)*+))?(?=[;:]|$)'
)
# The same where a client escapes separators as in values, which no RFC knows.
_ESCAPED_PARAMETER = re.compile(
    r';[;\s]*+([A-Za-z0-9_-]+)\s*+(?:=((?:"[^"]*"|\\.|[^";:,\\])*+(?:,(?:"[^"]*"|\\.|[^";:,\\])*+)*+))?(?=[;:]|$)'
)
_PRIVATE_WITH_EQUALS = re.compile(r"(X-[A-Za-z0-9-]+)=(.*)", re.DOTALL)
_PARAMETER_VALUE = re.compile(r'(?:^|,)((?:"[^"]*"|[^",])*+)')
_TEXT_SPECIAL = re.compile(r"[\\;,\n\r]")
_PARAMETER_SPECIAL = re.compile(r'[\^",;:\n\r]')
_ESCAPED = re.compile(r'\\([nN,;:\\"])')
_CARET = re.compile(r"\^([n^'])")


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. `name` and parameter names are upper case, parameter values are decoded,
    `value` is the text after the colon as written (still escaped)."""

    name: str
    params: Parameters
    value: str
    group: str | None = None

    def param(self, name: str) -> str | None:
        """The first value of a parameter."""
        for key, values in self.params:
            if key == name:
                return values[0] if values else ""
        return None

    def param_values(self, name: str) -> tuple[str, ...]:
        """All values of a parameter, over all its occurrences."""
        return tuple(value for key, values in self.params if key == name for value in values)


@dataclass(slots=True)
class Component:
    """A BEGIN/END block: its properties and inner components in the order they were written."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        for prop in self.properties:
            if prop.name == name:
                return prop
        return None

    def all(self, name: str) -> list[Property]:
        return [prop for prop in self.properties if prop.name == name]

    def text(self, name: str) -> str | None:
        """The unescaped value of the first property of that name."""
        prop = self.first(name)
        return None if prop is None else unescape_text(prop.value)


def decode(data: bytes) -> str:
    """Bytes of a client as text: BOMs honoured, unfolded before decoding (a fold may split a character),
    UTF-8, or Windows-1252 when it is no UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    data = re.sub(rb"(?:\r?\n)+[ \t]", b"", data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def without_forbidden(text: str) -> str:
    """The text without control characters and lone surrogates, which could not be sent in XML."""
    return _FORBIDDEN.sub("", text) if _FORBIDDEN.search(text) else text


def same_text(text: object) -> str | None:
    """A text as it comes back from a content line, for comparisons; None for nothing."""
    if not text:
        return None
    return without_forbidden(str(text)).replace("\r\n", "\n").replace("\r", "\n") or None


def fold(line: str) -> str:
    """A content line folded to at most 75 octets a line, never inside a character; no final CRLF."""
    if len(line) <= 75 and (line.isascii() or len(line.encode()) <= 75):
        return line
    if line.isascii():
        rest = [line[start : start + 74] for start in range(75, len(line), 74)]
        return "\r\n ".join([line[:75], *rest])
    return "\r\n ".join(_octet_pieces(line.encode()))


def _octet_pieces(octets: bytes) -> Iterator[str]:
    start, room = 0, 75
    while start < len(octets):
        end = min(start + room, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        yield octets[start:end].decode()
        start, room = end, 74


def escape_text(text: str) -> str:
    """A TEXT value as it is written, RFC 5545 3.3.11."""
    text = without_forbidden(text)
    if not _TEXT_SPECIAL.search(text):
        return text
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def unescape_text(value: str) -> str:
    """The text behind a TEXT value; unknown escapes stay as they are."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def split_escaped(value: str, separator: str) -> list[str]:
    """A compound value cut at its unescaped separators; the parts are still escaped."""
    if "\\" not in value:
        return value.split(separator)
    parts, start, position = [], 0, 0
    while position < len(value):
        if value[position] == "\\":
            position += 2
            continue
        if value[position] == separator:
            parts.append(value[start:position])
            start = position + 1
        position += 1
    parts.append(value[start:])
    return parts


def quote_parameter(value: str) -> str:
    """A parameter value as it is written: RFC 6868 escapes, quoted when it needs to be."""
    value = without_forbidden(value)
    if not _PARAMETER_SPECIAL.search(value):
        return value
    if "^" in value or '"' in value or "\n" in value or "\r" in value:
        value = value.replace("^", "^^").replace('"', "^'")
        value = value.replace("\r\n", "^n").replace("\n", "^n").replace("\r", "^n")
    if any(char in value for char in ",;:"):
        return f'"{value}"'
    return value


def property_line(prop: Property) -> str:
    """The property as one unfolded content line."""
    head = f"{prop.group}.{prop.name}" if prop.group else prop.name
    for name, values in prop.params:
        head += f";{name}=" + ",".join(map(quote_parameter, values)) if values else f";{name}"
    return f"{head}:{prop.value}"


def parse_property(line: str) -> Property:
    """An unfolded content line as a property; raises InvalidData.

    Tolerated: empty parameters (";;"), blanks around names, backslash escapes in parameters where nothing else makes
    sense, "X-NAME=value" (seen from Apple).
    """
    head = _NAME.match(line)
    if head is None:
        private = _PRIVATE_WITH_EQUALS.fullmatch(line)
        if private is None:
            raise InvalidData("a line is not a content line")
        return Property(private[1].upper(), (), private[2])
    found = _parameters(line, head.end(), _PARAMETER) or _parameters(line, head.end(), _ESCAPED_PARAMETER)
    if found is None:
        raise InvalidData("malformed parameters")
    params, position = found
    return Property(head[2].upper(), params, line[position + 1 :], head[1])


@lru_cache(maxsize=4096)
def _parse_short(line: str) -> Property:
    """Most lines of a calendar object are in all others of the same client, too: its time zone, its defaults."""
    return parse_property(line)


def _parameters(line: str, position: int, pattern: re.Pattern[str]) -> tuple[Parameters, int] | None:
    """The parameters from `position` on, and where the colon behind them is."""
    params: list[tuple[str, tuple[str, ...]]] = []
    while line[position] == ";":
        match = pattern.match(line, position)
        if match is None or match.end() == len(line):
            return None
        value = match[2] if match[2] is None or pattern is _PARAMETER else unescape_text(match[2])
        params.append((match[1].upper(), () if value is None else _parameter_values(value)))
        position = match.end()
    return tuple(params), position


def _parameter_values(text: str) -> tuple[str, ...]:
    if '"' not in text and "," not in text:
        return (_decode_parameter(text),)
    return tuple(_decode_parameter(value.strip(" \t").replace('"', "")) for value in _PARAMETER_VALUE.findall(text))


def _decode_parameter(value: str) -> str:
    if "^" not in value:
        return value
    return _CARET.sub(lambda match: {"n": "\n", "^": "^", "'": '"'}[match[1]], value)


def unfolded_lines(text: str) -> list[str]:
    """The non-empty logical lines of a text with CRLF, LF or CR line ends."""
    text = without_forbidden(text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    if "\n " in text or "\n\t" in text:
        text = re.sub(r"\n+[ \t]", "", text)
    return [line for line in text.split("\n") if line and not line.isspace()]


def parse_trees(text: str) -> list[Component]:
    """All top level components of a text, in linear time; raises InvalidData when it is malformed,
    deeper than 16 levels or longer than 200,000 lines."""
    lines = unfolded_lines(text)
    if len(lines) > MAX_LINES:
        raise InvalidData("too many lines")
    roots: list[Component] = []
    stack: list[Component] = []
    for line in lines:
        prop = _parse_short(line) if len(line) <= _SHORT else parse_property(line)
        if prop.name == "BEGIN":
            component = Component(prop.value.strip().upper())
            (stack[-1].components if stack else roots).append(component)
            stack.append(component)
            if len(stack) > MAX_DEPTH:
                raise InvalidData("components nested too deep")
        elif prop.name == "END":
            if not stack or stack.pop().name != prop.value.strip().upper():
                raise InvalidData("BEGIN and END do not match")
        elif stack:
            stack[-1].properties.append(prop)
        elif not roots:  # what follows the last component is ignored
            raise InvalidData("a property outside of any component")
    if stack:
        raise InvalidData("a component is not closed")
    return roots


def parse_tree(text: str) -> Component:
    """The one top level component of a text; raises InvalidData (see parse_trees)."""
    roots = parse_trees(text)
    if len(roots) != 1:
        raise InvalidData("several objects" if roots else "no object")
    return roots[0]


def write_tree(component: Component) -> str:
    """The component as folded lines with CRLF."""
    lines: list[str] = []
    _write(component, lines)
    lines.append("")
    return "\r\n".join(lines)


def _write(component: Component, lines: list[str]) -> None:
    lines.append(f"BEGIN:{component.name}")
    lines.extend(fold(property_line(prop)) for prop in component.properties)
    for inner in component.components:
        _write(inner, lines)
    lines.append(f"END:{component.name}")
