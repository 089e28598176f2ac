"""Paths inside the tree and the hrefs that stand for them on the wire.

A path is a tuple of decoded segments, ``("calendars", "3", "31", "a b.ics")``; it carries no prefix and
no trailing slash. Segments are opaque: routed raw, decoded once (RFC 3986 2.4), encoded once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

Path = tuple[str, ...]

PRINCIPALS: Path = ("principals",)
"""The collection in which all principals are found and searched."""

# Characters that RFC 3986 allows in a segment and that clients do not re-encode differently.
_SAFE = "-._~!$'()*,;=:@"
_PLAIN = re.compile(rf"[A-Za-z0-9{re.escape(_SAFE)}]+")
_DOTS = (".", "..")
_PORTS = {"http": ":80", "https": ":443"}


class InvalidPath(ValueError):
    """The text is not a path inside this server: wrong host or prefix, bad encoding, dot segments."""


@dataclass(frozen=True, slots=True)
class Base:
    """Where this server is seen by the client: ``origin`` as ``https://host[:port]``, ``prefix`` as ``""`` or
    ``/some/prefix`` (never with a trailing slash)."""

    origin: str
    prefix: str = ""

    def href(self, path: Path, *, collection: bool) -> str:
        """The absolute path of a resource, percent-encoded; collections end with a slash."""
        text = self.prefix + "".join(f"/{encode_segment(segment)}" for segment in path)
        return text + "/" if collection or not path else text

    def path_of(self, href: str) -> Path:
        """The path meant by an href or a Destination header (absolute URI or absolute path).

        Raises InvalidPath when it lies outside of this server. The scheme is not compared: behind a proxy,
        clients and we may see different ones.
        """
        try:
            parts = urlsplit(href.strip())
        except ValueError:
            raise InvalidPath("not a URI") from None
        if parts.scheme and not (parts.scheme in _PORTS and parts.netloc):
            raise InvalidPath("not a URI of HTTP")
        if parts.netloc and _host(parts) != _host(urlsplit(self.origin)):
            raise InvalidPath("another server")
        return decode_path(parts.path, self.prefix)


def _host(parts: SplitResult) -> str:
    """Host and port, without the port that the scheme stands for anyway."""
    return parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ""))


def is_plain(segment: str) -> bool:
    """Whether a segment is the same encoded and decoded, as nearly all are."""
    return _PLAIN.fullmatch(segment) is not None and segment not in _DOTS


def are_plain(segments: Sequence[str]) -> bool:
    """Whether all of many segments are plain, told at one look."""
    return _PLAIN.fullmatch("".join(segments)) is not None and not any(each in segments for each in ("", *_DOTS))


def encode_segment(segment: str) -> str:
    """One segment of a path, percent-encoded; it holds nothing that XML would have to escape."""
    return segment if _PLAIN.fullmatch(segment) else quote(segment, safe=_SAFE)


def decode_path(raw: str, prefix: str = "") -> Path:
    """Decode an absolute, still encoded path once. Raises InvalidPath for anything that is not one."""
    if prefix:
        if raw != prefix and not raw.startswith(prefix + "/"):
            raise InvalidPath("outside of the prefix")
        raw = raw[len(prefix) :] or "/"
    if not raw.startswith("/"):
        raise InvalidPath("not an absolute path")
    inner = raw[1:-1] if raw.endswith("/") and len(raw) > 1 else raw[1:]
    if not inner:
        return ()
    return tuple(_decode_segment(segment) for segment in inner.split("/"))


def _decode_segment(raw: str) -> str:
    if is_plain(raw):
        return raw
    try:
        segment = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidPath("not UTF-8") from None
    if not segment or segment in _DOTS or any(ord(char) < 0x20 or ord(char) == 0x7F for char in segment):
        raise InvalidPath("empty, dot or control segment")
    return segment
