"""The properties of one VEVENT as the fields of an OX event."""

from typing import Any

from mappings.calendar.alarms import to_alarm
from mappings.calendar.attachments import to_attachment
from mappings.calendar.extended import RESERVED, to_extended
from mappings.calendar.moments import to_ox
from mappings.calendar.people import person_keys, to_attendee, to_organizer
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, split_escaped, unescape_text

_TEXTS = {
    "SUMMARY": "summary",
    "LOCATION": "location",
    "DESCRIPTION": "description",
    "COLOR": "color",
}
_TOKENS = {"CLASS": "class", "TRANSP": "transp", "STATUS": "status"}
_SERIES = frozenset(["RRULE", "RDATE", "EXDATE"])
_CONFERENCE_PARAMETERS = frozenset(["VALUE", "FEATURE", "LABEL"])


def event_fields(component: Component, zones: Zones) -> dict[str, Any]:
    """All fields but those of the recurrence; fields the component does not have are left out."""
    start, end = zones.span(component)
    event: dict[str, Any] = {"startDate": to_ox(start), "endDate": to_ox(end)}
    for name, field in _TEXTS.items():
        if text := component.text(name):
            event[field] = text
    for name, field in _TOKENS.items():
        if text := (component.text(name) or "").strip():
            event[field] = text.upper()
    url = component.first("URL")
    if url is not None and url.value.strip():
        event["url"] = url.value.strip()
    rest = [prop for prop in component.properties if prop.name not in RESERVED and prop.name not in _SERIES]
    rest = _take_people(component, rest, event)
    rest = _take_attachments(rest, event)
    if categories := _categories(component):
        event["categories"] = categories
    if geo := _geo(component):
        event["geo"] = geo
    if conferences := [_conference(prop) for prop in component.all("CONFERENCE")]:
        event["conferences"] = conferences
    alarms = [to_alarm(inner, zones) for inner in component.components if inner.name == "VALARM"]
    if any(alarms):
        event["alarms"] = [alarm for alarm in alarms if alarm]
    if rest:
        event["extendedProperties"] = to_extended(rest)
    return event


def _take_people(component: Component, rest: list[Property], event: dict[str, Any]) -> list[Property]:
    """Organizer and attendees; addresses OX could not take stay among the rest, so that nothing is lost.

    Attendees of an unusable organizer stay there, too: OX would make the user the organizer and invite them.
    """
    organizer = component.first("ORGANIZER")
    if organizer is not None:
        found = to_organizer(organizer)
        if found is None:
            return rest
        event["organizer"] = found
    attendees, others, seen = [], [], set[str]()
    for prop in rest:
        attendee = to_attendee(prop) if prop.name == "ATTENDEE" else None
        if prop.name == "ORGANIZER":
            continue
        if attendee is None:
            others.append(prop)
        elif not person_keys(attendee) & seen:  # of several entries for one person the first counts
            attendees.append(attendee)
            seen |= person_keys(attendee)
    if attendees:
        event["attendees"] = attendees
    return others


def _take_attachments(rest: list[Property], event: dict[str, Any]) -> list[Property]:
    """What OX can hold as attachments; others stay among the rest."""
    attachments, others = [], []
    for prop in rest:
        attachment = to_attachment(prop) if prop.name == "ATTACH" else None
        if attachment is None:
            others.append(prop)
        else:
            attachments.append(attachment)
    if attachments:
        event["attachments"] = attachments
    return others


def _categories(component: Component) -> list[str]:
    """One list of all CATEGORIES lines. OX cuts categories at commas, so they are cut here, before comparing."""
    found: dict[str, None] = {}
    for prop in component.all("CATEGORIES"):
        for part in split_escaped(prop.value, ","):
            for category in unescape_text(part).split(","):
                if category.strip():
                    found[category.strip()] = None
    return list(found)


def _geo(component: Component) -> dict[str, float] | None:
    prop = component.first("GEO")
    parts = prop.value.replace("\\;", ";").split(";") if prop else []
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return {"lat": latitude, "long": longitude}


def _conference(prop: Property) -> dict[str, Any]:
    conference: dict[str, Any] = {"uri": prop.value.strip()}
    if label := prop.param("LABEL"):
        conference["label"] = label
    if features := [feature.upper() for feature in prop.param_values("FEATURE") if feature]:
        conference["features"] = features
    others = {name: ",".join(values) for name, values in prop.params if name not in _CONFERENCE_PARAMETERS and values}
    return conference | ({"extendedParameters": others} if others else {})
