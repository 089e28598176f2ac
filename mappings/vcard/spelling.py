"""What a property says, apart from the many ways to write it."""

from collections.abc import Hashable

from mappings.contentline import Property, unescape_text

Params = tuple[tuple[str, tuple[str, ...]], ...]

CARRIED_3 = "X-OX-VCARD3"
"""Parameter of a 4.0 line: the whole 3.0 line it was made of, where 4.0 has no words for a part of it."""

CARRIED_4 = "X-OX-VCARD4"
"""Parameter of a 3.0 line: the 4.0 line it was made of. Kept, but not shown to 3.0 clients."""

ADDRESS = "X-OX-ADR"
"""Parameter of a 3.0 LABEL: which of several equal ADR it belongs to. Not shown either."""

DATES = ("BDAY", "X-ABDATE", "ANNIVERSARY")


def types_of(prop: Property) -> frozenset[str]:
    """The TYPE values of a property in upper case, bare vCard 2.1 types included."""
    found: list[str] = []
    for name, listed in prop.params:
        if name == "TYPE":
            found.extend(word for value in listed for word in value.upper().split(","))
        elif not listed:
            found.append(name)
    return frozenset(word.strip() for word in found)


def said(prop: Property) -> tuple[Hashable, ...]:
    """Equal for two properties of one version that differ in spelling only: case and order of types, defaults,
    empty parts at the end, what is carried along for the other version."""
    types = types_of(prop) - {""}
    if prop.name == "EMAIL":
        types -= {"INTERNET"}
    return (
        prop.name,
        _meant(prop),
        types,
        tuple(sorted(pair for pair in map(_plain, prop.params) if pair[1] and not _means_nothing(prop.name, pair))),
        (prop.group or "").upper(),
    )


def _meant(prop: Property) -> str:
    if prop.name == "LABEL":  # 4.0 has its text in a parameter, without escapes
        return unescape_text(prop.value)
    return prop.value.rstrip(";") if prop.name in ("N", "ADR", "ORG") else prop.value


def _plain(pair: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    name, listed = pair
    return (name, tuple(value.lower() for value in listed)) if name in ("VALUE", "ENCODING") else pair


def _means_nothing(name: str, pair: tuple[str, tuple[str, ...]]) -> bool:
    if pair[0] in ("TYPE", CARRIED_3, CARRIED_4, ADDRESS):
        return True
    return name in DATES and pair == ("VALUE", ("date",))


def without(prop: Property, *names: str) -> Property:
    """The property without some of its parameters."""
    if not any(name in names for name, _ in prop.params):
        return prop
    return Property(prop.name, tuple(pair for pair in prop.params if pair[0] not in names), prop.value, prop.group)


def changed(
    prop: Property, *, name: str | None = None, value: str | None = None, params: Params | None = None
) -> Property:
    """The property with another name, value or other parameters."""
    return Property(
        prop.name if name is None else name,
        prop.params if params is None else params,
        prop.value if value is None else value,
        prop.group,
    )
