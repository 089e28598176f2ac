"""Content lines: folding, escaping, parameters and the tree, as both iCalendar and vCard need them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.contentline import (
    Component,
    Property,
    decode,
    escape_text,
    fold,
    parse_property,
    parse_tree,
    parse_trees,
    property_line,
    split_escaped,
    unescape_text,
    without_forbidden,
    write_tree,
)
from mappings.errors import InvalidData

NAMES = st.from_regex(r"\A[A-Z][A-Z0-9-]{0,9}\Z").filter(lambda name: name not in {"BEGIN", "END"})
TEXT = st.text(max_size=120).map(without_forbidden).map(lambda text: text.replace("\r", "\n"))
VALUES = TEXT.map(escape_text)
PARAMETER_VALUES = st.text(max_size=20).map(without_forbidden).map(lambda text: text.replace("\r", "\n").strip(" \t"))
PROPERTIES = st.builds(
    Property,
    NAMES,
    st.lists(st.tuples(NAMES, st.lists(PARAMETER_VALUES, min_size=1, max_size=3).map(tuple)), max_size=3).map(tuple),
    VALUES,
    st.none() | st.from_regex(r"\A[a-z0-9]{1,5}\Z"),
)


@given(TEXT)
def test_escaping_keeps_the_text(text: str) -> None:
    assert unescape_text(escape_text(text)) == text
    assert "\n" not in escape_text(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_folded_lines_have_at_most_75_octets_and_unfold_again(line: str) -> None:
    folded = fold(line)
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@given(PROPERTIES)
def test_a_property_survives_its_line(prop: Property) -> None:
    assert parse_property(property_line(prop)) == prop


@given(st.lists(PROPERTIES, max_size=5), st.lists(PROPERTIES, max_size=3))
def test_a_tree_survives_its_text(outer: list[Property], inner: list[Property]) -> None:
    tree = Component("VCALENDAR", outer, [Component("VEVENT", inner)])
    assert parse_tree(write_tree(tree)) == tree


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_or_read(data: bytes) -> None:
    with contextlib.suppress(InvalidData):
        parse_trees(decode(data))


@given(st.lists(st.sampled_from(["BEGIN:A", "END:A", "BEGIN:B", "END:B", "X:1", 'X;P="', "X;P", " c", ""])))
def test_arbitrary_structure_is_refused_or_read(lines: list[str]) -> None:
    with contextlib.suppress(InvalidData):
        parse_trees("\r\n".join(lines))


def test_rfc_6868_and_quoted_lists() -> None:
    prop = parse_property("""ATTENDEE;CN="A ^'B^' ^^ C^nD";MEMBER="mailto:a@x","mailto:b@x";X=a,b:mailto:c@x""")
    assert prop.param("CN") == 'A "B" ^ C\nD'
    assert prop.param_values("MEMBER") == ("mailto:a@x", "mailto:b@x")
    assert prop.param_values("X") == ("a", "b")
    assert prop.value == "mailto:c@x"


def test_colons_and_semicolons_inside_quotes_do_not_end_the_parameter() -> None:
    prop = parse_property('X;P="a:b;c";Q=d:v:w')
    assert prop.params == (("P", ("a:b;c",)), ("Q", ("d",)))
    assert prop.value == "v:w"


def test_parameter_without_value_and_group() -> None:
    prop = parse_property("item1.TEL;HOME:1")
    assert (prop.group, prop.name, prop.params, prop.value) == ("item1", "TEL", (("HOME", ()),), "1")


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_any_line_end_and_blank_lines(line_end: str) -> None:
    text = line_end.join(["BEGIN:VCALENDAR", "", "SUMMARY:a", "END:VCALENDAR", "", ""])
    assert parse_tree(text).text("SUMMARY") == "a"


def test_a_fold_may_split_a_character() -> None:
    octets = "SUMMARY:äö".encode()
    cut = octets[:9] + b"\r\n " + octets[9:]
    assert parse_tree(decode(b"BEGIN:X\r\n" + cut + b"\r\nEND:X\r\n")).text("SUMMARY") == "äö"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("ä".encode("cp1252"), "ä"),
        (b"\xef\xbb\xbfa", "a"),
        ("\ufeffa".encode("utf-16-le"), "a"),
    ],
)
def test_charsets(data: bytes, text: str) -> None:
    assert decode(data).removeprefix("\ufeff") == text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART;;VALUE=DATE:20270301", Property("DTSTART", (("VALUE", ("DATE",)),), "20270301")),
        (r"ORGANIZER;CN=a\; b\::mailto:x", Property("ORGANIZER", (("CN", ("a; b:",)),), "mailto:x")),
        (r"X;CN=a\:mailto:x", Property("X", (("CN", ("a\\",)),), "mailto:x")),
        ("X-APPLE-RADIUS=49.9", Property("X-APPLE-RADIUS", (), "49.9")),
        ("SUMMARY ; LANGUAGE =de:a", Property("SUMMARY", (("LANGUAGE", ("de",)),), "a")),
    ],
)
def test_what_is_no_content_line_but_clear(line: str, expected: Property) -> None:
    assert parse_property(line) == expected


def test_blank_lines_before_a_continuation_and_text_behind_the_end() -> None:
    assert parse_tree("BEGIN:A\nVERSION\n\n :2.0\nEND:A\nX-NOTE:cached").text("VERSION") == "2.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SUMMARY:a",
        "BEGIN:A\nEND:B",
        "BEGIN:A",
        "END:A",
        "BEGIN:A\nEND:A\nBEGIN:A\nEND:A",
        "BEGIN:A\nno content line\nEND:A",
        'BEGIN:A\nX;P="open:1\nEND:A',
        "BEGIN:A\nX;P\nEND:A",
        "\n".join(["BEGIN:A"] * 17 + ["END:A"] * 17),
    ],
)
def test_malformed_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidData):
        parse_tree(text)


def test_control_characters_vanish() -> None:
    assert parse_tree("BEGIN:A\nSUMMARY:a\x00\x0bb\nEND:A").text("SUMMARY") == "ab"
    assert escape_text("a\x0c\ud83cb") == "ab"


def test_compound_values_split_at_unescaped_separators_only() -> None:
    assert split_escaped(r"a\,b,c\\,d", ",") == [r"a\,b", r"c\\", "d"]
