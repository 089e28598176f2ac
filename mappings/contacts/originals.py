"""The picture a client wrote where OX has a smaller one of it.

It is residue: the PHOTO as it was written, with the digest of the picture that OX has. It is shown in place of that
one until OX has another.
"""

import base64
from collections.abc import Iterable

from mappings.contacts import pictures, residue
from mappings.contacts.card import Picture
from mappings.contentline import Property
from mappings.vcard.spelling import without

_HELD = "X-OX-PICTURE"


def remember(overflow: Iterable[Property], written: Picture, held: Picture) -> tuple[Property, ...]:
    """The residue of a card whose picture is `written` when OX has `held`."""
    listed = tuple(overflow)
    marked = [prop for prop in listed if prop.param(residue.MARKER) == residue.PICTURE]
    rest = [prop for prop in listed if prop.param(residue.MARKER) != residue.PICTURE]
    plain = Property("PHOTO", (*pictures.plain_params(written), (residue.MARKER, (residue.PICTURE,))), "")
    wording = without(next(iter(marked), plain), _HELD)
    encoded = base64.b64encode(written.data).decode("ascii")
    return (*rest, Property("PHOTO", (*wording.params, (_HELD, (held.digest,))), encoded, wording.group))


def of(extra: Iterable[Property], digest: str | None) -> Property | None:
    """The residue that has the original of the picture with this digest."""
    return next((prop for prop in extra if digest is not None and prop.param(_HELD) == digest), None)


def photo(original: Property) -> Property:
    """The PHOTO as the client wrote it."""
    return without(original, residue.MARKER, _HELD)
