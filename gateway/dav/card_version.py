"""Which version of vCard a GET answers (RFC 6350 10.1, RFC 9110 12.5.1)."""

from __future__ import annotations

from mappings.vcard.versions import VERSIONS

_MEDIA_TYPES = ("text/vcard", "text/x-vcard", "text/directory")


def accepted_version(accept: str | None) -> str | None:
    """The version an Accept header prefers; None when it names none, which means: the one the card was written in.

    A header that names only what is not served is passed over: clients that send one take any vCard.
    """
    best: tuple[float, str | None] = (0.0, None)
    for item in (accept or "").split(","):
        media_type, *parameters = (part.strip().lower() for part in item.split(";"))
        named = dict(_pair(parameter) for parameter in parameters)
        quality = _quality(named.get("q", "1"))
        if media_type in _MEDIA_TYPES and named.get("version") in VERSIONS and quality > best[0]:
            best = quality, named["version"]
    return best[1]


def _pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.strip(), value.strip().strip('"')


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
