"""Cards as popular clients write them: the OX fields they become, and the card those clients get back.

`<client>.vcf` is what the client sends, `<client>.json` what OX is told, `<client>.out.vcf` what is served afterwards.
"""

import json
from pathlib import Path

import pytest

from mappings.contacts.card import Member, Picture
from mappings.contacts.change import KeepPicture, SetPicture, changes, create
from mappings.contacts.read import read
from mappings.contacts.render import render
from mappings.vcard.spelling import said
from mappings.vcard.versions import in_version

GOLDEN = Path(__file__).parent / "golden"
CLIENTS = sorted(path.stem for path in GOLDEN.glob("*.vcf") if not path.stem.endswith(".out"))


@pytest.mark.parametrize("client", CLIENTS)
def test_what_ox_is_told(client: str) -> None:
    change = create(read((GOLDEN / f"{client}.vcf").read_bytes()))
    told: dict[str, object] = dict(change.fields)
    if change.members is not None:
        told["members"] = [[member.mail, member.display_name, member.uid] for member in change.members]
    assert told == json.loads((GOLDEN / f"{client}.json").read_text("utf-8"))


@pytest.mark.parametrize("client", CLIENTS)
def test_what_the_client_gets_back(client: str) -> None:
    card = read((GOLDEN / f"{client}.vcf").read_bytes())
    change = create(card)
    picture = None
    if isinstance(change.picture, SetPicture):
        picture = Picture(change.picture.data, change.picture.content_type)
    contact = {**change.fields, "uid": card.uid, "last_modified_utc": 1795324573352}
    members = tuple(Member(member.mail, member.display_name, member.uid) for member in change.members or ())

    served = render(contact, picture, members, change.overflow)
    assert served == (GOLDEN / f"{client}.out.vcf").read_bytes().decode()

    again = changes(contact, picture.digest if picture else None, read(served.encode()), members, change.overflow)
    assert (again.fields, again.picture, again.members) == ({}, KeepPicture(), None)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_card_in_the_other_version_says_the_same(client: str) -> None:
    served = (GOLDEN / f"{client}.out.vcf").read_bytes().decode()
    version = read(served.encode()).version
    other = "4.0" if version == "3.0" else "3.0"
    card = read((GOLDEN / f"{client}.vcf").read_bytes())
    change = create(card)
    picture = Picture(change.picture.data, "") if isinstance(change.picture, SetPicture) else None
    contact = {**change.fields, "uid": card.uid, "last_modified_utc": 1795324573352}
    members = tuple(Member(member.mail, member.display_name, member.uid) for member in change.members or ())

    there = read(in_version(served, other).encode())
    again = changes(contact, picture.digest if picture else None, there, members, change.overflow)
    assert (again.fields, again.picture, again.members) == ({}, KeepPicture(), None)
    assert again.overflow == change.overflow
    if other == "4.0":
        back = read(in_version(in_version(served, "4.0"), "3.0").encode())
        assert set(map(said, back.properties)) == set(map(said, read(served.encode()).properties))
