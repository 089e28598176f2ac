"""Distribution lists: members as OX resolves them ⇄ MEMBER properties.

vCard 3.0 has no groups; Apple's X-ADDRESSBOOKSERVER-KIND and -MEMBER are the spelling every client knows,
RFC 6350 has KIND and MEMBER. Both are read, Apple's are written. A bare address is a `mailto:` member, its name in
the parameter X-CN.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote, unquote

from mappings.contacts import values
from mappings.contacts.card import Card, Member
from mappings.contentline import Property, property_line, unescape_text

KIND_NAMES = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
MEMBER_NAMES = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
KIND_LINE = "X-ADDRESSBOOKSERVER-KIND:group"

_UUID = "urn:uuid:"
_MAILTO = "mailto:"
_NAME_PARAMETER = "X-CN"


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


def member_lines(members: Iterable[Member]) -> list[str]:
    """The unfolded lines of all members, each contact and each address once."""
    lines: dict[str, str] = {}
    for member in members:
        if _writable(member):
            lines.setdefault(_key(member), property_line(member_property(member)))
    return list(lines.values())


def reference(prop: Property) -> Member | None:
    """The member a MEMBER property refers to; None for URIs that are neither uid nor mail."""
    uri = unescape_text(prop.value).strip()
    if uri.lower().startswith(_UUID) and len(uri) > len(_UUID):
        return Member("", "", uri[len(_UUID) :])
    if uri.lower().startswith(_MAILTO):
        mail = (values.text(unquote(uri[len(_MAILTO) :].partition("?")[0])) or "").strip()
        return Member(mail, prop.param(_NAME_PARAMETER) or "") if mail else None
    return None


def desired(card: Card, current: Sequence[Member]) -> tuple[Member, ...]:
    """The members a card asks for, those OX has already as OX has them (a contact may be in with several addresses).

    A contact may also be named by the address OX knows it under. References that are neither uid nor mail are left
    to the residue.
    """
    found: dict[str, Sequence[Member]] = {}
    for prop in card.properties:
        wanted = reference(prop) if prop.name in MEMBER_NAMES else None
        if wanted is None:
            continue
        known = [member for member in current if _key(member) == _key(wanted)]
        if not known and not wanted.uid:
            known = [member for member in current if _address(member).casefold() == wanted.mail.casefold()]
        renamed = known and not known[0].uid and wanted.display_name not in ("", values.text(known[0].display_name))
        chosen = [wanted] if renamed or not known else known
        found.setdefault(_key(chosen[0]), chosen)
    unwritable = [member for member in current if not _writable(member)]
    return (*(member for chosen in found.values() for member in chosen), *unwritable)


def same_members(one: Sequence[Member], other: Sequence[Member]) -> bool:
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


def is_among(member: Member, others: Iterable[Member]) -> bool:
    """Whether a list has the contact or address already."""
    return _key(member) in map(_key, others)
