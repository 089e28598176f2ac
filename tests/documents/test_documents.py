"""The documents name files, settings and metrics that exist, and all metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from pydantic import BaseModel

from gateway.http.metrics import GatewayMetrics
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "config", "docs", "gateway", "mappings", "middleware", "requirements", "tests")
DOCUMENTS = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
FILES = {str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")}

CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?<![\w/~.])[\w./-]+\.(?:py|md|toml|conf|service)\b(?! =)")
SETTING = re.compile(rf"\[({'|'.join(Settings.model_fields)})\] (\w+)|\bOXDAV_([A-Z_]+?)__([A-Z_]+)")
METRIC = re.compile(r"\boxdav_\w+")


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def code_in(document: str) -> Iterator[str]:
    for found in CODE.finditer(read(document)):
        yield found[1]


def is_a_file(name: str) -> bool:
    return name in FILES or any(path.endswith(f"/{name}") for path in FILES)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files(document: str) -> None:
    named = {name for code in code_in(document) for name in FILE.findall(code)}
    assert {name for name in named if not is_a_file(name)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings(document: str) -> None:
    for section, key, section_of_variable, key_of_variable in SETTING.findall(read(document)):
        held = Settings.model_fields[section or section_of_variable.lower()].annotation
        assert isinstance(held, type)
        assert issubclass(held, BaseModel)
        assert (key or key_of_variable.lower()) in held.model_fields


def test_metrics() -> None:
    served = set(re.findall(r"# HELP (oxdav_\w+)", generate_latest(GatewayMetrics().registry).decode()))
    assert {name for document in DOCUMENTS for name in METRIC.findall(read(document))} == served
