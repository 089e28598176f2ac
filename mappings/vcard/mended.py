"""Cards of old programs that are no content lines as they stand, where what was meant is beyond doubt."""

import quopri
import re

from mappings.contentline import escape_text

_HEAD = re.compile(r"\s*(?:[A-Za-z0-9-]+\.)?[A-Za-z0-9/_-]+(?:;[^:\r\n]*)?:")
_QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE(?=[;:])", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=[^;:]*", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def mended(text: str) -> str:
    """The text with base64 joined that continues without a blank (iOS 5), quoted-printable decoded (2.1 in a 3.0
    card) and slashes in property names (KAddressBook's `X-messaging/xmpp-All`) written as `-`."""
    lines: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        if lines and _continues(lines[-1], line):
            lines[-1] = lines[-1].removesuffix("=") + line if _is_quoted(lines[-1]) else lines[-1] + line.strip()
        else:
            lines.append(line)
    return "\r\n".join(map(_line, lines))


def _continues(before: str, line: str) -> bool:
    if _is_quoted(before):
        return before.endswith("=")
    head = _HEAD.match(before)
    inline = head is not None and "ENCODING=B" in head[0].upper()
    return inline and not _HEAD.match(line) and bool(_BASE64.fullmatch(line))


def _is_quoted(line: str) -> bool:
    head = _HEAD.match(line)
    return head is not None and _QUOTED.search(head[0]) is not None


def _line(line: str) -> str:
    head = _HEAD.match(line)
    if head is None:
        return line
    name, *parameters = head[0].split(";", 1)
    start = ";".join([name.replace("/", "-"), *parameters])
    value = line[head.end() :]
    if _is_quoted(line):
        start = _CHARSET.sub("", _QUOTED.sub("", start))
        decoded = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
        value = escape_text(decoded).replace("\\;", ";").replace("\\\\", "\\").replace("\\,", ",")
    return start + value
