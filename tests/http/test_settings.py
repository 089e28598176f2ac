"""Settings: file, environment, secrets, and what is said about bad ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[2]


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "gateway.toml"
    file.write_text(text)
    return file


def test_the_annotated_file_holds_the_defaults() -> None:
    assert load(ROOT / "config" / "gateway.toml").model_dump() == Settings().model_dump()


def test_the_annotated_file_has_every_setting() -> None:
    text = (ROOT / "config" / "gateway.toml").read_text()
    sections = re.split(r"^\[(\w+)\]$", text, flags=re.MULTILINE)[1:]
    named = {
        name: set(re.findall(r"^(?:# )?(\w+) = ", lines, re.MULTILINE))
        for name, lines in zip(sections[::2], sections[1::2], strict=True)
    }
    assert named == {name: set(section) for name, section in Settings().model_dump().items()}


def test_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, '[ox]\nurl = "https://one.example/ajax/"\ntimeout_seconds = 7\n')
    monkeypatch.setenv("OXDAV_OX__URL", "https://two.example/appsuite/api")
    settings = load(file)
    assert settings.ox.url == "https://two.example/appsuite/api/"
    assert settings.ox.timeout_seconds == 7


def test_secret_from_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql+psycopg://u:p@db/oxdav\n")
    assert load(write(tmp_path, f'[ledger]\nurl_file = "{secret}"\n')).ledger.url == "postgresql+psycopg://u:p@db/oxdav"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[listen]\nport = 70000\n", "listen.port = 70000: Input should be less than or equal to 65535"),
        ('[ox]\nurl = "ftp://x"\n', "ox.url = 'ftp://x': must be an http or https URL"),
        ("[ox]\nnonsense = 1\n", "ox.nonsense: unknown setting"),
        ('[ledger]\nurl = "mysql://host/db"\n', "ledger.url: the ledger needs sqlite:///path or postgresql+psycopg://"),
        ('[log]\nlevel = "loud"\n', "log.level = 'loud': Input should be 'debug', 'info', 'warning' or 'error'"),
        ('[proxy]\ntrusted = ["here"]\n', "proxy.trusted.0"),
        ('[listen]\ncertificate = "/nowhere.pem"\n', "listen.certificate = '/nowhere.pem': no such file"),
        (f'[listen]\ncertificate = "{__file__}"\n', "listen: certificate and key must be given together"),
        (
            '[ox]\ncertificate_authorities = "/nowhere.pem"\n',
            "ox.certificate_authorities = '/nowhere.pem': no such file",
        ),
    ],
)
def test_a_bad_setting_is_named_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, text))
    assert said in str(caught.value)


def test_broken_toml_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not TOML"):
        load(write(tmp_path, "[ox\n"))


def test_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load(tmp_path / "none.toml")


def test_a_secret_is_never_repeated_in_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, '[ledger]\nurl = ["hidden"]\n'))
    assert "hidden" not in str(caught.value)
