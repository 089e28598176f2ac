"""The two generations of the HTTP API that the embedded OX can speak."""

from __future__ import annotations

from enum import Enum


class Generation(Enum):
    """`EIGHT` offers chronos and addressbooks beside the older modules, as OX 8 does; `SEVEN` is OX 7.8."""

    EIGHT = "8"
    SEVEN = "7.8"

    @property
    def server_version(self) -> str:
        """The version of the server that is imitated."""
        return "8.19.0" if self is Generation.EIGHT else "7.8.4-Rev47"
