"""Distribution lists: members as OX resolves them ⇄ MEMBER properties.

vCard 3.0 has no groups; Apple's X-ADDRESSBOOKSERVER-KIND and -MEMBER are the spelling every client knows,
RFC 6350 has KIND and MEMBER. Both are read, Apple's are written. A bare address is a `mailto:` member, its name in
the parameter X-CN (or CN).
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from mappings.contacts import values
from mappings.contacts.card import Member
from mappings.contentline import Property, parse_property, property_line, unescape_text

KIND_NAMES = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
MEMBER_NAMES = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
KIND_LINE = "X-ADDRESSBOOKSERVER-KIND:group"

_ORDER = "X-OX-MEMBER-ORDER"
_WORDING = "X-OX-MEMBER"
_UUID = "urn:uuid:"
_MAILTO = "mailto:"
_NAME_PARAMETER = "X-CN"
_NAME_PARAMETERS = (_NAME_PARAMETER, "CN")


def plain_uid(uid: str) -> str:
    """A uid without `urn:uuid:`, in the form in which uids of cards and of members are compared."""
    stripped = (values.text(uid) or "").strip()
    if stripped.lower().startswith(_UUID):
        stripped = stripped[len(_UUID) :]
    return stripped.casefold()


def member_property(member: Member) -> Property:
    """The property of one member: by uid when it is a contact, else by its mail address."""
    if member.uid:
        uid = (values.text(member.uid) or "").strip()
        prefix = "" if uid.lower().startswith(_UUID) else _UUID
        return Property("X-ADDRESSBOOKSERVER-MEMBER", (), values.uri(prefix + uid))
    name = values.text(member.display_name)
    params = ((_NAME_PARAMETER, (name,)),) if name else ()
    return Property("X-ADDRESSBOOKSERVER-MEMBER", params, _MAILTO + quote(_address(member), safe="@+!$'*"))


def member_lines(members: Iterable[Member], unknown: Iterable[Property], extra: Iterable[Property]) -> list[str]:
    """The unfolded lines of all members, each contact and each address once, in the order of the client.

    `unknown` are the members that no list of OX holds; `extra` is the residue, which knows the order.
    """
    lines: dict[str, str] = {}
    listed = tuple(extra)
    worded = _worded(listed)
    for member in members:
        if _writable(member):
            lines.setdefault(_key(member), property_line(_as_worded(member, worded) or member_property(member)))
    for prop in unknown:
        member_of = reference(prop)
        if member_of is None:
            lines.setdefault(prop.value, property_line(prop))
        else:
            lines.setdefault(_key(member_of), property_line(_as_worded(member_of, worded) or prop))
    places = {mark: place for place, mark in enumerate(_order(listed))}
    return [lines[key] for key in sorted(lines, key=lambda key: places.get(_mark(key), len(places)))]


def arrangement(
    properties: Sequence[Property], members: Sequence[Member], extra: Iterable[Property]
) -> tuple[Property, ...]:
    """The residue that keeps in which order and with which parameters a card names its members.

    `members` and `extra` as given to `render`, empty for a new list.
    """
    if not any(map(is_member, properties)):
        return tuple(prop for prop in extra if is_arrangement(prop))
    return (*_kept_order(properties, members, extra), *_wordings(properties))


def is_arrangement(prop: Property) -> bool:
    """Whether a property of the residue is from `arrangement`; no client is shown it."""
    return prop.name in (_ORDER, _WORDING)


def _wordings(properties: Iterable[Property]) -> Iterable[Property]:
    """What a card says of its members beyond name and address."""
    found: dict[str, Property] = {}
    for prop in properties:
        member = reference(prop) if is_member(prop) else None
        more = [name for name, listed in prop.params if name != _NAME_PARAMETER and any(listed)]
        if member is not None and (more or prop.group):
            found.setdefault(_key(member), Property(_WORDING, prop.params, prop.value, prop.group))
    return found.values()


def _worded(extra: Iterable[Property]) -> dict[str, Property]:
    """The wordings in the residue by member."""
    return {_key(member): prop for prop in extra if prop.name == _WORDING and (member := reference(prop))}


def _as_worded(member: Member, worded: Mapping[str, Property]) -> Property | None:
    """A member as the client wrote it, unless OX has another name for it by now."""
    prop = worded.get(_key(member))
    named = None if prop is None else reference(prop)
    if prop is None or named is None:
        return None
    if not member.uid and named.display_name != (values.text(member.display_name) or ""):
        return None
    return Property("X-ADDRESSBOOKSERVER-MEMBER", prop.params, prop.value, prop.group)


def _kept_order(
    properties: Sequence[Property], members: Sequence[Member], extra: Iterable[Property]
) -> tuple[Property, ...]:
    """The order of a card's members, nothing when OX shows them in that order anyway: contacts first."""
    listed = tuple(extra)
    given = list(dict.fromkeys(_mark_of(prop) for prop in properties if is_member(prop)))
    known = _order(listed)
    if known or members:
        unknown = [prop for prop in listed if is_member(prop)]
        lines = member_lines(members, unknown, listed)
        shown = [_mark_of(parse_property(line)) for line in lines]
        if given == shown:
            return tuple(prop for prop in listed if prop.name == _ORDER)
    natural = sorted(given, key=lambda mark: mark not in _contacts(properties))
    return () if given == natural else (Property(_ORDER, (), ",".join(given)),)


def _order(extra: Iterable[Property]) -> list[str]:
    return next((prop.value.split(",") for prop in extra if prop.name == _ORDER), [])


def _contacts(properties: Iterable[Property]) -> frozenset[str]:
    return frozenset(
        _mark_of(prop) for prop in properties if is_member(prop) and (member := reference(prop)) and member.uid
    )


def _mark_of(prop: Property) -> str:
    member = reference(prop)
    return _mark(prop.value if member is None else _key(member))


def _mark(key: str) -> str:
    """A short stand-in for a member."""
    return f"{zlib.crc32(key.encode('utf-8', 'surrogatepass')):08x}"


def reference(prop: Property) -> Member | None:
    """The member a MEMBER property refers to; None for URIs that are neither uid nor mail."""
    uri = unescape_text(prop.value).strip()
    if uri.lower().startswith(_UUID) and len(uri) > len(_UUID):
        return Member("", "", uri[len(_UUID) :])
    if uri.lower().startswith(_MAILTO):
        mail = (values.text(unquote(uri[len(_MAILTO) :].partition("?")[0])) or "").strip()
        name = next(filter(None, map(prop.param, _NAME_PARAMETERS)), "")
        return Member(mail, name) if mail else None
    return None


def is_member(prop: Property) -> bool:
    return prop.name in MEMBER_NAMES


def is_served(prop: Property) -> bool:
    """Whether a property of a list is rendered from what OX knows of the list."""
    if prop.name in KIND_NAMES:
        return prop.value.strip().lower() == "group"
    return is_member(prop) and reference(prop) is not None


def change(
    properties: Iterable[Property], current: Mapping[str, Any], members: Sequence[Member], extra: Iterable[Property]
) -> tuple[tuple[Member, ...] | None, tuple[Property, ...]]:
    """The members a list is to have, None when they stay, and the residue of those that are in no list of OX.

    Members that were once not found in OX are in `extra`; they alone are no change, any change asks for them anew.
    A card without any member leaves the members of an existing list alone unless it says that it is a list.
    """
    listed = tuple(properties)
    given = [prop for prop in listed if is_member(prop)]
    asked = _desired(given, members)
    was_list = bool(current.get("mark_as_distributionlist"))
    if was_list and not any(prop.name in KIND_NAMES for prop in listed) and not given:
        return None, tuple(prop for prop in extra if is_member(prop))
    unknown = {_key(member) for prop in extra if is_member(prop) and (member := reference(prop))}
    unknown -= set(map(_key, members))
    found = [member for member in asked if _key(member) not in unknown]
    if was_list and _same(found, members):
        return None, tuple(prop for prop in given if (member := reference(prop)) and _key(member) in unknown)
    return asked, ()


def _desired(given: Iterable[Property], current: Sequence[Member]) -> tuple[Member, ...]:
    """The members a card names, those OX has already as OX has them (a contact may be in with several addresses).

    A contact may also be named by the address OX knows it under.
    """
    by_key: dict[str, list[Member]] = {}
    by_address: dict[str, list[Member]] = {}
    for member in current:
        by_key.setdefault(_key(member), []).append(member)
        by_address.setdefault(_address(member).casefold(), []).append(member)
    found: dict[str, Sequence[Member]] = {}
    for prop in given:
        wanted = reference(prop)
        if wanted is None:
            continue
        known = by_key.get(_key(wanted), [])
        if not known and not wanted.uid:
            known = by_address.get(wanted.mail.casefold(), [])
        renamed = known and not known[0].uid and wanted.display_name not in ("", values.text(known[0].display_name))
        chosen = [wanted] if renamed or not known else known
        found.setdefault(_key(chosen[0]), chosen)
    unwritable = [member for member in current if not _writable(member)]
    return (*(member for chosen in found.values() for member in chosen), *unwritable)


def _same(one: Sequence[Member], other: Sequence[Member]) -> bool:
    """Whether two lists have the same members; OX keeps no order."""
    return sorted(map(_identity, one)) == sorted(map(_identity, other))


def _writable(member: Member) -> bool:
    return bool(member.uid or _address(member))


def _address(member: Member) -> str:
    return (values.text(member.mail) or "").strip()


def _key(member: Member) -> str:
    return _UUID + plain_uid(member.uid) if member.uid else _MAILTO + _address(member).casefold()


def _identity(member: Member) -> tuple[str, str, str]:
    return _key(member), _address(member).casefold(), values.text(member.display_name) or ""


def without(properties: Iterable[Property], members: Iterable[Member]) -> Iterator[Property]:
    """The properties but those that name a contact or address among the members."""
    known = set(map(_key, members))
    for prop in properties:
        member = reference(prop) if is_member(prop) else None
        if member is None or _key(member) not in known:
            yield prop
