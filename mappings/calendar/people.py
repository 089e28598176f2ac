"""ORGANIZER and ATTENDEE as OX's calendar users and attendees, both ways."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mappings.calendar.user import CalendarUser
from mappings.contentline import Property, quote_parameter, without_forbidden

Person = Mapping[str, Any]

_PRINCIPAL = re.compile(r".*/principals/(users|groups|resources)/(\d{1,9})/?", re.IGNORECASE)
# How OX names groups: context, entity and a constant; it refuses all other URNs.
_OF_OX = re.compile(r"urn:uuid:[0-9a-f]{8}-0000-[0-9a-f]{4}-00fc-c0e11e00000[0-9a-f]", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@:<>]+@[^\s@<>]+")
_CU_TYPES = {"users": "INDIVIDUAL", "groups": "GROUP", "resources": "RESOURCE"}
_PARAMETERS = frozenset(
    ["CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP", "MEMBER", "SENT-BY", "EMAIL", "X-RESPONSE-COMMENT"]
)
# What a server tells its clients about deliveries (RFC 6638); never stored.
_DELIVERY = frozenset(["SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND"])


def address(prop: Property) -> dict[str, Any] | None:
    """Who an ORGANIZER or ATTENDEE is: {"uri"} or, for our own principals, {"entity", "cuType"}; None when OX could
    not take any form of it.

    Mail addresses win over other URIs when EMAIL tells one; bare addresses get their scheme.
    """
    value = prop.value.strip()
    principal = _PRINCIPAL.fullmatch(value)
    if principal:
        return {"entity": int(principal[2]), "cuType": _CU_TYPES[principal[1].lower()]}
    email = (prop.param("EMAIL") or "").strip()
    if value.lower().startswith("mailto:"):
        value = value[7:].strip()
        return {"uri": f"mailto:{value}"} if _MAIL.fullmatch(value) else _mail(email)
    if _mail(email) is not None:
        return _mail(email)
    if _MAIL.fullmatch(value):
        return _mail(value)
    return {"uri": value} if _OF_OX.fullmatch(value) else None


def _mail(email: str) -> dict[str, Any] | None:
    return {"uri": f"mailto:{email}"} if _MAIL.fullmatch(email) else None


def to_organizer(prop: Property) -> dict[str, Any] | None:
    """The OX organizer of an ORGANIZER property, None when the address is not usable."""
    organizer = address(prop)
    if organizer is None:
        return None
    organizer.pop("cuType", None)
    if prop.param("CN"):
        organizer["cn"] = prop.param("CN")
    if prop.param("SENT-BY"):
        organizer["sentBy"] = {"uri": prop.param("SENT-BY")}
    return organizer


def to_attendee(prop: Property) -> dict[str, Any] | None:
    """The OX attendee of an ATTENDEE property, None when the address is not usable."""
    attendee = address(prop)
    if attendee is None:
        return None
    for name, field in (("CN", "cn"), ("X-RESPONSE-COMMENT", "comment")):
        if prop.param(name):
            attendee[field] = prop.param(name)
    for name, field in (("CUTYPE", "cuType"), ("ROLE", "role"), ("PARTSTAT", "partStat")):
        value = prop.param(name)
        if value:
            attendee[field] = value.upper()
    if (prop.param("RSVP") or "").upper() == "TRUE":
        attendee["rsvp"] = True
    if prop.param_values("MEMBER"):
        attendee["member"] = list(prop.param_values("MEMBER"))
    if prop.param("SENT-BY"):
        attendee["sentBy"] = {"uri": prop.param("SENT-BY")}
    others = {
        name: values[0] if len(values) == 1 else ",".join(f'"{value}"' for value in values)
        for name, values in prop.params
        if name not in _PARAMETERS and name not in _DELIVERY and values
    }
    return attendee | ({"extendedParameters": others} if others else {})


def people_lines(event: Mapping[str, Any], user: CalendarUser) -> Iterator[str]:
    """The unfolded ORGANIZER and ATTENDEE lines of an event; none unless it is a meeting."""
    if not is_scheduled(event, user):
        return
    organizer = event.get("organizer")
    if organizer:
        yield f"ORGANIZER{_common(organizer)}:{_uri(organizer)}"
    for attendee in event.get("attendees") or ():
        yield _attendee_line(attendee)


def is_scheduled(event: Mapping[str, Any], user: CalendarUser) -> bool:
    """Whether this is a meeting. OX gives every event its owner as attendee and organizer; only the flag
    "scheduled" tells, or, without flags, anybody else taking part."""
    flags = event.get("flags")
    if flags is not None:
        return "scheduled" in flags
    people = list(event.get("attendees") or ())
    if event.get("organizer"):
        people.append(event["organizer"])
    return any(not is_user(person, user) for person in people)


def is_user(person: Person, user: CalendarUser) -> bool:
    """Whether an OX calendar user or attendee is this user."""
    entity = person.get("entity")
    if isinstance(entity, int) and entity > 0:
        return entity == user.user_id
    return user.owns(str(person.get("uri") or person.get("email") or ""))


def person_keys(person: Person) -> set[str]:
    """All names one person is known by; two entries are the same person if they share one."""
    keys = set()
    if isinstance(person.get("entity"), int) and person["entity"] > 0:
        keys.add(f"entity:{person['entity']}")
    uri = str(person.get("uri") or "").strip().lower()
    if uri:
        keys.add(uri if ":" in uri else f"mailto:{uri}")
    if person.get("email"):
        keys.add(f"mailto:{str(person['email']).lower()}")
    return keys


def _attendee_line(attendee: Person) -> str:
    line = "ATTENDEE" + _common(attendee)
    for field, name in (("cuType", "CUTYPE"), ("role", "ROLE")):
        if attendee.get(field):
            line += f";{name}={quote_parameter(str(attendee[field]))}"
    line += f";PARTSTAT={quote_parameter(str(attendee.get('partStat') or 'NEEDS-ACTION'))}"
    if attendee.get("rsvp"):
        line += ";RSVP=TRUE"
    if attendee.get("member"):
        line += ";MEMBER=" + ",".join(f'"{_plain(member)}"' for member in attendee["member"])
    if attendee.get("comment"):
        line += f";X-RESPONSE-COMMENT={_quoted(attendee['comment'])}"
    for name, value in sorted((attendee.get("extendedParameters") or {}).items()):
        line += f";{name}={_extended_value(str(value))}"
    return f"{line}:{_uri(attendee)}"


def _common(person: Person) -> str:
    text = f";CN={_quoted(person['cn'])}" if person.get("cn") else ""
    sent_by = person.get("sentBy")
    if sent_by:
        text += f';SENT-BY="{_plain(_uri(sent_by))}"'
    email = person.get("email")
    if email and not str(person.get("uri") or "").lower().startswith("mailto:"):
        text += f";EMAIL={quote_parameter(str(email))}"
    return text


def _uri(person: Person) -> str:
    uri = person.get("uri") or (f"mailto:{person['email']}" if person.get("email") else "")
    return _plain(uri) or "invalid:nomail"


def _plain(value: Any) -> str:
    return without_forbidden(str(value)).replace("\n", "").replace("\r", "").replace('"', "")


def _quoted(value: Any) -> str:
    text = quote_parameter(str(value))
    return text if text.startswith('"') else f'"{text}"'


def _extended_value(value: str) -> str:
    return value if re.fullmatch(r'"[^"]*"(?:,"[^"]*")+', value) else quote_parameter(value)
