"""FN and N that stand in for names OX does not hold never become data."""

from mappings.contacts.change import changes, create
from mappings.contacts.render import render
from tests.mappings.contacts.cards import card, lines


def test_the_stand_in_for_fn_is_not_stored() -> None:
    current = {"first_name": "Ada", "last_name": "Hopper", "email1": "a@x.y"}
    shown = lines(render(current))
    assert changes(current, None, card(*shown, "NOTE:n")).fields == {"note": "n"}


def test_it_is_not_stored_either_when_the_name_changes() -> None:
    current = {"first_name": "Ada", "last_name": "Hopper"}
    assert changes(current, None, card("N:Hopper;Grace;;;", "FN:Ada Hopper")).fields == {"first_name": "Grace"}
    assert changes(current, None, card("N:Hopper;Grace;;;", "FN:Grace Hopper")).fields == {"first_name": "Grace"}


def test_a_real_fn_is_stored() -> None:
    current = {"first_name": "Ada", "last_name": "Hopper"}
    assert changes(current, None, card("N:Hopper;Ada;;;", "FN:Amazing Ada")).fields == {"display_name": "Amazing Ada"}


def test_a_new_contact_has_its_fn_in_any_case() -> None:
    assert create(card("N:Hopper;Ada;;;", "FN:Ada Hopper")).fields["display_name"] == "Ada Hopper"


def test_the_stand_in_for_n_is_not_stored() -> None:
    current = {"display_name": "Reception"}
    assert changes(current, None, card("N:Reception;;;;", "FN:Reception", "NOTE:n")).fields == {"note": "n"}
    assert changes(current, None, card("N:Desk;;;;", "FN:Desk")).fields == {"display_name": "Desk", "last_name": "Desk"}


def test_file_as_follows_the_display_name_unless_it_is_somebodys_wish() -> None:
    filled = {"display_name": "Ada", "file_as": "Ada"}
    assert changes(filled, None, card("FN:Grace", "N:Ada;;;;")).fields["file_as"] == "Grace"
    wished = {"display_name": "Ada", "file_as": "Zzz"}
    shown = lines(render(wished))
    assert "X-EVOLUTION-FILE-AS:Zzz" in shown
    kept = changes(wished, None, card("FN:Grace", "N:;;;;", "X-EVOLUTION-FILE-AS:Zzz"))
    assert kept.fields == {"display_name": "Grace"}
