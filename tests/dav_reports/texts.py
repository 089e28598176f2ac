"""Objects for the tests, as a store would hold them."""


def calendar(*components: str) -> str:
    lines = "\n".join(components).splitlines()
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *lines, "END:VCALENDAR", ""])


def event(uid: str, start: str = "20270405T090000Z", end: str = "20270405T100000Z", *lines: str) -> str:
    return calendar(vevent(uid, start, end, *lines))


def vevent(uid: str, start: str = "20270405T090000Z", end: str = "20270405T100000Z", *lines: str) -> str:
    """The VEVENT alone; ``start`` and ``end`` with parameters if they begin with a semicolon."""
    inner = [f"UID:{uid}", "DTSTAMP:20270101T000000Z", _line("DTSTART", start), _line("DTEND", end)]
    return "\n".join(["BEGIN:VEVENT", *inner, f"SUMMARY:Event {uid}", *lines, "END:VEVENT"])


def _line(name: str, value: str) -> str:
    return name + value if value.startswith(";") else f"{name}:{value}"


def card(uid: str, name: str, *lines: str) -> str:
    inner = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", f"N:{name};;;;", *lines, "END:VCARD", ""]
    return "\r\n".join(inner)
