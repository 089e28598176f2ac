"""vCard 3.0 and 4.0 say the same: single properties side by side, and nothing is lost on the way there and back."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.contentline import Property, parse_property, parse_tree, property_line
from mappings.vcard.spelling import said
from mappings.vcard.versions import as_version_3, as_version_4, in_version, shown, spelled
from tests.mappings.contacts import strategies

SIDE_BY_SIDE = [
    ("TEL;TYPE=home,voice:+49 1", "TEL;TYPE=home,voice:+49 1"),
    ("TEL;TYPE=CELL,PREF:1", "TEL;TYPE=cell;PREF=1:1"),
    ("TEL;TYPE=home:+1-555", "TEL;VALUE=uri;TYPE=home:tel:+1-555"),
    ("EMAIL;TYPE=INTERNET,WORK:a@example.org", "EMAIL;TYPE=work:a@example.org"),
    ("BDAY;VALUE=date:1980-02-29", "BDAY:19800229"),
    ("BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:1604-04-15", "BDAY:--0415"),
    ("BDAY;VALUE=date-time:1953-10-15T23:10:00Z", "BDAY:19531015T231000Z"),
    ("BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800"),
    ("GEO:37.386013;-122.082932", "GEO:geo:37.386013,-122.082932"),
    ("TZ:-05:00", "TZ;VALUE=utc-offset:-0500"),
    ("TZ;VALUE=text:Europe/Berlin", "TZ:Europe/Berlin"),
    ("PHOTO;ENCODING=b;TYPE=JPEG:/9j/AAAA", "PHOTO:data:image/jpeg;base64,/9j/AAAA"),
    ("PHOTO;VALUE=uri:https://example.org/p.jpg", "PHOTO:https://example.org/p.jpg"),
    ("KEY;ENCODING=b;TYPE=PGP:AAAA", "KEY:data:application/pgp-keys;base64,AAAA"),
    ("SOUND;ENCODING=b;TYPE=OGG:AAAA", "SOUND:data:audio/ogg;base64,AAAA"),
    ("X-ADDRESSBOOKSERVER-KIND:group", "KIND:group"),
    ("X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1", "MEMBER:urn:uuid:1"),
    ("X-ABShowAs:COMPANY", "KIND:org"),
    ("X-SPOUSE:Charles", "RELATED;TYPE=spouse;VALUE=text:Charles"),
    ("REV:2026-11-22T10:20:30Z", "REV:20261122T102030Z"),
    ("GENDER:F;girl", "GENDER:F;girl"),
    ("LANG;PREF=2:de", "LANG;PREF=2:de"),
    ("IMPP;TYPE=HOME:xmpp:a@example.org", "IMPP;TYPE=home:xmpp:a@example.org"),
    ("KIND:location", "KIND:location"),
    ("RELATED;TYPE=friend:urn:uuid:2", "RELATED;TYPE=friend:urn:uuid:2"),
    ("X-ANNIVERSARY:2001-02-03", "ANNIVERSARY:20010203"),
]


def converted(*lines: str, to: str) -> list[str]:
    properties = [parse_property(line) for line in lines]
    found = as_version_4(properties) if to == "4.0" else shown(as_version_3(properties))
    return [property_line(spelled(prop)) for prop in found]


def meanings(properties: Sequence[Property]) -> Counter[object]:
    return Counter(map(said, properties))


@pytest.mark.parametrize(("third", "fourth"), SIDE_BY_SIDE)
def test_side_by_side(third: str, fourth: str) -> None:
    up, down = converted(third, to="4.0"), converted(fourth, to="3.0")
    assert said(parse_property(up[0]))[:4] == said(parse_property(fourth))[:4] or "VALUE=uri" in fourth
    if not third.startswith("X-ANNIVERSARY"):
        assert meanings([parse_property(line) for line in down]) == meanings([parse_property(third)])


def test_an_anniversary_is_apples_labelled_date_in_version_3() -> None:
    lines = ["item1.X-ABDATE;VALUE=date:2001-02-03", "item1.X-ABLabel:_$!<Anniversary>!$_"]
    assert converted(*lines, to="4.0") == ["ANNIVERSARY:20010203"]
    assert converted("ANNIVERSARY:20010203", to="3.0") == lines
    assert converted("ANNIVERSARY:--0203", to="3.0")[0].endswith("X-APPLE-OMIT-YEAR=1604:1604-02-03")
    taken = converted("item1.URL:x", "ANNIVERSARY:20010203", to="3.0")
    assert taken[1] == "item2.X-ABDATE;VALUE=date:2001-02-03"


def test_labels_of_addresses_find_their_addresses() -> None:
    lines = ["ADR;TYPE=HOME:;;1;;;;", "ADR;TYPE=HOME:;;2;;;;", "LABEL;TYPE=HOME:Two\\nLines\\, really", "ADR:;;3;;;;"]
    up = converted(*lines, to="4.0")
    assert up == ["ADR;TYPE=home:;;1;;;;", 'ADR;TYPE=home;LABEL="Two^nLines, really":;;2;;;;', "ADR:;;3;;;;"]
    down = as_version_3(map(parse_property, up))
    assert converted(*map(property_line, (down[1], down[0], down[2], down[3])), to="4.0")[0] == up[1]
    assert converted("LABEL;TYPE=work:Alone", to="4.0") == ["ADR;TYPE=work;LABEL=Alone:;;;;;;"]
    assert converted("ADR;TYPE=work;LABEL=Alone:;;;;;;", to="3.0") == ["LABEL;TYPE=work:Alone"]


def test_the_key_a_name_is_sorted_by() -> None:
    lines = ["N:van der Harten;Rene;;;", "SORT-STRING:Harten\\, Rene"]
    assert converted(*lines, to="4.0") == ['N;SORT-AS="Harten, Rene":van der Harten;Rene;;;']
    assert converted('N;SORT-AS="Harten, Rene":van der Harten;Rene;;;', to="3.0") == lines
    for kept in (["N;SORT-AS=a,b:B;A;;;"], ["N:B;;;;", "SORT-STRING;LANGUAGE=de:x"], ["SORT-STRING:x"]):
        there = converted(*kept, to="4.0")
        assert converted(*there, to="3.0")[: len(kept)] == kept


def test_what_an_edited_line_carries_does_not_undo_the_edit() -> None:
    (carrying,) = as_version_4([parse_property("BDAY:19800229")])
    edited = Property(carrying.name, carrying.params, "19810301")
    assert as_version_3([edited])[0].value == "1981-03-01"


def test_version_3_clients_see_nothing_of_what_is_carried() -> None:
    text = in_version("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nTEL;VALUE=uri:tel:+1\r\nKIND:org\r\nEND:VCARD\r\n", "3.0")
    assert text == "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nTEL:+1\r\nX-ABShowAs:COMPANY\r\nEND:VCARD\r\n"
    assert in_version(text, "3.0") is text


MORE_4 = st.one_of(
    strategies.PROPERTY,
    st.sampled_from(
        [parse_property(fourth) for _, fourth in SIDE_BY_SIDE]
        + [
            parse_property(line)
            for line in (
                "TEL;VALUE=uri;PREF=1;TYPE=\"cell,home\":tel:+1-555;ext=5",
                "ADR;TYPE=home;PREF=1;LABEL=\"a^nb\\\\c\":;;1 Street;Town;;1;DE",
                "ADR;TYPE=home;LABEL=other:;;2 Street;Town;;1;DE",
                "ADR;LABEL=empty:;;;;;;",
                "ANNIVERSARY;ALTID=1:20090808",
                "ANNIVERSARY:20090808T1430-0500",
                "BDAY;CALSCALE=gregorian:19800229",
                "BDAY:1985-04",
                "KEY;MEDIATYPE=application/pgp-keys:https://example.org/key",
                "SOUND:CID:abc@example.org",
                "TZ;VALUE=uri:https://example.org/tz",
                "GEO:geo:1,2;u=35",
                "RELATED;TYPE=spouse;PREF=1;VALUE=text:B",
                "item1.TEL;TYPE=home:1",
                "item1.X-ABLabel:Cabin",
                "LABEL;LANGUAGE=de;TYPE=home:Extra",
            )
        ]
    ),
)  # fmt: skip


@given(st.lists(MORE_4, max_size=12))
def test_version_4_survives_version_3(properties: list[Property]) -> None:
    there = as_version_3(properties)
    assert meanings(as_version_4(there)) == meanings(properties)


@given(st.lists(MORE_4, max_size=12))
def test_version_3_survives_version_4(properties: list[Property]) -> None:
    there = as_version_4(properties)
    assert meanings(as_version_3(there)) == meanings(properties)


@given(st.lists(MORE_4, max_size=8), st.sampled_from(["3.0", "4.0"]))
def test_texts_convert(properties: list[Property], version: str) -> None:
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *map(property_line, properties), "END:VCARD", ""])
    for target in ("3.0", "4.0"):
        assert parse_tree(in_version(text, target)).text("VERSION") == target
