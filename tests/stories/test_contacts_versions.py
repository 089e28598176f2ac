"""vCard 3.0 and 4.0 of the same contact: who asks for which, what the writer gets back, what an ETag means."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, DECLARATIONS, card, child
from tests.oxclient import OX

FOURTH = "\r\n".join([
    "BEGIN:VCARD",
    "VERSION:4.0",
    "UID:fourth-uid",
    "FN:Ada Lovelace",
    "N:Lovelace;Ada;;;",
    "KIND:individual",
    "BDAY:--1210",
    "ANNIVERSARY:18350708",
    "TEL;VALUE=uri;PREF=1;TYPE=\"cell,voice\":tel:+44-1",
    "ADR;TYPE=home;LABEL=\"1 Street^nLondon\":;;1 Street;London;;N1;UK",
    "RELATED;TYPE=friend:urn:uuid:charles",
    "GENDER:F",
    "LANG;PREF=1:en",
    "GEO:geo:51.5,-0.1",
    "X-OWN;X-P=\"a,b\":kept",
    "END:VCARD",
    "",
])  # fmt: skip


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


async def in_report(alice: DAV, book: str, href: str, version: str | None) -> list[str]:
    wanted = "" if version is None else f' content-type="text/vcard" version="{version}"'
    body = (
        f"<CR:addressbook-multiget {DECLARATIONS}><D:prop><D:getetag/><CR:address-data{wanted}/></D:prop>"
        f"<D:href>{href}</D:href></CR:addressbook-multiget>"
    )
    return unfolded((await alice.report(book, body)).only.text("CR:address-data"))


@pytest.fixture
async def href(alice: DAV, book: str) -> str:
    href = child(book, "fourth.vcf")
    (await alice.put(href, FOURTH)).expect(201, 204)
    return href


async def test_the_writer_of_version_4_gets_it_back_word_for_word(alice: DAV, href: str) -> None:
    answer = (await alice.get(href)).expect(200)
    assert answer.headers["Vary"] == "Accept"
    got = unfolded(answer.text.replace('"', ""))
    assert [line for line in unfolded(FOURTH.replace('"', "")) if line not in got] == []


async def test_ox_has_the_values(alice_ox: OX, href: str) -> None:
    stored = await alice_ox.contact((await alice_ox.contacts())["fourth-uid"])
    assert stored["cellular_telephone1"] == "+44-1"
    assert stored["addressHome"] == "1 Street\nLondon"
    assert stored["anniversary"] == -4243968000000


async def test_reports_speak_version_3_unless_asked(alice: DAV, book: str, href: str) -> None:
    for version in (None, "3.0"):
        lines = await in_report(alice, book, href, version)
        assert "VERSION:3.0" in lines
        assert "BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:1604-12-10" in lines
        assert "item1.X-ABLabel:_$!<Anniversary>!$_" in lines
        assert not [line for line in lines if "X-OX-VCARD" in line]
    lines = await in_report(alice, book, href, "4.0")
    assert {"VERSION:4.0", "BDAY:--1210", "ANNIVERSARY:18350708", "GEO:geo:51.5,-0.1"} <= set(lines)
    refused = await alice.report(
        book,
        f"<CR:addressbook-query {DECLARATIONS}><D:prop><CR:address-data version='2.1'/></D:prop>"
        "<CR:filter/></CR:addressbook-query>",
    )
    assert refused.expect(403).precondition("CR:supported-address-data")


async def test_accept_chooses_and_the_etag_is_that_of_the_resource(alice: DAV, href: str) -> None:
    etags = set()
    for accept, version in [
        ("text/vcard;version=3.0", "3.0"),
        ("text/vcard; version=4.0, text/vcard;version=3.0;q=0.5", "4.0"),
        ('text/vcard;q=0.1;version="4.0", text/vcard;version=3.0;q=0.5', "3.0"),
        ("*/*", "4.0"),
        ("application/json", "4.0"),
    ]:
        answer = (await alice.request("GET", href, headers={"Accept": accept})).expect(200)
        assert f"VERSION:{version}" in answer.text, accept
        etags.add(answer.etag)
    assert len(etags) == 1


@pytest.mark.parametrize("version", ["3.0", "4.0"])
async def test_a_card_that_comes_back_in_any_version_changes_nothing(
    alice: DAV, alice_ox: OX, href: str, version: str
) -> None:
    answer = await alice.request("GET", href, headers={"Accept": f"text/vcard;version={version}"})
    (await alice.put(href, answer.text, if_match=answer.etag or "")).expect(204)
    again = await alice.get(href)
    assert (again.etag, "VERSION:4.0" in again.text) == (answer.etag, True)


async def test_a_card_of_version_3_is_read_and_edited_in_version_4(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "third.vcf")
    own = ["item1.TEL:1", "item1.X-ABLabel:Cabin", "X-SPOUSE:Charles", "BDAY:19800229", "LABEL;TYPE=HOME:Home\\nsweet"]
    (await alice.put(href, card("third-uid", "Third", *own))).expect(201)
    fourth = (await alice.request("GET", href, headers={"Accept": "text/vcard;version=4.0"})).text
    assert "RELATED;TYPE=spouse;VALUE=text:Charles" in fourth or "RELATED;VALUE=text;TYPE=spouse:Charles" in fourth
    assert "ADR;TYPE=home;LABEL=Home^nsweet:;;;;;;" in unfolded(fourth)
    (await alice.put(href, fourth.replace("Charles", "Carla"))).expect(204)
    third = unfolded((await alice.request("GET", href, headers={"Accept": "text/vcard;version=3.0"})).text)
    assert {*own[:2], "X-SPOUSE:Carla", own[4].replace("HOME", "home")} <= set(third)
    assert (await alice_ox.contact((await alice_ox.contacts())["third-uid"]))["spouse_name"] == "Carla"


async def test_groups_of_version_4(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "group4.vcf")
    group = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:group-4\r\nKIND:group\r\nFN:Four\r\nMEMBER:mailto:m4@example.org\r\n"
    (await alice.put(href, group + "END:VCARD\r\n")).expect(201)
    assert {"KIND:group", "MEMBER:mailto:m4@example.org"} <= set(unfolded((await alice.get(href)).text))
    lines = await in_report(alice, book, href, None)
    assert {"X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:mailto:m4@example.org"} <= set(lines)


async def test_queries_speak_the_version_that_is_asked_for(alice: DAV, book: str, href: str) -> None:
    for version, name in (("3.0", "X-ABDATE"), ("4.0", "ANNIVERSARY")):
        body = (
            f"<CR:addressbook-query {DECLARATIONS}><D:prop><CR:address-data version='{version}'/></D:prop>"
            f"<CR:filter><CR:prop-filter name='{name}'/></CR:filter></CR:addressbook-query>"
        )
        assert href in (await alice.report(book, body)).responses
