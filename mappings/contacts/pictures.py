"""PHOTO ⇄ the picture of a contact. Pictures are never fetched: a PHOTO that points elsewhere stays a pointer."""

import base64
import binascii
import re

from mappings.contacts.card import Picture
from mappings.contentline import Property, property_line, unescape_text
from mappings.vcard.spelling import CARRIED_3, CARRIED_4, types_of

_DATA_URI = re.compile(r"data:([^;,]*)((?:;[^;,]*)*?);base64,(.*)", re.IGNORECASE | re.DOTALL)
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_SUBTYPE = re.compile(r"[A-Z0-9][A-Z0-9.+-]*", re.ASCII)
_BASE64_ENCODINGS = ("B", "BASE64")
_INLINE = ("TYPE", "ENCODING", "VALUE", "MEDIATYPE", CARRIED_3, CARRIED_4)


def read(prop: Property) -> Picture | None:
    """The picture inside a PHOTO: ENCODING=b (3.0) or a `data:` URI (4.0); None for links and broken base64.

    The type is told by the octets; the parameter is believed only when they do not tell.
    """
    if (prop.param("ENCODING") or "").upper() in _BASE64_ENCODINGS or "BASE64" in types_of(prop):
        return _decoded(prop.value, _declared(prop))
    match = _DATA_URI.fullmatch(unescape_text(prop.value))
    return _decoded(match[3], match[1].lower() or _declared(prop)) if match else None


def _declared(prop: Property) -> str:
    for word in sorted(types_of(prop)):
        if word not in ("", "PREF", "BASE64") and _SUBTYPE.fullmatch(word.removeprefix("IMAGE/")):
            return "image/" + word.removeprefix("IMAGE/").lower()
    return (prop.param("MEDIATYPE") or "image/jpeg").lower()


def _decoded(encoded: str, declared: str) -> Picture | None:
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Picture(data, _kind(data, declared)) if data else None


def _kind(data: bytes, declared: str) -> str:
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), declared)


def line(picture: Picture, like: Property | None = None) -> str:
    """The unfolded PHOTO line of a picture, with the parameters of the PHOTO the client wrote when given."""
    encoded = base64.b64encode(picture.data).decode("ascii")
    group, params = (like.group, like.params) if like else (None, plain_params(picture))
    return property_line(Property("PHOTO", params, encoded, group))


def as_residue(prop: Property, picture: Picture) -> Property | None:
    """What to remember of a PHOTO beside the octets OX keeps: its parameters, and the digest for a value.

    None when they say no more than what is rendered anyway. Parameters that belong to a `data:` URI are rewritten
    for the inline form of vCard 3.0.
    """
    plain = plain_params(picture)
    types = tuple(pair for pair in prop.params if pair[0] == "TYPE") or plain[1:]
    others = tuple(pair for pair in prop.params if pair[1] and pair[0] not in _INLINE)
    if not others and prop.group is None and types_of(Property("", types, "")) == types_of(Property("", plain, "")):
        return None
    return Property("PHOTO", (plain[0], *types, *others), picture.digest, prop.group)


def plain_params(picture: Picture) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parameters of a PHOTO that says nothing of its own."""
    subtype = _kind(picture.data, picture.content_type).partition("/")[2].partition(";")[0].strip().upper()
    encoding = ("ENCODING", ("b",))
    return (encoding, ("TYPE", (subtype,))) if _SUBTYPE.fullmatch(subtype) else (encoding,)
