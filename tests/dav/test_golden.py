"""Whole exchanges: ``tests/golden/dav/<case>.request`` and the answer to it, canonicalised, in ``<case>.answer``.

A request file is an HTTP request without its version. ``OXDAV_GOLDEN=write pytest tests/dav/test_golden.py`` writes
the answers anew; read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from tests.dav.client import Answer, Client, canonical
from tests.dav.memory import MemoryTree

FOLDER = Path(__file__).parent.parent / "golden" / "dav"
CASES = sorted(FOLDER.glob("*.request"))
EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\nEND:VCARD\r\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
async def test_exchange(case: Path, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("lunch.ics", EVENT)
    tree.calendar.store("two words & more.ics", EVENT)
    tree.calendar.dead["{urn:example}note"] = '<n:note xmlns:n="urn:example">Größe</n:note>'.encode()
    tree.book.store("bob.vcf", CARD)
    method, path, headers, body = request_in(case)
    compare(case.with_suffix(".answer"), written(await dav(method, path, body, **headers)))


def request_in(case: Path) -> tuple[str, str, dict[str, str], str]:
    head, _, body = case.read_text("utf-8").partition("\n\n")
    line, *fields = head.splitlines()
    method, path = line.split()
    headers = {name.replace("-", "_"): value for name, _, value in (field.partition(": ") for field in fields)}
    return method, path, headers, body


def compare(expected: Path, answer: str) -> None:
    if os.environ.get("OXDAV_GOLDEN") == "write":
        expected.write_text(answer, "utf-8")
    assert answer == expected.read_text("utf-8")


def written(answer: Answer) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in sorted(answer.headers.items()))
    try:
        body = canonical(answer.body)
    except etree.XMLSyntaxError:
        body = answer.body.decode().replace("\r\n", "\n")
    return f"{answer.status}\n{head}\n{body}"


def test_there_are_cases() -> None:
    assert len(CASES) > 10
