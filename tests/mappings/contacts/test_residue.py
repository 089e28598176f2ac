"""What OX has no room for comes back, as long as OX does not say otherwise."""

import pytest

from mappings.contacts.change import changes, create, unmapped
from mappings.contacts.render import render
from mappings.contacts.residue import MARKER
from mappings.contentline import parse_property, property_line
from tests.mappings.contacts.cards import card, lines


def test_a_plain_card_leaves_nothing() -> None:
    plain = card("N:Hopper;Ada;;;", "FN:Ada Hopper", "EMAIL;type=INTERNET;type=WORK;type=PREF:a@b.c", "ORG:X;")
    assert unmapped(plain) == ()


def test_unknown_properties_come_back_as_written() -> None:
    written = ["GEO:1.0;2.0", 'X-FOO;A="b;c";D=^n:v\\,w', "item1.X-SOCIALPROFILE;TYPE=x:y", "item1.X-ABLabel:L"]
    change = create(card("FN:x", *written))
    assert lines(render(change.fields, extra=change.overflow))[2:] == [
        "GEO:1.0;2.0",
        'X-FOO;A="b;c";D=^n:v\\,w',
        "item1.X-SOCIALPROFILE;TYPE=x:y",
        "item1.X-ABLabel:L",
    ]


def test_residue_survives_being_stored_as_lines() -> None:
    overflow = create(card("FN:x", "item1.TEL;TYPE=x-boat:1", "item1.X-ABLabel:Boat, blue", "X-A;B=^n:c")).overflow
    assert tuple(parse_property(property_line(prop)) for prop in overflow) == overflow


def test_the_wording_of_a_value_lasts_as_long_as_the_value() -> None:
    change = create(card("FN:x", "item1.TEL:1", "item1.X-ABLabel:Boat", "ADR;TYPE=HOME:box;ext;Street 1;;;;"))
    shown = lines(render(change.fields, extra=change.overflow))
    assert "item1.TEL:1" in shown
    assert "item1.X-ABLabel:Boat" in shown
    assert "ADR;TYPE=HOME:box;ext;Street 1;;;;" in shown

    edited = {**change.fields, "telephone_other": "2", "street_home": "Street 2"}
    shown = lines(render(edited, extra=change.overflow))
    assert "TEL;TYPE=OTHER,VOICE:2" in shown
    assert "ADR;TYPE=HOME:;;Street 2;;;;" in shown
    assert not any("item1" in line or "box" in line for line in shown)


def test_a_fourth_mail_comes_back_and_is_not_shown_twice() -> None:
    change = create(card("FN:x", *(f"EMAIL:{name}@x.y" for name in "abcd")))
    shown = lines(render(change.fields, extra=change.overflow))
    assert [line for line in shown if line.endswith("d@x.y")] == ["EMAIL:d@x.y"]
    by_ox = {**change.fields, "email3": "d@x.y"}
    shown = lines(render(by_ox, extra=change.overflow))
    assert [line for line in shown if line.endswith("d@x.y")] == ["EMAIL;TYPE=INTERNET,OTHER:d@x.y"]


def test_a_label_goes_with_the_value_it_belongs_to() -> None:
    typed = [f"EMAIL;TYPE={place}:{place}@x.y" for place in ("WORK", "HOME", "OTHER")]
    change = create(card("FN:x", *typed, "item1.EMAIL:d@x.y", "item1.X-ABLabel:Club"))
    assert "item1.X-ABLabel:Club" in lines(render(change.fields, extra=change.overflow))
    shown = lines(render({**change.fields, "email1": "d@x.y"}, extra=change.overflow))
    assert not any(line.startswith("item1") for line in shown)


def test_residue_moves_to_a_free_slot_only_when_the_card_changes() -> None:
    written = [*(f"EMAIL:{name}@x.y" for name in "abcd"), "MEMBER:urn:uuid:U", "PHOTO;VALUE=uri:http://example.org/p"]
    first = create(card("FN:x", *written))
    freed = {**first.fields, "email2": None}
    shown = [line for line in lines(render(freed, extra=first.overflow)) if not line.startswith("UID")]
    same = changes(freed, None, card(*shown), extra=first.overflow)
    assert same.fields == {}
    assert same.overflow == first.overflow
    edited = changes(freed, None, card(*shown, "NOTE:new"), extra=first.overflow)
    assert edited.fields == {"note": "new", "email2": "d@x.y"}


def test_two_spellings_of_one_value_both_come_back() -> None:
    written = ["item1.X-ABDATE:2015-08-08", "item1.X-ABLabel:_$!<Anniversary>!$_", "X-ANNIVERSARY:20150808"]
    change = create(card("FN:x", *written))
    assert change.fields == {"display_name": "x", "anniversary": 1438992000000}
    assert lines(render(change.fields, extra=change.overflow))[2:] == written
    assert lines(render({"anniversary": 0}, extra=change.overflow))[2:] == [
        "item2.X-ABDATE;VALUE=date:1970-01-01",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
    ]


def test_several_categories_are_one_value() -> None:
    change = create(card("CATEGORIES:a", "CATEGORIES;X-P=1:b,c"))
    assert change.fields == {"categories": "a,b,c"}
    assert lines(render(change.fields, extra=change.overflow))[2:] == ["CATEGORIES:a", "CATEGORIES;X-P=1:b,c"]
    assert lines(render({"categories": "a,b"}, extra=change.overflow))[2:] == ["CATEGORIES:a,b"]


def test_public_class_is_kept_until_the_contact_becomes_private() -> None:
    change = create(card("CLASS:PUBLIC"))
    assert change.fields == {}
    assert "CLASS:PUBLIC" in lines(render({}, extra=change.overflow))
    shown = lines(render({"private_flag": True}, extra=change.overflow))
    assert [line for line in shown if line.startswith("CLASS")] == ["CLASS:PRIVATE"]


def test_served_properties_are_not_kept() -> None:
    assert unmapped(card("UID:u", "REV:2020-01-01T00:00:00Z", "PRODID:x", "FN:x", "TEL;TYPE=HOME:")) == ()


def test_a_client_cannot_forge_the_marker() -> None:
    change = create(card("FN:x", f"X-FOO;{MARKER}=note:v"))
    assert lines(render(change.fields, extra=change.overflow))[2:] == ["X-FOO:v"]


def test_unknown_slots_in_stored_residue_are_passed_over() -> None:
    stored = (parse_property(f"TEL;{MARKER}=telephone_satellite:1"), parse_property(f"NOTE;{MARKER}=email1:1"))
    assert lines(render({"display_name": "x"}, extra=stored)) == ["N:x;;;;", "FN:x"]


def test_what_ox_drops_silently_is_residue() -> None:
    change = create(card("FN:x", "X-OX-BUSINESS-CATEGORY:Shoes"))
    assert "business_category" not in change.fields
    assert "X-OX-BUSINESS-CATEGORY:Shoes" in lines(render(change.fields, extra=change.overflow))


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_later_versions_lose_nothing(version: str) -> None:
    change = create(card("FN:x", "TEL;PREF=50;TYPE=work:1", "LANG;PREF=1:de", "GENDER:F", version=version))
    shown = lines(render(change.fields, extra=change.overflow))
    assert "TEL;PREF=50;TYPE=work:1" in shown
    assert "GENDER:F" in shown
    assert "LANG;PREF=1:de" in shown
