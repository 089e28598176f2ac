"""Colours of calendars."""

from __future__ import annotations

import pytest

from mappings.colors import hex_color


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("#FF2968FF", "#FF2968FF"),
        ("#abc", "#aabbcc"),
        ("red", "#FF0000"),
        (" RebeccaPurple ", "#663399"),
        ("lightgoldenrodyellow", "#FAFAD2"),
        ("darkslategrey", "#2F4F4F"),
        ("#12345", None),
        ("#", None),
        ("", None),
        ("rgb(1,2,3)", None),
    ],
)
def test_colors(text: str, shown: str | None) -> None:
    assert hex_color(text) == shown
