"""Paths and hrefs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dav.paths import Base, InvalidPath, are_plain, decode_path, is_plain

BASE = Base("https://dav.example.com", "/some/prefix")
SEGMENTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(
    lambda s: s not in (".", "..")
)


@given(st.lists(SEGMENTS, max_size=4).map(tuple), st.booleans())
def test_every_path_survives(path: tuple[str, ...], collection: bool) -> None:
    href = BASE.href(path, collection=collection)
    assert href.isascii()
    assert BASE.path_of(href) == BASE.path_of("https://dav.example.com" + href) == path


@given(st.text())
def test_any_text_is_a_path_or_not(text: str) -> None:
    try:
        path = BASE.path_of(text)
    except InvalidPath:
        return
    assert all(segment not in ("", ".", "..") for segment in path)


@pytest.mark.parametrize(
    "href",
    [
        "/some/prefix/a/b%20c",
        "/some/prefix/a/b%20c/",
        "https://dav.example.com/some/prefix/a/b%20c",
        "HTTPS://DAV.example.com:443/some/prefix/a/b%20c",
        "http://dav.example.com/some/prefix/a/b%20c?query#fragment",
        " /some/prefix/a/b%20c ",
    ],
)
def test_hrefs_of_clients(href: str) -> None:
    assert BASE.path_of(href) == ("a", "b c")


@pytest.mark.parametrize(
    "href",
    [
        "",
        "a/b",
        "/a/b",
        "/some/prefixed/a",
        "/some/prefix/a//b",
        "/some/prefix/../a",
        "/some/prefix/%2e%2e/a",
        "/some/prefix/a%00",
        "/some/prefix/a%0d%0aX",
        "/some/prefix/%ff",
        "https://other.example.com/some/prefix/a",
        "https://dav.example.com:8443/some/prefix/a",
        "//other.example.com/some/prefix/a",
        "https:/some/prefix/a",
        "file:///some/prefix/a",
        "mailto:a@example.com",
        "http://[::1/some/prefix/a",
    ],
)
def test_hrefs_elsewhere(href: str) -> None:
    with pytest.raises(InvalidPath):
        BASE.path_of(href)


def test_an_encoded_slash_stays_inside_its_segment() -> None:
    assert decode_path("/a%2Fb/c") == ("a/b", "c")
    assert Base("https://x").href(("a/b", "c"), collection=False) == "/a%2Fb/c"


@given(st.lists(st.one_of(st.sampled_from(["a.ics", ".", "..", "", "a/b", "a b", "%41", "é", "a\n"]), st.text())))
def test_many_are_plain_when_each_is(segments: list[str]) -> None:
    assert are_plain(segments) is (bool(segments) and all(map(is_plain, segments)))
