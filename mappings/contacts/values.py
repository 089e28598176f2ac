"""Values of vCard properties and of OX string fields: taking them apart, and the form in which two are compared."""

import re
from urllib.parse import quote, unquote

from mappings.contentline import escape_text, split_escaped, unescape_text, without_forbidden

_SPECIAL = re.compile(r"[\\;,\n]")
_PLAIN = r"[^\\;,\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-\[\]-~]+", re.ASCII)


def text(value: object) -> str | None:
    """An OX string field as a vCard can carry it: LF line ends, no control characters; None when empty."""
    if value is None:
        return None
    written = value if isinstance(value, str) else str(value)
    if not written.isprintable():
        written = without_forbidden(written).replace("\r\n", "\n").replace("\r", "\n")
    return written or None


is_plain = re.compile(rf"{_PLAIN}+").fullmatch
"""Whether a text is not empty and is written as it is; what they refuse may still be plain."""

is_plain_number = re.compile(rf"[0-9+(]{_PLAIN}*").fullmatch
is_plain_mail = re.compile(r"[A-Za-z0-9.@_+\-]+").fullmatch


def escaped(written: str) -> str:
    """A text that went through `text`, as it stands in a property value."""
    return escape_text(written) if _SPECIAL.search(written) else written


def components(raw: str, count: int) -> list[str | None]:
    """The first `count` parts of a structured value as text; commas in them are taken literally.

    RFC 2426 would make an unescaped comma a list, but most address books write addresses with bare commas.
    """
    parts = [text(unescape_text(part)) for part in split_escaped(raw, ";")[:count]]
    return parts + [None] * (count - len(parts))


def names(raw: str, count: int) -> list[str | None]:
    """The first `count` parts of an N value as text, the elements of a list joined with a blank."""
    parts = [
        text(" ".join(unescape_text(element) for element in split_escaped(part, ",")))
        for part in split_escaped(raw, ";")[:count]
    ]
    return parts + [None] * (count - len(parts))


def words(value: object) -> tuple[str, ...]:
    """The elements of an OX field that holds a comma separated list, blanks around them and empty ones dropped."""
    written = text(value)
    return tuple(word for part in written.split(",") if (word := part.strip())) if written else ()


def uri(value: str) -> str:
    """The raw property value for a field that should hold a URI: verbatim when it is one, else escaped as text."""
    return value if _URI.fullmatch(value) else escape_text(value)


def messenger_uri(value: str) -> str:
    """An instant messenger field as IMPP wants it: a URI as it is, any other text as an `im:` URI (RFC 3860)."""
    return value if _URI.fullmatch(value) else "im:" + quote(value, safe="@")


def messenger_text(raw: str) -> str | None:
    """What an instant messenger field holds for a raw IMPP value; undoes `messenger_uri`."""
    written = unescape_text(raw)
    scheme, _, rest = written.partition(":")
    if scheme.lower() == "im":
        decoded = text(unquote(rest))
        if decoded and not _URI.fullmatch(decoded):
            return decoded
    return text(written)


def number(written: str) -> str | None:
    """A telephone number without the scheme of a `tel:` URI (RFC 6350 TEL;VALUE=uri)."""
    while written[:4].lower() == "tel:":
        written = written[4:]
    return written or None
