"""Nothing changes by itself: what was rendered and comes back writes nothing, what a client wrote it gets back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mappings.contacts.card import Card, Member, Picture
from mappings.contacts.change import ContactChange, KeepPicture, SetPicture, changes, create
from mappings.contacts.read import read
from mappings.contacts.render import render
from mappings.contentline import Component, Property, write_tree
from mappings.errors import InvalidData
from mappings.vcard.spelling import types_of
from tests.mappings.contacts import strategies

SERVED_FROM_OX = {"ANNIVERSARY", "KIND", "MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"}
"""A plain ANNIVERSARY comes back as Apple's labelled date, groups as Apple's groups, PHOTO with inline octets."""


def assert_writes_nothing(change: ContactChange) -> None:
    assert change.fields == {}
    assert change.picture == KeepPicture()
    assert change.members is None


def as_stored(change: ContactChange, current: dict[str, Any]) -> dict[str, Any]:
    """The contact after OX took a change; OX fills `file_as` from the display name."""
    contact = {**current, **{field: value for field, value in change.fields.items() if value is not None}}
    for field, value in change.fields.items():
        if value is None:
            contact.pop(field, None)
    if contact.get("display_name"):
        contact.setdefault("file_as", contact["display_name"])
    return contact


def stored_picture(change: ContactChange) -> Picture | None:
    """The picture OX has after a change of a contact that had none."""
    return Picture(change.picture.data, change.picture.content_type) if isinstance(change.picture, SetPicture) else None


def written(card: Component) -> Card:
    return read(write_tree(card).encode())


def meaning(properties: Sequence[Property]) -> Counter[tuple[object, ...]]:
    """What a set of properties says: without order and the spelling of types, empty and served ones left out."""
    return Counter(
        (
            prop.name,
            types_of(prop) - {""},
            tuple(sorted(pair for pair in prop.params if pair[0] != "TYPE")),
            prop.value.rstrip(";") if prop.name in ("N", "ADR", "ORG") else prop.value,
            prop.group,
        )
        for prop in properties
        if prop.name not in ("UID", "REV", "PRODID") and prop.value.strip(" ;,")
    )


@given(
    strategies.CONTACT,
    st.one_of(st.none(), strategies.PICTURE),
    st.lists(strategies.MEMBER, max_size=5),
)
def test_a_rendered_contact_that_comes_back_writes_nothing(
    contact: dict[str, Any], picture: Picture | None, members: list[Member]
) -> None:
    card = read(render(contact, picture, members).encode())
    change = changes(contact, picture.digest if picture else None, card, members)
    assert_writes_nothing(change)
    assert change.overflow == ()


@given(strategies.CONTACT, strategies.PROPERTIES)
def test_a_rendered_contact_with_any_residue_writes_nothing(contact: dict[str, Any], wild: list[Property]) -> None:
    card = read(render(contact, None, (), tuple(wild)).encode())
    change = changes(contact, None, card)
    stored, members, picture = as_stored(change, contact), change.members or (), stored_picture(change)
    again = read(render(stored, picture, members, change.overflow).encode())
    assert_writes_nothing(changes(stored, picture.digest if picture else None, again, members, change.overflow))


@given(strategies.PROPERTIES, st.sampled_from(["3.0", "4.0"]))
def test_a_created_card_comes_back_in_full(properties: list[Property], version: str) -> None:
    card = written(Component("VCARD", [Property("VERSION", (), version), *properties]))
    change = create(card)
    contact = as_stored(change, {"id": "1"})
    members, picture = change.members or (), stored_picture(change)
    again = read(render(contact, picture, members, change.overflow).encode())

    second = changes(contact, picture.digest if picture else None, again, members, change.overflow)
    assert_writes_nothing(second)
    assert again.version == version
    lost = meaning(card.properties) - meaning(again.properties)
    assert {key[0] for key in lost} <= {*SERVED_FROM_OX, "PHOTO"}


@given(strategies.PROPERTIES, strategies.PROPERTIES)
def test_an_edited_card_comes_back_in_full(before: list[Property], after: list[Property]) -> None:
    first = create(written(Component("VCARD", [Property("VERSION", (), "3.0"), *before])))
    contact = as_stored(first, {"id": "1"})
    members, picture = first.members or (), stored_picture(first)
    card = written(Component("VCARD", [Property("VERSION", (), "3.0"), *after]))
    second = changes(contact, picture.digest if picture else None, card, members, first.overflow)
    contact = as_stored(second, contact)
    if second.members is not None:
        members = second.members
    picture = stored_picture(second) or picture
    again = read(render(contact, picture, members, second.overflow).encode())
    third = changes(contact, picture.digest if picture else None, again, members, second.overflow)
    assert_writes_nothing(third)
    lost = meaning(card.properties) - meaning(again.properties)
    assert {key[0] for key in lost} <= {*SERVED_FROM_OX, "PHOTO", "N", "FN"}


@given(st.one_of(st.binary(max_size=200), strategies.TEXT.map(lambda text: text.encode("utf-8", "replace"))))
def test_arbitrary_octets_are_refused_properly(data: bytes) -> None:
    for framed in (data, b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + data + b"\r\nEND:VCARD\r\n"):
        assert refusal(framed) != ""


def refusal(data: bytes) -> str | None:
    """The reason why a card is refused, None when it is taken; any other exception is a bug."""
    try:
        create(read(data))
    except InvalidData as error:
        return error.reason
    return None
