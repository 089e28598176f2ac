"""Golden files: a filter as a client sends it, and beside it the value it is decoded into."""

from pathlib import Path
from pprint import pformat

import pytest

from gateway.dav.filters import calendar, card
from gateway.dav.xml import parse

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"


@pytest.mark.parametrize("source", sorted(GOLDEN.glob("*-filter-*.xml")), ids=lambda path: path.stem)
def test_decoded_as_written_beside(source: Path) -> None:
    decode = card.decode_filter if source.stem.startswith("card") else calendar.decode_filter
    decoded = decode(parse(source.read_bytes()))
    assert pformat(decoded, width=100) + "\n" == source.with_suffix(".txt").read_text()
