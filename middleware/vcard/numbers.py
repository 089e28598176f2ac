"""Telephone numbers: which field of a contact stands for which TYPE values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

# In the order in which numbers are written; where two fields have the same types, the second takes the second number.
TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "telephone_business1": ("work", "voice"),
    "telephone_business2": ("work", "voice"),
    "fax_business": ("work", "fax"),
    "telephone_callback": ("x-callback",),
    "telephone_car": ("car", "voice"),
    "telephone_company": ("x-company",),
    "telephone_home1": ("home", "voice"),
    "telephone_home2": ("home", "voice"),
    "fax_home": ("home", "fax"),
    "cellular_telephone1": ("cell",),
    "cellular_telephone2": ("cell",),
    "telephone_other": ("voice",),
    "fax_other": ("fax",),
    "telephone_isdn": ("isdn",),
    "telephone_pager": ("pager",),
    "telephone_primary": ("pref", "voice"),
    "telephone_radio": ("x-radio",),
    "telephone_telex": ("tlx",),
    "telephone_ttytdd": ("textphone",),
    "telephone_ip": ("x-ip",),
    "telephone_assistant": ("x-assistant",),
}
# Types that say nothing beside others.
_WEAK: Final = frozenset({"VOICE", "PREF", "MSG"})


def number_field(types: frozenset[str], taken: Collection[str]) -> str | None:
    """The free field for a number of these types; None when all that could hold it are taken."""
    strong = types - _WEAK
    for wanted in (types, strong, strong & {"CELL"}, strong & {"FAX"}, frozenset({"VOICE"})):
        for name, known in TYPES.items():
            own = frozenset(map(str.upper, known))
            if name not in taken and wanted and wanted in (own, own - _WEAK):
                return name
    return None
