"""The complete module `folders`: importing this registers all its actions."""

from __future__ import annotations

from middleware.folders import reading, removing, writing
from middleware.folders.module import module

__all__ = ["module", "reading", "removing", "writing"]
