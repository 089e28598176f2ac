"""The values that cross the borders of this package."""

import hashlib
from dataclasses import dataclass

from mappings.contentline import Property


@dataclass(frozen=True, slots=True)
class Card:
    """A vCard as a client sent it.

    `kind` is lower case ("individual" when unsaid, "group" for distribution lists, or another KIND of RFC 6350),
    `kind_said` tells whether the card names it. `members` are the URIs of a group as given (`urn:uuid:...`,
    `mailto:...`). `properties` are all properties as written but VERSION.
    """

    uid: str | None
    version: str
    kind: str
    properties: tuple[Property, ...]
    members: tuple[str, ...] = ()
    kind_said: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The octets of a contact's picture and their MIME type."""

    data: bytes
    content_type: str

    @property
    def digest(self) -> str:
        """SHA-256 of the octets in hex: what `changes` compares a card's picture with."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a distribution list.

    From OX: its mail address, its name, and the uid of the contact it refers to (None for a bare address).
    From a card: a reference by uid has no mail (""), to be looked up; a reference by mail has no uid.
    """

    mail: str
    display_name: str
    uid: str | None = None
