"""Short ways to write cards in tests."""

from mappings.contacts.card import Card
from mappings.contacts.read import read


def octets(*lines: str, version: str = "3.0") -> bytes:
    """A card of some lines between BEGIN, VERSION and END."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def card(*lines: str, version: str = "3.0") -> Card:
    return read(octets(*lines, version=version))


def lines(text: str) -> list[str]:
    """The unfolded lines of a rendered card without those every card has."""
    frame = ("BEGIN:", "END:", "VERSION:", "PRODID:", "REV:")
    return [line for line in text.replace("\r\n ", "").split("\r\n") if line and not line.startswith(frame)]
