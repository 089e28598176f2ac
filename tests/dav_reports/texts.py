"""Objects for the tests, as a store would hold them."""


def calendar(*components: str) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        *"\n".join(components).splitlines(),
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def event(uid: str, start: str = "20270405T090000Z", end: str = "20270405T100000Z", *lines: str) -> str:
    inner = [
        f"UID:{uid}",
        "DTSTAMP:20270101T000000Z",
        f"DTSTART:{start}",
        f"DTEND:{end}",
        f"SUMMARY:Event {uid}",
        *lines,
    ]
    return calendar("\n".join(["BEGIN:VEVENT", *inner, "END:VEVENT"]))


def card(uid: str, name: str, *lines: str) -> str:
    inner = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", f"N:{name};;;;", *lines, "END:VCARD", ""]
    return "\r\n".join(inner)
