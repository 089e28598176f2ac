"""XML names of the protocols, in Clark notation, as lxml wants them."""

from __future__ import annotations

DAV = "DAV:"
CALDAV = "urn:ietf:params:xml:ns:caldav"
CARDDAV = "urn:ietf:params:xml:ns:carddav"
CALENDARSERVER = "http://calendarserver.org/ns/"
APPLE = "http://apple.com/ns/ical/"
ME = "http://me.com/_namespace/"

PREFIXES = {"D": DAV, "C": CALDAV, "CR": CARDDAV, "CS": CALENDARSERVER, "A": APPLE, "ME": ME}
"""Prefix -> namespace, as written in answers. ``D`` is bound on every root element."""


def dav(name: str) -> str:
    return f"{{{DAV}}}{name}"


def caldav(name: str) -> str:
    return f"{{{CALDAV}}}{name}"


def carddav(name: str) -> str:
    return f"{{{CARDDAV}}}{name}"


def calendarserver(name: str) -> str:
    return f"{{{CALENDARSERVER}}}{name}"


def apple(name: str) -> str:
    return f"{{{APPLE}}}{name}"
