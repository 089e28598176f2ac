"""Distribution lists."""

import base64

import pytest

from mappings.contacts.card import Member, Picture
from mappings.contacts.change import changes, create
from mappings.contacts.groups import member_property
from mappings.contacts.read import read
from mappings.contacts.render import render
from tests.mappings.contacts.cards import card, lines

LIST = {"id": "25", "display_name": "Team", "file_as": "Team", "mark_as_distributionlist": True}
ADA = Member("ada@example.org", "Ada", "U-1")
GUEST = Member("guest@example.org", "Guest, the")
PICTURE = Picture(b"\x89PNG\r\n\x1a\n", "image/png")
APPLE_MEMBER = "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:"
APPLE_KIND = "X-ADDRESSBOOKSERVER-KIND:group"


def test_a_list_is_an_apple_group() -> None:
    assert lines(render(LIST, None, (GUEST, ADA, Member("", "nobody")))) == [
        "N:Team;;;;",
        "FN:Team",
        APPLE_KIND,
        'X-ADDRESSBOOKSERVER-MEMBER;X-CN="Guest, the":mailto:guest@example.org',
        APPLE_MEMBER + "U-1",
    ]


def test_a_list_that_comes_back_is_unchanged() -> None:
    for members in (
        (ADA, GUEST),
        (GUEST, ADA),
        (ADA, Member("ada2@example.org", "Ada", "U-1")),
        (Member("", "nobody"),),
    ):
        change = changes(LIST, None, read(render(LIST, None, members).encode()), members)
        assert (change.fields, change.members, change.overflow) == ({}, None, ())


@pytest.mark.parametrize(
    "members",
    [
        ["KIND:group", "MEMBER:urn:uuid:u-1", "MEMBER:mailto:GUEST@example.org"],
        [APPLE_KIND, APPLE_MEMBER + "U-1", "X-ADDRESSBOOKSERVER-MEMBER:mailto:guest%40example.org"],
        [APPLE_KIND, "X-ADDRESSBOOKSERVER-MEMBER:mailto:ada@example.org", "MEMBER:mailto:guest@example.org"],
    ],
)
def test_members_are_the_same_in_any_spelling(members: list[str]) -> None:
    assert changes(LIST, None, card("N:Team", "FN:Team", *members), (ADA, GUEST)).members is None


def test_a_new_list() -> None:
    change = create(
        card("N:Team;;;;", "FN:Team", APPLE_KIND, APPLE_MEMBER + "A", APPLE_MEMBER + "A", "MEMBER:mailto:b@x.y")
    )
    assert change.fields == {"display_name": "Team", "mark_as_distributionlist": True}
    assert change.members == (Member("", "", "A"), Member("b@x.y", "", None))
    assert create(card("FN:Team", APPLE_KIND)).members == ()


def test_changed_members_keep_what_ox_knows_of_the_others() -> None:
    written = card("N:Team", "FN:Team", APPLE_KIND, APPLE_MEMBER + "U-1", APPLE_MEMBER + "U-2")
    assert changes(LIST, None, written, (ADA, GUEST)).members == (ADA, Member("", "", "U-2"))


def test_the_name_of_an_address_can_change() -> None:
    written = card("N:Team", "FN:Team", APPLE_KIND, "MEMBER;X-CN=New:mailto:guest@example.org")
    assert changes(LIST, None, written, (GUEST,)).members == (Member("guest@example.org", "New"),)


def test_an_empty_list_is_empty() -> None:
    assert changes(LIST, None, card("FN:Team", "N:Team", APPLE_KIND), (ADA,)).members == ()


def test_a_client_that_knows_no_lists_destroys_none() -> None:
    change = changes(LIST, None, card("N:Team;;;;", "FN:Renamed"), (ADA,))
    assert change.fields == {"display_name": "Renamed", "file_as": "Renamed"}
    assert change.members is None


def test_only_an_explicit_kind_makes_a_list_a_person() -> None:
    change = changes(LIST, None, card("N:Team;;;;", "FN:Team", "KIND:individual", version="4.0"), (ADA,))
    assert change.fields == {"mark_as_distributionlist": False}
    assert change.members == ()


def test_renaming_a_group_gives_it_no_last_name() -> None:
    change = changes(LIST, None, card("N:Crew;;;;", "FN:Crew", APPLE_KIND), ())
    assert change.fields == {"display_name": "Crew", "file_as": "Crew"}


def test_members_ox_cannot_hold_come_back_and_are_asked_for_with_the_next_change() -> None:
    unknown = Member("", "", "U-9")
    residue = (member_property(unknown),)
    served = render(LIST, None, (ADA,), residue)
    assert APPLE_MEMBER + "U-9" in lines(served)

    same = changes(LIST, None, read(served.encode()), (ADA,), residue)
    assert (same.members, same.overflow) == (None, residue)
    renamed = changes(LIST, None, read(served.replace("FN:Team", "FN:Crew").encode()), (ADA,), residue)
    assert (renamed.members, renamed.overflow) == (None, residue)

    wider = changes(LIST, None, card(*lines(served), APPLE_MEMBER + "U-3"), (ADA,), residue)
    assert wider.members == (ADA, unknown, Member("", "", "U-3"))
    assert wider.overflow == ()

    found = render(LIST, None, (ADA, Member("n@x.y", "", "u-9")), residue)
    assert [line.lower() for line in lines(found)].count((APPLE_MEMBER + "U-9").lower()) == 1


def test_the_residue_of_an_unchanged_list_is_unchanged() -> None:
    encoded = base64.b64encode(PICTURE.data).decode()
    made = create(
        card("FN:Team", APPLE_KIND, f"PHOTO;X-CROP=1;ENCODING=b;TYPE=PNG:{encoded}", "X-FOO:y", "MEMBER:tel:+1")
    )
    residue = (*made.overflow, member_property(Member("", "", "U-9")))
    served = render(LIST, PICTURE, (ADA,), residue)
    assert changes(LIST, PICTURE.digest, read(served.encode()), (ADA,), residue).overflow == residue


def test_other_members_are_residue() -> None:
    written = card("N:Team", "FN:Team", APPLE_KIND, "MEMBER:tel:+1", "MEMBER:http://example.org/x")
    change = create(written)
    assert change.members == ()
    assert "MEMBER:tel:+1" in lines(render(LIST, extra=change.overflow))


def test_a_client_that_drops_the_members_loses_none() -> None:
    residue = (member_property(Member("", "", "U-9")), *create(card("FN:Team", APPLE_KIND, "MEMBER:tel:+1")).overflow)
    change = changes(LIST, None, card("N:Team;;;;", "FN:Team", "NOTE:n"), (ADA,), residue)
    assert (change.fields, change.members) == ({"note": "n"}, None)
    assert change.overflow == residue


def test_members_of_a_person_are_residue() -> None:
    change = create(card("FN:x", "MEMBER:urn:uuid:A", version="4.0"))
    assert change.members is None
    assert "MEMBER:urn:uuid:A" in lines(render(change.fields, extra=change.overflow))


def test_what_a_client_says_of_a_member_comes_back() -> None:
    said = ["MEMBER;CN=Guest;X-ROLE=chair:mailto:guest@example.org", "MEMBER;PREF=1:urn:uuid:U-1"]
    made = create(card("FN:Team", "KIND:group", *said, version="4.0"))
    assert made.members == (Member("guest@example.org", "Guest"), Member("", "", "U-1"))
    members = (Member("guest@example.org", "Guest"), ADA)
    served = render(LIST, None, members, made.overflow)
    assert [line for line in lines(served) if line.startswith("MEMBER")] == said
    again = changes(LIST, None, read(served.encode()), members, made.overflow)
    assert (again.fields, again.members, again.overflow) == ({}, None, made.overflow)
    renamed = render(LIST, None, (Member("guest@example.org", "Other"), ADA), made.overflow)
    assert "MEMBER;X-CN=Other:mailto:guest@example.org" in lines(renamed)
