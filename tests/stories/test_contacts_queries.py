"""addressbook-query as a whole: parameters, limits, parts of cards."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, DECLARATIONS, card, child


@pytest.fixture
async def cards(alice: DAV, book: str) -> dict[str, str]:
    found = {}
    for name, lines in {
        "home": ["TEL;TYPE=HOME:1", "NOTE:same"],
        "cell": ["TEL;TYPE=CELL,PREF:2", "NOTE:same"],
        "own": ["TEL;TYPE=HOME;X-OWN=yes:3", "NOTE:same", "X-OWN:kept"],
    }.items():
        found[name] = child(book, f"query-{name}.vcf")
        (await alice.put(found[name], card(f"query-{name}", f"Query {name}", *lines))).expect(201, 204)
    return found


async def query(
    alice: DAV, book: str, inner: str, data: str = "", more: str = "", test: str = "allof"
) -> dict[str, str]:
    body = (
        f"<CR:addressbook-query {DECLARATIONS}><D:prop><CR:address-data>{data}</CR:address-data></D:prop>"
        f"<CR:filter test='allof'>{inner}</CR:filter>{more}</CR:addressbook-query>"
    )
    responses = (await alice.report(book, body)).responses
    return {href: "" if one.status else one.text("CR:address-data") for href, one in responses.items()}


def tel(inner: str) -> str:
    return f"<CR:prop-filter name='TEL' test='allof'>{inner}</CR:prop-filter>"


SAME = "<CR:prop-filter name='NOTE'><CR:text-match match-type='equals'>same</CR:text-match></CR:prop-filter>"


async def test_parameters(alice: DAV, book: str, cards: dict[str, str]) -> None:
    home = "<CR:param-filter name='TYPE'><CR:text-match>home</CR:text-match></CR:param-filter>"
    assert set(await query(alice, book, SAME + tel(home))) == {cards["home"], cards["own"]}
    own = "<CR:param-filter name='X-OWN'/>"
    assert set(await query(alice, book, SAME + tel(own))) == {cards["own"]}
    none = "<CR:param-filter name='X-OWN'><CR:is-not-defined/></CR:param-filter>"
    assert set(await query(alice, book, SAME + tel(none))) == {cards["home"], cards["cell"]}
    assert set(await query(alice, book, SAME + tel(home + none))) == {cards["home"]}


async def test_residue_is_found_as_well_as_fields(alice: DAV, book: str, cards: dict[str, str]) -> None:
    kept = "<CR:prop-filter name='X-OWN'><CR:text-match match-type='starts-with'>KE</CR:text-match></CR:prop-filter>"
    assert set(await query(alice, book, kept)) == {cards["own"]}
    absent = "<CR:prop-filter name='X-OWN'><CR:is-not-defined/></CR:prop-filter>"
    assert set(await query(alice, book, SAME + absent)) == {cards["home"], cards["cell"]}


async def test_limits_say_that_there_is_more(alice: DAV, book: str, cards: dict[str, str]) -> None:
    found = await query(alice, book, SAME, more="<CR:limit><CR:nresults>2</CR:nresults></CR:limit>")
    assert len(found) == 3
    assert list(found)[-1] == book
    assert len(await query(alice, book, SAME, more="<CR:limit><CR:nresults>3</CR:nresults></CR:limit>")) == 3


async def test_parts_of_cards(alice: DAV, book: str, cards: dict[str, str]) -> None:
    found = await query(alice, book, SAME, "<CR:prop name='FN'/><CR:prop name='TEL' novalue='yes'/>")
    lines = found[cards["own"]].split("\r\n")
    assert sorted(lines[1:-2]) == ["FN:Query own", "TEL;TYPE=HOME;X-OWN=yes:", "VERSION:3.0"]
