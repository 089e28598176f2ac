"""Which VERSION a calendar object is of: that of iCalendar, or of vCalendar 1.0, which is another format."""

from mappings.contentline import Component, Property

_ALARMS_AND_ZONES = frozenset(["AALARM", "DALARM", "MALARM", "PALARM", "RNUM", "DAYLIGHT", "TZ"])
_LISTS = frozenset(["CATEGORIES", "RESOURCES", "EXDATE", "RDATE"])
_RULES = frozenset(["RRULE", "EXRULE"])


def is_icalendar(tree: Component) -> bool:
    """Whether a VCALENDAR is to be read as iCalendar 2.0.

    Without VERSION it is. Some programs write iCalendar and call it version 1.0: that is taken, unless there is
    something that only vCalendar 1.0 has or that means something else there.
    """
    version = (tree.text("VERSION") or "").strip()
    if version == "1.0":
        return not _is_older(tree)
    return not version or "2.0" in (part.strip() for part in version.split(";"))


def _is_older(component: Component) -> bool:
    return any(map(_is_of_vcalendar, component.properties)) or any(map(_is_older, component.components))


def _is_of_vcalendar(prop: Property) -> bool:
    if prop.name in _ALARMS_AND_ZONES or not all(values for _, values in prop.params):
        return True
    if (prop.param("ENCODING") or "").upper() == "QUOTED-PRINTABLE":
        return True
    if prop.name in _RULES:
        return "FREQ=" not in prop.value.upper()
    return prop.name in _LISTS and ";" in prop.value.replace("\\;", "")
