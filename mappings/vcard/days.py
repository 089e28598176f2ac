"""Days in vCard 3.0 (extended ISO 8601, Apple's year 1604) and in 4.0 (basic ISO 8601, `--MMDD`)."""

import re

from mappings.contentline import Property
from mappings.vcard.spelling import changed

OMITTED = "X-APPLE-OMIT-YEAR"
_NO_YEAR = "1604"
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)", re.ASCII)
_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)


def to_version_3(prop: Property) -> Property:
    """A complete day, a month and day, or a moment as 3.0 writes it; what 3.0 cannot say stays as it is."""
    if any(name != "VALUE" or values[0].lower() not in _VALUES_4 for name, values in prop.params if values):
        return prop
    if match := _DAY.fullmatch(prop.value):
        omitted = ((OMITTED, (_NO_YEAR,)),) if match[1] == _NO_YEAR else ()
        return changed(prop, params=(_DATE, *omitted), value="-".join(match.groups()))
    if match := _YEARLESS.fullmatch(prop.value):
        return changed(prop, params=(_DATE, (OMITTED, (_NO_YEAR,))), value=f"{_NO_YEAR}-{match[1]}-{match[2]}")
    if match := _MOMENT.fullmatch(prop.value):
        return changed(prop, params=(_MOMENT_VALUE,), value=_moment(match, "-", ":"))
    return prop


def to_version_4(prop: Property) -> Property:
    """The reverse of `to_version_3`."""
    omitted = any(name == OMITTED for name, _ in prop.params)
    others = tuple(pair for pair in prop.params if pair[0] != OMITTED and not _says_only_the_kind(pair))
    if others:
        return prop
    if match := _DAY.fullmatch(prop.value):
        text = f"--{match[2]}{match[3]}" if omitted and match[1] == _NO_YEAR else "".join(match.groups())
        return changed(prop, params=(), value=text)
    if match := _YEARLESS.fullmatch(prop.value):
        return changed(prop, params=(), value=f"--{match[1]}{match[2]}")
    if (match := _MOMENT.fullmatch(prop.value)) and not omitted:
        return changed(prop, params=(), value=_moment(match, "", ""))
    return prop


_VALUES_4 = ("date", "date-time", "date-and-or-time")
_DATE = ("VALUE", ("date",))
_MOMENT_VALUE = ("VALUE", ("date-time",))


def _says_only_the_kind(pair: tuple[str, tuple[str, ...]]) -> bool:
    return pair[0] == "VALUE" and [value.lower() for value in pair[1]] in (["date"], ["date-time"])


def _moment(match: re.Match[str], between_days: str, between_times: str) -> str:
    year, month, day, hour, minute, second, zone = match.groups()
    zone = zone or ""
    if len(zone) > 3:
        zone = zone[:3] + between_times + zone[-2:]
    return f"{between_days.join((year, month, day))}T{between_times.join((hour, minute, second))}{zone}"
