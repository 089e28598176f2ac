"""Pictures are made smaller only if they are pictures, and without using up the memory."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from gateway.account.picture_scaling import smaller
from tests.stories.test_contacts_sizes import noise


async def test_the_longer_edge_is_bounded() -> None:
    found = await smaller(noise(700, 350), 512)
    assert found is not None
    with Image.open(BytesIO(found)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (512, 256))


async def test_transparent_pictures_get_a_ground() -> None:
    out = BytesIO()
    Image.effect_noise((600, 600), 80).convert("RGBA").save(out, "PNG")
    assert await smaller(out.getvalue(), 512) is not None


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff\xe0" + bytes(5000),
        noise(600, 600)[:100000],
        bomb(9000, 9000),
        bomb(60000, 60000),
        b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(100),
    ],
    ids=["nothing", "text", "broken JPEG", "half a PNG", "bomb", "larger bomb", "PostScript"],
)
async def test_what_cannot_be_scaled_is_left_alone(data: bytes) -> None:
    assert await smaller(data, 512) is None


async def test_what_would_grow_is_left_alone() -> None:
    out = BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    assert await smaller(out.getvalue(), 512) is None
