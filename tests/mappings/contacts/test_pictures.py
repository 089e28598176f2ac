"""Pictures: kept byte for byte, set, removed, never fetched."""

import base64

import pytest

from mappings.contacts import originals
from mappings.contacts.card import Picture
from mappings.contacts.change import KeepPicture, RemovePicture, SetPicture, changes, create
from mappings.contacts.read import read
from mappings.contacts.render import render
from tests.mappings.contacts.cards import card, lines

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
JPEG = b"\xff\xd8\xff\xe0" + bytes(50)
ENCODED = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "line",
    [
        f"PHOTO;ENCODING=b;TYPE=PNG:{ENCODED}",
        f"PHOTO;TYPE=JPEG;ENCODING=BASE64:{ENCODED}",
        f"PHOTO;BASE64:  {ENCODED[:40]} {ENCODED[40:]}",
        f"PHOTO:data:image/png;base64,{ENCODED}",
        f"PHOTO;VALUE=uri:data:image/png;base64\\,{ENCODED}",
        f"PHOTO;MEDIATYPE=image/png:data:;base64,{ENCODED}",
    ],
)
def test_inline_pictures_are_read(line: str) -> None:
    assert create(card(line)).picture == SetPicture(PNG, "image/png")


def test_the_octets_tell_the_type_the_parameter_only_if_they_do_not() -> None:
    assert create(card(f"PHOTO;ENCODING=b;TYPE=GIF:{base64.b64encode(JPEG).decode()}")).picture == SetPicture(
        JPEG, "image/jpeg"
    )
    assert create(card("PHOTO;ENCODING=b;TYPE=WEBP:UklGRg==")).picture == SetPicture(b"RIFF", "image/webp")


def test_the_same_octets_are_kept() -> None:
    picture = Picture(PNG, "image/png")
    shown = read(render({"display_name": "x"}, picture).encode())
    assert changes({"display_name": "x"}, picture.digest, shown).picture == KeepPicture()


def test_no_photo_removes_the_picture() -> None:
    assert changes({"id": "1"}, Picture(PNG, "").digest, card("FN:x")).picture == RemovePicture()
    assert changes({"id": "1"}, None, card("FN:x")).picture == KeepPicture()


@pytest.mark.parametrize(
    "line", ["PHOTO;VALUE=uri:http://example.org/p.png", "PHOTO;ENCODING=b;TYPE=PNG:***", "PHOTO:"]
)
def test_links_and_broken_photos_stay_as_they_are(line: str) -> None:
    change = changes({"display_name": "x"}, Picture(PNG, "").digest, card("FN:x", line))
    assert change.picture == KeepPicture()
    assert line in lines(render({"display_name": "x"}, extra=change.overflow))


def test_parameters_of_a_photo_are_kept_with_its_picture_only() -> None:
    change = create(card("FN:x", f"PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0;ENCODING=b;TYPE=PNG:{ENCODED}"))
    assert all(ENCODED not in prop.value for prop in change.overflow)
    same = lines(render(change.fields, Picture(PNG, "image/png"), extra=change.overflow))
    assert f"PHOTO;ENCODING=b;TYPE=PNG;X-ABCROP-RECTANGLE=ABClipRect_1&0:{ENCODED}" in same
    other = lines(render(change.fields, Picture(JPEG, "image/jpeg"), extra=change.overflow))
    assert f"PHOTO;ENCODING=b;TYPE=JPEG:{base64.b64encode(JPEG).decode()}" in other


def test_a_second_photo_is_residue() -> None:
    second = base64.b64encode(JPEG).decode()
    change = create(card("FN:x", f"PHOTO;ENCODING=b;TYPE=PNG:{ENCODED}", f"PHOTO;ENCODING=b;TYPE=JPEG:{second}"))
    assert change.picture == SetPicture(PNG, "image/png")
    shown = render(change.fields, Picture(PNG, "image/png"), extra=change.overflow)
    again = changes(change.fields, Picture(PNG, "").digest, read(shown.encode()), extra=change.overflow)
    assert f"PHOTO;ENCODING=b;TYPE=JPEG:{second}" in lines(shown)
    assert again.picture == KeepPicture()


def test_a_picture_in_the_spelling_of_the_other_version_is_no_wording() -> None:
    encoded = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    change = create(card("FN:x", f"PHOTO;ENCODING=b;TYPE=png:{encoded}", version="4.0"))
    assert isinstance(change.picture, SetPicture)
    assert [prop.name for prop in change.overflow] == ["VERSION"]


def test_the_original_of_a_smaller_picture_in_ox() -> None:
    smaller = Picture(JPEG, "image/jpeg")
    written = card("FN:x", f"PHOTO;ENCODING=b;TYPE=PNG;X-CROP=1:{ENCODED}")
    made = create(written)
    extra = originals.remember(made.overflow, Picture(PNG, "image/png"), smaller)
    contact = {"id": "1", **made.fields}
    served = render(contact, smaller, (), extra)
    assert f"PHOTO;ENCODING=b;TYPE=PNG;X-CROP=1:{ENCODED}" in lines(served)
    again = changes(contact, smaller.digest, read(served.encode()), (), extra)
    assert (again.fields, again.picture, again.overflow) == ({}, KeepPicture(), extra)

    elsewhere = Picture(JPEG + b"x", "image/jpeg")
    assert ENCODED not in "".join(lines(render(contact, elsewhere, (), extra)))
    gone = changes(contact, smaller.digest, card("FN:x"), (), extra)
    assert (gone.picture, gone.overflow) == (RemovePicture(), ())
    other = changes(contact, elsewhere.digest, read(render(contact, elsewhere, (), extra).encode()), (), extra)
    assert (other.fields, other.picture) == ({}, KeepPicture())
