"""Search patterns of the directory: `*` and `?`, any case of letters, from the beginning of the text."""

from __future__ import annotations

import re


def matches(pattern: str, *texts: str | None) -> bool:
    """Whether one of the texts begins with the pattern."""
    translated = "".join(_translate(char) for char in pattern)
    expression = re.compile(translated, re.IGNORECASE | re.DOTALL)
    return any(expression.match(text) is not None for text in texts if text)


def _translate(char: str) -> str:
    return {"*": ".*", "?": "."}.get(char, re.escape(char))
