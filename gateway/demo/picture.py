"""Small portraits for sample contacts: a light disc on a coloured ground, as PNG (ISO/IEC 15948)."""

from __future__ import annotations

import struct
import zlib

SIDE = 96


def portrait(color: str) -> bytes:
    """A PNG of ``color`` (``#RRGGBB``), always the same octets for the same colour."""
    ground = bytes.fromhex(color.removeprefix("#"))
    light = bytes(channel + (255 - channel) * 3 // 4 for channel in ground)
    rows = b"".join(b"\0" + _row(y, ground, light) for y in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _row(y: int, ground: bytes, light: bytes) -> bytes:
    head = (SIDE // 2, SIDE * 2 // 5, SIDE // 5)
    shoulders = (SIDE // 2, SIDE + SIDE // 12, SIDE * 2 // 5)
    return b"".join(light if _inside(x, y, *head) or _inside(x, y, *shoulders) else ground for x in range(SIDE))


def _inside(x: int, y: int, center_x: int, center_y: int, radius: int) -> bool:
    return (x - center_x) ** 2 + (y - center_y) ** 2 <= radius**2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
