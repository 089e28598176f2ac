"""Which value goes where, and that it stays there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.contacts import slots
from mappings.contacts.change import changes, create
from mappings.contacts.entries import entries
from mappings.contacts.read import read
from mappings.contacts.render import render
from mappings.contentline import Component, Property, write_tree
from tests.mappings.contacts.cards import card, lines

FAMILIES = ("TEL", "EMAIL", "IMPP", "ADR")
LIKE_ITS_NEIGHBOUR = {"telephone_business2", "telephone_home2", "cellular_telephone2"}


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("TEL;TYPE=WORK,VOICE:1", "telephone_business1", "1"),
        ("TEL;TYPE=work;TYPE=pref:1", "telephone_business1", "1"),
        ('TEL;VALUE=uri;TYPE="voice,home":tel:+1-555;ext=5', "telephone_home1", "+1-555;ext=5"),
        ("TEL;TYPE=WORK,CELL:1", "cellular_telephone1", "1"),
        ("TEL;type=IPHONE:1", "cellular_telephone1", "1"),
        ("TEL;TYPE=FAX,WORK:1", "fax_business", "1"),
        ("TEL;TYPE=HOME,FAX:1", "fax_home", "1"),
        ("TEL;TYPE=FAX:1", "fax_other", "1"),
        ("TEL;TYPE=PAGER:1", "telephone_pager", "1"),
        ("TEL;TYPE=CAR,VOICE:1", "telephone_car", "1"),
        ("TEL;TYPE=ISDN:1", "telephone_isdn", "1"),
        ("TEL;TYPE=TEXTPHONE:1", "telephone_ttytdd", "1"),
        ("TEL;TYPE=TLX:1", "telephone_telex", "1"),
        ("EMAIL;TYPE=TLX:1", "telephone_telex", "1"),
        ("TEL;TYPE=MAIN:1", "telephone_primary", "1"),
        ("TEL;TYPE=X-CALLBACK:1", "telephone_callback", "1"),
        ("TEL;TYPE=X-EVOLUTION-ASSISTANT:1", "telephone_assistant", "1"),
        ("TEL;TYPE=X-OTHER,VOICE:1", "telephone_other", "1"),
        ("TEL:1", "telephone_other", "1"),
        ("TEL;WORK;VOICE:1", "telephone_business1", "1"),
        ("EMAIL;TYPE=INTERNET,WORK:a@b.c", "email1", "a@b.c"),
        ("EMAIL;TYPE=HOME: a@b.c", "email2", "a@b.c"),
        ("EMAIL;TYPE=X-OTHER:a@b.c", "email3", "a@b.c"),
        ("EMAIL:a@b.c", "email1", "a@b.c"),
        ("IMPP;TYPE=HOME:xmpp:a@b.c", "instant_messenger2", "xmpp:a@b.c"),
        ("IMPP:im:a%20b", "instant_messenger1", "a b"),
        ("LABEL;TYPE=HOME:a\\nb", "addressHome", "a\nb"),
        ("TITLE:a\\, b", "position", "a, b"),
        ("ROLE:a", "profession", "a"),
        ("NICKNAME:a,b", "nickname", "a,b"),
        ("URL:http\\://a.b/?c\\,d", "url", "http://a.b/?c,d"),
        ("X-MS-SPOUSE:a", "spouse_name", "a"),
        ("RELATED;TYPE=spouse;VALUE=text:a", "spouse_name", "a"),
        ("X-KADDRESSBOOK-X-AssistantsName:a", "assistant_name", "a"),
        ("X-EVOLUTION-MANAGER:a", "manager_name", "a"),
        ("X-OX-USERFIELD-20:a", "userfield20", "a"),
        ("CLASS:CONFIDENTIAL", "private_flag", True),
        ("X-OX-COLOR-LABEL:7", "color_label", 7),
        ("CATEGORIES:a\\, b,c", "categories", "a,b,c"),
    ],
)
def test_one_property_one_field(line: str, field: str, value: object) -> None:
    assert create(card(line, version="4.0" if "VALUE=" in line else "3.0")).fields == {field: value}


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("_$!<AssistantPhone>!$_", "telephone_assistant"),
        ("_$!<Mobile>!$_", "cellular_telephone1"),
        ("_$!<Work>!$_", "telephone_business1"),
        ("_$!<Other>!$_", "telephone_other"),
        ("Ferienhaus", "telephone_other"),
    ],
)
def test_labels_count_where_types_say_nothing(label: str, field: str) -> None:
    assert create(card("item1.TEL:1", f"item1.X-ABLabel:{label}")).fields == {field: "1"}


def test_structured_values() -> None:
    fields = create(
        card(
            "N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D.",
            "ORG:ABC\\, Inc.;North;Marketing;East",
            "ADR;TYPE=WORK:box;ext;Street 1, left;City;State;ZIP;Land",
        )
    ).fields
    assert fields == {
        "last_name": "Stevenson",
        "first_name": "John",
        "second_name": "Philip Paul",
        "title": "Dr.",
        "suffix": "Jr. M.D.",
        "company": "ABC, Inc.",
        "department": "North",
        "branches": "Marketing,East",
        "street_business": "Street 1, left",
        "city_business": "City",
        "state_business": "State",
        "postal_code_business": "ZIP",
        "country_business": "Land",
    }


def test_untyped_mails_fill_the_slots_the_preferred_one_first() -> None:
    fields = create(card("EMAIL:a@x.y", "EMAIL;TYPE=PREF:b@x.y", "EMAIL:c@x.y")).fields
    assert fields == {"email1": "b@x.y", "email2": "a@x.y", "email3": "c@x.y"}


def test_untyped_mails_fill_what_typed_ones_leave() -> None:
    fields = create(card("EMAIL:a@x.y", "EMAIL;TYPE=WORK:b@x.y")).fields
    assert fields == {"email1": "b@x.y", "email2": "a@x.y"}


def test_second_numbers() -> None:
    assert create(card("TEL;TYPE=WORK,X-2ND:2", "TEL;TYPE=WORK:1")).fields == {
        "telephone_business1": "1",
        "telephone_business2": "2",
    }


def test_a_number_too_many_goes_to_other_then_stays_residue() -> None:
    change = create(card(*(f"TEL;TYPE=HOME:{number}" for number in range(1, 5))))
    assert change.fields == {"telephone_home1": "1", "telephone_home2": "2", "telephone_other": "3"}
    assert [prop.value for prop in change.overflow if prop.value == "4"] == ["4"]


def test_a_mail_address_ox_would_refuse_stays_residue() -> None:
    change = create(card("EMAIL;TYPE=WORK:not a mail", "EMAIL;TYPE=WORK:a@b.c"))
    assert change.fields == {"email1": "a@b.c"}
    assert "EMAIL;TYPE=WORK:not a mail" in lines(render(change.fields, extra=change.overflow))
    assert changes({"email1": "not a mail"}, None, card("EMAIL;TYPE=WORK:not a mail")).fields == {}


def test_a_value_stays_when_its_neighbour_goes() -> None:
    current = {"telephone_business1": "1", "telephone_business2": "2"}
    assert changes(current, None, card("TEL;TYPE=WORK:2")).fields == {"telephone_business1": None}


def test_an_edited_value_stays_where_it_was() -> None:
    current = {"telephone_business2": "2", "email3": "c@x.y"}
    change = changes(current, None, card("TEL;TYPE=WORK:3", "EMAIL:d@x.y"))
    assert change.fields == {"telephone_business2": "3", "email3": "d@x.y"}


def test_a_value_moves_when_the_client_moves_it() -> None:
    assert changes({"email2": "a@x.y"}, None, card("EMAIL;TYPE=WORK:a@x.y")).fields == {
        "email1": "a@x.y",
        "email2": None,
    }


def test_a_value_in_a_foreign_slot_stays_there() -> None:
    first = create(card("EMAIL;TYPE=HOME:a@x.y", "EMAIL;TYPE=HOME:b@x.y"))
    assert first.fields == {"email2": "a@x.y", "email3": "b@x.y"}
    second = changes(first.fields, None, card("EMAIL;TYPE=HOME:b@x.y"), extra=first.overflow)
    assert second.fields == {"email2": None}


def test_clearing_everything() -> None:
    current = {"display_name": "x", "note": "n", "private_flag": True, "color_label": 3, "company": "c"}
    assert changes(current, None, card("FN:x", "N:;;;;")).fields == {
        "note": None,
        "private_flag": False,
        "color_label": 0,
        "company": None,
    }


@pytest.mark.parametrize("clear", ["", None])
def test_empty_strings_and_null_are_the_same(clear: str | None) -> None:
    assert changes({"display_name": "x", "email3": clear}, None, card("FN:x", "N:x;;;;")).fields == {}


def multi_slots() -> list[slots.Slot]:
    return [slot for slot in slots.SLOTS if slot.category.partition(".")[0] in ("tel", "fax", "email", "adr", "im")]


def distinct(slot: slots.Slot) -> dict[str, str]:
    value = f"{slot.key}@example.org" if slot.key.startswith("email") else f"v.{slot.key}"
    return {field: f"{value} {field}" if len(slot.fields) > 1 else value for field in slot.fields}


@given(st.sets(st.sampled_from([slot.key for slot in multi_slots()]), min_size=1), st.data())
def test_neighbours_never_move(keys: set[str], data: st.DataObject) -> None:
    current = {field: value for key in sorted(keys) for field, value in distinct(slots.BY_KEY[key]).items()}
    properties = [prop for prop in read(render(current).encode()).properties if prop.name in FAMILIES]
    order = data.draw(st.permutations(properties))
    victim = data.draw(st.integers(0, len(order) - 1))
    hit = next(
        key for key in keys if any(value in order[victim].value for value in distinct(slots.BY_KEY[key]).values())
    )
    if data.draw(st.booleans()):
        edited = [prop for index, prop in enumerate(order) if index != victim]
    else:
        edited = [replaced(prop) if index == victim else prop for index, prop in enumerate(order)]
    kept = read(write_tree(Component("VCARD", [Property("VERSION", (), "3.0"), *edited])).encode())
    assert set(changes(current, None, kept).fields) - {"display_name"} == set(slots.BY_KEY[hit].fields)


def replaced(prop: Property) -> Property:
    value = "new@example.org" if prop.name == "EMAIL" else ";;n1;n2;n3;n4;n5" if prop.name == "ADR" else "im:new"
    return Property(prop.name, prop.params, value, prop.group)


@given(st.permutations(multi_slots()))
def test_a_created_card_finds_its_own_slots_in_any_order(order: list[slots.Slot]) -> None:
    unique = [slot for slot in order if slot.key not in LIKE_ITS_NEIGHBOUR]
    current = {field: value for slot in unique for field, value in distinct(slot).items()}
    properties = [prop for slot in unique for prop in read(render(distinct(slot)).encode()).properties]
    listed = [prop for prop in properties if prop.name in FAMILIES]
    assert all(entry.category for entry in entries(listed))
    made = create(read(write_tree(Component("VCARD", [Property("VERSION", (), "3.0"), *listed])).encode()))
    assert made.fields == current
    assert made.overflow == ()
