"""The header by which a download gets its file name."""

from __future__ import annotations

import re


def disposition(kind: str, filename: str) -> str:
    """A Content-Disposition of the kind "attachment" or "inline": the name in UTF-8, and in ASCII for old clients.

    As on the real server everything but letters and digits is escaped in the first.
    """
    encoded = "".join(_escaped(byte) for byte in filename.encode())
    plain = re.sub(r'["\\\x00-\x1f]', "", filename.encode("ascii", "replace").decode())
    return f"{kind}; filename*=UTF-8''{encoded}; filename=\"{plain}\""


def _escaped(byte: int) -> str:
    letter = chr(byte)
    return letter if letter.isascii() and letter.isalnum() else f"%{byte:02X}"
