"""PHOTO, LOGO, SOUND and KEY: inline octets and links in 3.0 (`ENCODING=b`, `VALUE=uri`) and 4.0 (`data:`)."""

import re

from mappings.contentline import Property, unescape_text
from mappings.vcard.spelling import Params, changed, types_of

NAMES = ("PHOTO", "LOGO", "SOUND", "KEY")

_DATA = re.compile(r"data:([^;,]*);base64,(.*)", re.IGNORECASE | re.DOTALL)
_FAMILIES = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio"}
_KEYS = {"PGP": "application/pgp-keys", "X509": "application/pkix-cert"}
_KEY_TYPES = {media: word for word, media in _KEYS.items()}
_UNKNOWN = "application/octet-stream"
_BEGINNINGS = {"/9j/": "JPEG", "iVBORw": "PNG", "R0lGOD": "GIF", "Qk": "BMP"}
_SUBTYPE = re.compile(r"[A-Z0-9][A-Z0-9.+-]*", re.ASCII)


def to_version_3(prop: Property) -> Property:
    match = _DATA.fullmatch(prop.value) or _DATA.fullmatch(unescape_text(prop.value))
    if match is not None:
        word = _word(prop.name, match[1].lower())
        typed: Params = (("TYPE", (word,)),) if word else ()
        others = tuple(pair for pair in prop.params if pair[0] not in ("VALUE", "MEDIATYPE"))
        return changed(prop, params=(("ENCODING", ("b",)), *typed, *others), value=match[2])
    value = (prop.param("VALUE") or "uri").lower()
    if prop.name == "KEY" and value == "text":
        return changed(prop, params=_without_value(prop))
    return changed(prop, params=(("VALUE", (value,)), *_without_value(prop)))


def to_version_4(prop: Property) -> Property:
    types = types_of(prop)
    if (prop.param("ENCODING") or "").upper() in ("B", "BASE64") or "BASE64" in types:
        known = types - {"", "BASE64", "PREF"}
        word = next(iter(sorted(known)), "") or _guessed(prop)
        others = tuple(pair for pair in prop.params if pair[1] and pair[0] not in ("ENCODING", "VALUE"))
        left = tuple(pair for pair in others if pair[0] != "TYPE")
        preferred: Params = (("TYPE", ("PREF",)),) if "PREF" in types else ()
        data = "".join(prop.value.split())
        return changed(prop, params=(*preferred, *left), value=f"data:{_media(prop.name, word)};base64,{data}")
    value = (prop.param("VALUE") or "").lower()
    if value == "uri":
        return changed(prop, params=_without_value(prop))
    if prop.name == "KEY" and not value:
        return changed(prop, params=(("VALUE", ("text",)), *prop.params))
    return prop


def _without_value(prop: Property) -> Params:
    return tuple(pair for pair in prop.params if pair[0] != "VALUE")


def _media(name: str, word: str) -> str:
    if name == "KEY":
        return _KEYS.get(word, _UNKNOWN)
    return f"{_FAMILIES[name]}/{word.lower()}" if _SUBTYPE.fullmatch(word) else _UNKNOWN


def _word(name: str, media: str) -> str | None:
    if name == "KEY":
        return _KEY_TYPES.get(media)
    family, _, subtype = media.partition("/")
    word = subtype.upper()
    return word if family == _FAMILIES[name] and _SUBTYPE.fullmatch(word) else None


def _guessed(prop: Property) -> str:
    if prop.name not in ("PHOTO", "LOGO"):
        return ""
    return next((word for start, word in _BEGINNINGS.items() if prop.value.startswith(start)), "")
