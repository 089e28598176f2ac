"""Request headers of WebDAV: Depth (RFC 4918 10.2), Prefer (RFC 7240, RFC 8144), Brief, Overwrite."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dav.errors import BadRequest
from gateway.dav.messages import Request

INFINITY = "infinity"


def depth(request: Request, default: str) -> str:
    """``0``, ``1`` or ``infinity``. Raises BadRequest for anything else."""
    value = request.header("depth")
    if value is None:
        return default
    value = value.strip().lower()
    if value not in ("0", "1", INFINITY):
        raise BadRequest("Depth is 0, 1 or infinity")
    return value


def overwrite(request: Request) -> bool:
    """RFC 4918 10.6: true unless ``F``. Raises BadRequest for anything but ``T`` and ``F``."""
    return _flag(request, "overwrite")


def schedule_reply(request: Request) -> bool:
    """RFC 6638 8.1: true unless ``F``. Raises BadRequest for anything but ``T`` and ``F``."""
    return _flag(request, "schedule-reply")


def with_timezones(request: Request) -> bool:
    """RFC 7809 7.1: whether calendar objects bring their VTIMEZONEs, true unless ``F``. Raises BadRequest for anything
    but ``T`` and ``F``."""
    return _flag(request, "caldav-timezones")


def _flag(request: Request, name: str) -> bool:
    value = (request.header(name) or "T").strip().upper()
    if value not in ("T", "F"):
        raise BadRequest(f"{name.title()} is T or F")
    return value == "T"


@dataclass(frozen=True, slots=True)
class Preferences:
    """``minimal``: leave out what is not there. ``no_root``: leave out the resource itself (RFC 8144 4)."""

    minimal: bool = False
    no_root: bool = False

    @property
    def applied(self) -> list[tuple[str, str]]:
        """The header that says a minimal answer was given (RFC 7240 3)."""
        return [("Preference-Applied", "return=minimal")] if self.minimal else []


_NO_PREFERENCES = Preferences()


def prefers_representation(request: Request) -> bool:
    """Whether a write is to be answered with the object (RFC 7240 4.2)."""
    return "return=representation" in _wanted(request)


def preferences(request: Request) -> Preferences:
    """What the client would like; anything unknown or malformed is passed over (RFC 7240 2)."""
    if "prefer" not in request.headers and "brief" not in request.headers:
        return _NO_PREFERENCES
    wanted = _wanted(request)
    brief = (request.header("brief") or "").strip().lower() == "t"
    return Preferences(
        minimal=brief or "return=minimal" in wanted,
        no_root="depth-noroot" in wanted,
    )


def _wanted(request: Request) -> set[str]:
    wanted = set()
    for item in (request.header("prefer") or "").split(","):
        name = item.split(";")[0].replace('"', "").lower()
        wanted.add("=".join(part.strip() for part in name.split("=", 1)))
    return wanted
