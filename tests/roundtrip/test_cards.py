"""What counts as the same in vCards of both versions, what as repaired, lost, added."""

from __future__ import annotations

import pytest

from gateway.roundtrip import old_cards
from tests.roundtrip.texts import card, differences

SAME = {
    "types": (["TEL;type=home;type=VOICE:1"], ["TEL;TYPE=HOME:1"]),
    "types in one parameter": (["TEL;TYPE=WORK,FAX:1"], ["TEL;TYPE=FAX;TYPE=WORK:1"]),
    "types as in version 2.1": (["TEL;WORK;FAX:1"], ["TEL;TYPE=FAX,WORK:1"]),
    "preference": (["EMAIL;TYPE=INTERNET,PREF:a@x.org"], ["EMAIL;PREF=1:a@x.org"]),
    "empty parts": (["ADR:;;Street;;;;", "N:A;B;;;"], ["ADR:;;Street", "N:A;B"]),
    "lists": (["CATEGORIES:a,b", "NICKNAME:c,d"], ["CATEGORIES:b", "CATEGORIES:a", "NICKNAME:d,c"]),
    "bookkeeping": (["PRODID:x", "REV:20270101T000000Z"], []),
    "groups of other names": (["item1.TEL:1", "item1.X-ABLabel:Barn"], ["g.TEL:1", "g.X-ABLABEL:Barn"]),
    "a year left out": (["BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29"], ["BDAY:--02-29"]),
    "dates": (["BDAY;VALUE=date:2001-02-03"], ["BDAY:20010203"]),
    "members": (["X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1"], ["MEMBER:urn:uuid:1"]),
    "an ordinary card": (["KIND:individual"], []),
    "an anniversary": (["item1.X-ABDATE:2001-02-03", "item1.X-ABLabel:_$!<Anniversary>!$_"], ["ANNIVERSARY:20010203"]),
    "numbers": (["TEL;VALUE=uri:tel:+1-2"], ["TEL:+1-2"]),
    "positions": (["GEO:1.5;2"], ["GEO:geo:1.5,2.0"]),
    "pictures": (["PHOTO;ENCODING=b;TYPE=PNG:aGVs\n bG8="], ["PHOTO:data:image/png;base64,aGVsbG8="]),
}

LOST = {
    "a mail address": (["EMAIL:a@x.org", "EMAIL:b@x.org"], ["EMAIL:a@x.org"], ["EMAIL lost"]),
    "a type": (["TEL;TYPE=CAR:1"], ["TEL:1"], ["TEL;TYPE lost"]),
    "a label": (["item1.TEL:1", "item1.X-ABLabel:Barn"], ["TEL:1"], ["TEL;X-ABLABEL lost"]),
    "a part of an address": (["ADR:Box;;Street"], ["ADR:;;Street"], ["ADR lost"]),
    "a comma in a list": (["CATEGORIES:a\\,b"], ["CATEGORIES:a,b"], ["CATEGORIES lost", "CATEGORIES added"]),
    "a picture": (["PHOTO;ENCODING=b:aGVsbG8="], ["PHOTO;ENCODING=b:aGVsbG9v"], ["PHOTO lost"]),
    "the crop of a picture": (
        ["PHOTO;ENCODING=b;X-ABCROP-RECTANGLE=1:aGVsbG8="],
        ["PHOTO;ENCODING=b:aGVsbG8="],
        ["PHOTO;X-ABCROP-RECTANGLE lost"],
    ),
    "a time of birth": (["BDAY:20010203T040506Z"], ["BDAY:20010203"], ["BDAY lost"]),
    "what nobody knows": (["X-OWN;P=1:a"], [], ["X-OWN lost"]),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same(case: str) -> None:
    sent, got = SAME[case]
    assert differences(card(*sent), card(*got)) == []
    assert differences(card(*got), card(*sent)) == []


@pytest.mark.parametrize("case", LOST)
def test_lost(case: str) -> None:
    sent, got, expected = LOST[case]
    assert differences(card(*sent), card(*got)) == expected


def test_a_label_of_an_address_goes_between_the_versions() -> None:
    one, other = card('ADR;LABEL="a\\nb":;;Street', version="4.0"), card("ADR:;;Street", "LABEL:a\\nb")
    assert [text.split(":")[0] for text in differences(one, other)] == ["ADR;LABEL repaired", "LABEL added"]
    assert differences(one, card("ADR:;;Street")) == ["ADR;LABEL lost"]


def test_what_version_3_needs_is_added() -> None:
    assert differences(card(version="4.0"), card("N:x;;;;")) == ["N added: a card of version 3.0 needs it"]


def test_cards_of_old_telephones() -> None:
    text = "\n".join(
        [
            "BEGIN:VCARD",
            "VERSION:2.1",
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=",
            "ller;Max, the first",
            "NOTE;QUOTED-PRINTABLE:one=0D=0Atwo\\n",
            "TEL;WORK;VOICE:1",
            "UID:1",
            "FN:x",
            "END:VCARD",
        ]
    )
    modern = card("N:M\u00fcller;Max\\, the first", "NOTE:one\\ntwo\\\\n", "TEL;TYPE=WORK:1")
    assert differences(old_cards.read(text), modern) == []
