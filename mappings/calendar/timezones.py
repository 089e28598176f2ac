"""Time zones: which IANA zone a client's TZID means, and VTIMEZONE texts for IANA zones."""

import re
import unicodedata
import zoneinfo
from collections.abc import Iterable
from datetime import UTC, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_UTC_NAMES = frozenset(
    [
        "utc",
        "z",
        "gmt",
        "zulu",
        "universal",
        "uct",
        "etc/utc",
        "etc/gmt",
        "etc/uct",
        "etc/zulu",
        "etc/universal",
        "tzone://microsoft/utc",
    ]
) | {"coordinated universal time", "(utc) coordinated universal time"}
# Names of programs that are neither IANA's nor in the table of Windows names.
_OTHER_NAMES = {
    "eastern time (us & canada)": "America/New_York",
    "eastern time": "America/New_York",
    "us eastern time": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "central time": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "mountain time": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "pacific time (us & canada); tijuana": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax",
    "greenwich mean time": "Europe/London",
    "greenwich mean time: dublin, edinburgh, lisbon, london": "Europe/London",
    "western european time": "Europe/Lisbon",
    "central european time": "Europe/Berlin",
    "eastern european time": "Europe/Bucharest",
    "mitteleuropäische zeit": "Europe/Berlin",
}
# Cities in Microsoft's display names that are no IANA zones.
_OTHER_CITIES = {
    "abu dhabi": "Asia/Dubai",
    "astana": "Asia/Almaty",
    "beijing": "Asia/Shanghai",
    "bern": "Europe/Zurich",
    "brasilia": "America/Sao_Paulo",
    "canberra": "Australia/Sydney",
    "chennai": "Asia/Kolkata",
    "edinburgh": "Europe/London",
    "hanoi": "Asia/Bangkok",
    "islamabad": "Asia/Karachi",
    "mumbai": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "osaka": "Asia/Tokyo",
    "pretoria": "Africa/Johannesburg",
    "sapporo": "Asia/Tokyo",
    "st. petersburg": "Europe/Moscow",
}
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?00)?", re.IGNORECASE)
_NAMED_OFFSET = re.compile(r"\(?(?:UTC|GMT)\s*([+-]\d{1,2}:?(?:00)?)\b", re.IGNORECASE)
_DISPLAY_NAME = re.compile(r"(?:\((?:UTC|GMT)[^)]*\)\s*)?(.+)", re.IGNORECASE)
_AREA = re.compile(r"(?<![a-z])(?=([a-z]+/[a-z_+-]+(?:/[a-z_+-]+)?))")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = {name.lower(): name for name in sorted(zoneinfo.available_timezones())}
    names.pop("localtime", None)
    return names


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """The last part of zone names ("berlin"), where it is unambiguous."""
    found: dict[str, str | None] = {}
    for lower, name in _names().items():
        if "/" in lower and not lower.startswith(("etc/", "systemv/", "posix/", "right/", "us/", "brazil/")):
            city = lower.rpartition("/")[2]
            found[city] = None if city in found else name
    return {city: name for city, name in found.items() if name is not None}


@lru_cache(maxsize=4096)
def resolve(tzid: str) -> str | None:
    """The IANA name (or "UTC") a TZID means: IANA names and aliases in any case, Windows and display names,
    prefixed names like /mozilla.org/20050126_1/Europe/Berlin, and fixed offsets; None when it tells nothing."""
    if len(tzid) > 200:
        return None
    plain = " ".join(tzid.replace("\\", "").replace('"', "").split())
    lower = plain.lower()
    if lower in _UTC_NAMES:
        return "UTC"
    if lower in _names():
        return _names()[lower]
    if plain in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[plain]
    if lower in _OTHER_NAMES:
        return _OTHER_NAMES[lower]
    return _from_area(lower) or _from_offset(plain) or _from_display_name(lower) or _from_numbered(plain)


def _from_area(lower: str) -> str | None:
    """An IANA name somewhere inside: with a prefix, or with blanks instead of underscores."""
    for name in _AREA.findall(lower.replace(" ", "_")):
        for known in (name, "/".join(name.split("/")[:2])):
            if known in _names():
                return "UTC" if known in _UTC_NAMES else _names()[known]
    return None


def _from_offset(plain: str) -> str | None:
    match = _OFFSET.fullmatch(plain)
    if match is None:
        return None
    hours = int(match[2])
    if hours == 0:
        return "UTC"
    name = f"etc/gmt{'-' if match[1] == '+' else '+'}{hours}"  # POSIX counts west of Greenwich
    return _names().get(name)


def _from_display_name(lower: str) -> str | None:
    """Microsoft's "(UTC+01:00) Amsterdam, Berlin, ..." with or without the offset: the first city that is known."""
    match = _DISPLAY_NAME.fullmatch(lower)
    if match is None or (match[1] == lower and "," not in lower):
        return None
    known = _OTHER_NAMES.get(match[1].replace(" and ", " & "))
    letters = unicodedata.normalize("NFKD", match[1])
    cities = ["".join(filter(str.isprintable, city)).strip() for city in letters.split(",")]
    plain = ["".join(char for char in city if not unicodedata.combining(char)) for city in cities]
    found = (_cities().get(city.replace(" ", "_")) or _OTHER_CITIES.get(city) for city in plain)
    return known or next((name for name in found if name), None)


def offset_in_name(tzid: str) -> str | None:
    """The fixed zone of an offset that an otherwise unknown name tells ("(GMT +01:00)")."""
    match = _NAMED_OFFSET.search(tzid)
    return _from_offset(match[1]) if match else None


def is_offset(tzid: str) -> bool:
    """Whether a name tells nothing but a fixed offset ("UTC+01:00", "GMT-5")."""
    return _OFFSET.fullmatch(" ".join(tzid.split())) is not None


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """The zone that always has this UTC offset, for whole hours."""
    hours, rest = divmod(offset, timedelta(hours=1))
    return zone(f"UTC{hours:+03}") if not rest else None


def _from_numbered(plain: str) -> str | None:
    """Exchange numbers its zones when several definitions share a name ("W. Europe Standard Time 1")."""
    match = re.fullmatch(r"(.+?)[ _-]\d{1,3}", plain)
    return resolve(match[1]) if match else None


@lru_cache(maxsize=1024)
def zone(tzid: str) -> tzinfo | None:
    """The zone a TZID means; UTC is `datetime.UTC`, all others are ZoneInfo. None for unknown names."""
    name = resolve(tzid)
    if name is None:
        return None
    return UTC if name == "UTC" else ZoneInfo(name)


def candidate_zones() -> Iterable[str]:
    """All zones in the order in which a match by definition should prefer them: the zones that Windows names
    stand for are the well-known ones of their regions."""
    preferred = dict.fromkeys(["Europe/Berlin", "America/New_York", "America/Los_Angeles", "America/Chicago"])
    preferred.update(dict.fromkeys(sorted(name for name in WINDOWS_TO_OLSON.values() if "/" in name)))
    preferred.update(dict.fromkeys(name for name in _names().values() if "/" in name))
    return [name for name in preferred if name.lower() in _names()]
