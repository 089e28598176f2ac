"""vCard 2.1, as old phones and programs write it, in the spelling of 3.0.

What 2.1 leaves no doubt about is converted: quoted-printable and base64, character sets per line, bare types, its own
way of folding. Inner cards (AGENT) and character sets nobody knows are refused.
"""

import codecs
import quopri
import re
from collections.abc import Iterator

from mappings.contentline import Parameters, Property, escape_text, property_line, split_escaped, without_forbidden
from mappings.errors import InvalidAddressData, UnsupportedAddressData

_HEAD = re.compile(rb"\s*(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)\s*((?:;[^:]*)?):(.*)", re.DOTALL)
_ANDROID_LABEL = re.compile(r"X-CUSTOM\((?:[^()]*,)?([^(),]*)\)", re.IGNORECASE)
"""``TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C3=9C):1``: a label of the user's own."""
_STRUCTURED = frozenset({"N", "ADR", "ORG"})
_AS_WRITTEN = frozenset({"BEGIN", "END", "CATEGORIES", "URL", "UID"})
_NO_ENCODING = frozenset({"7BIT", "8BIT"})
_VALUES = {"URL": "uri", "CONTENT-ID": "uri", "CID": "uri"}


def as_version_3(data: bytes) -> str:
    """The text of one or more 2.1 cards in version 3.0. Raises InvalidAddressData, UnsupportedAddressData."""
    return "\r\n".join(property_line(_property(line)) for line in _logical_lines(data)) + "\r\n"


def _logical_lines(data: bytes) -> Iterator[bytes]:
    """Lines with their continuations: soft line breaks of quoted-printable, else what begins with white space."""
    lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        head = line.partition(b":")[0].upper()
        parts = [line]
        if b"QUOTED-PRINTABLE" in head:
            while parts[-1].endswith(b"=") and place < len(lines):
                parts[-1] = parts[-1][:-1]
                parts.append(lines[place])
                place += 1
        else:
            base64 = b"BASE64" in head or b"ENCODING=B" in head
            while place < len(lines) and lines[place][:1] in (b" ", b"\t") and lines[place].strip():
                parts.append(lines[place].strip() if base64 else lines[place])
                place += 1
        whole = b"".join(parts)
        if whole.strip():
            yield whole


def _property(line: bytes) -> Property:
    match = _HEAD.fullmatch(line)
    if match is None:
        raise InvalidAddressData("a line is not a content line")
    group, name, head, raw = match.groups()
    upper = name.decode("ascii").upper()
    if upper == "VERSION":
        return Property("VERSION", (), "3.0")
    if upper == "AGENT":
        raise UnsupportedAddressData("a vCard inside a vCard")
    params, encoding, charset = _parameters(head.decode("ascii", "replace"))
    if encoding == "BASE64":
        params = (("ENCODING", ("b",)), *params)
        value = "".join(raw.decode("ascii", "replace").split())
    else:
        octets = quopri.decodestring(raw) if encoding == "QUOTED-PRINTABLE" else raw
        value = _value(upper, _decoded(octets, charset))
    return Property(upper, params, value, group.decode("ascii") if group else None)


def _parameters(head: str) -> tuple[Parameters, str, str | None]:
    """The parameters in 3.0 spelling, the encoding and the character set."""
    types: list[str] = []
    others: list[tuple[str, tuple[str, ...]]] = []
    encoding, charset = "", None
    for item in filter(None, (part.strip() for part in head.split(";"))):
        label = _ANDROID_LABEL.fullmatch(item)
        if label:
            types.append(without_forbidden(quopri.decodestring(label[1]).decode("utf-8", "replace")))
            continue
        name, equals, value = (part.strip() for part in item.partition("="))
        word = (value if equals else name).upper()
        match name.upper() if equals else "":
            case "ENCODING" if word in ("B", "BASE64"):
                encoding = "BASE64"
            case "ENCODING":
                encoding = word
            case "CHARSET":
                charset = value
            case "TYPE":
                types.append(value)
            case "VALUE":
                others.append(("VALUE", (_VALUES.get(word, value.lower()),)))
            case "" if word in ("BASE64", "QUOTED-PRINTABLE", *_NO_ENCODING):
                encoding = word
            case "" if word in _VALUES:
                others.append(("VALUE", ("uri",)))
            case "":
                types.append(name)
            case other:
                others.append((other, (value,)))
    typed: Parameters = (("TYPE", tuple(types)),) if types else ()
    return (*typed, *others), encoding, charset


def _decoded(octets: bytes, charset: str | None) -> str:
    if charset is not None:
        try:
            return codecs.lookup(charset).incrementaldecoder("strict").decode(octets, True)
        except (LookupError, UnicodeError, TypeError, ValueError):
            raise UnsupportedAddressData("a character set that is not known, or not the one of the text") from None
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _value(name: str, text: str) -> str:
    """A decoded value as 3.0 escapes it; in 2.1 a backslash stands for itself but before a semicolon."""
    if name in _AS_WRITTEN:
        return without_forbidden(text).replace("\r", " ").replace("\n", " ").strip()
    if name in _STRUCTURED:
        return ";".join(escape_text(part.replace("\\;", ";")) for part in split_escaped(text, ";"))
    return escape_text(text.replace("\\;", ";"))
