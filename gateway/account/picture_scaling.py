"""Pictures that OX finds too large, made smaller.

Pillow is loaded when the first one comes; most processes never need it. What it opens comes from clients: only formats
that OX takes, pixels counted before they are decoded, one picture at a time.
"""

from __future__ import annotations

import asyncio
import threading
from io import BytesIO

EDGES = (2048, 1024, 512)
"""Pixels of the longer edge, tried one after the other until OX takes the picture."""

_MOST_PIXELS = 64 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
_ONE = threading.Lock()


async def smaller(data: bytes, edge: int) -> bytes | None:
    """The picture as a JPEG with that longer edge at most; None when it is none, has too many pixels, or would not get
    smaller. Takes a second of one core for the largest."""
    return await asyncio.to_thread(_smaller, data, edge)


def _smaller(data: bytes, edge: int) -> bytes | None:
    from PIL import Image, ImageOps

    try:
        with _ONE, Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (edge, edge))
            picture.thumbnail((edge, edge))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright, mask=upright.getchannel("A"))
            out = BytesIO()
            flat.save(out, "JPEG", quality=85)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # all that Pillow raises for broken ones
        return None
    return out.getvalue() if out.tell() < len(data) else None
