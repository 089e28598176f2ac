"""The one tree of settings: defaults, then a TOML file, then environment variables (``OXDAV_OX__URL``).

A secret can stand in a file of its own: every key that ends in ``_file`` names one whose first line is the value.
"""

from __future__ import annotations

import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from gateway.ledger.engine import database_url

Port = Annotated[int, Field(ge=0, le=65535)]
MEGABYTE = 1024 * 1024


class SettingsError(Exception):
    """The settings cannot be used; the text is one line a fault, each naming key, value and what is allowed."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def existing(path: Path | None) -> Path | None:
    """The path itself. Raises ValueError when there is no such file."""
    if path is not None and not path.is_file():
        raise ValueError("no such file")
    return path


class Listen(Section):
    """Where the gateway listens."""

    host: str = "127.0.0.1"
    port: Port = 8118
    workers: PositiveInt = 1
    certificate: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def certificate_and_key_come_together(self) -> Listen:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key must be given together")
        return self

    @field_validator("certificate", "key")
    @classmethod
    def files_exist(cls, value: Path | None) -> Path | None:
        return existing(value)


class Proxy(Section):
    """A reverse proxy in front. Its ``X-Forwarded-*`` headers count only when its address is listed here."""

    trusted: tuple[IPv4Network | IPv6Network, ...] = ()
    prefix: str = ""

    @field_validator("prefix")
    @classmethod
    def prefix_is_a_path(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and (not value.startswith("/") or "?" in value or "#" in value or "//" in value):
            raise ValueError("must be empty or a path like /dav")
        return value


class OX(Section):
    """The OX middleware behind."""

    url: str = "http://127.0.0.1:8119/ajax/"
    timeout_seconds: PositiveFloat = 30.0
    connections: PositiveInt = 64
    verify_certificate: bool = True
    certificate_authorities: Path | None = None
    max_answer_bytes: PositiveInt = 256 * MEGABYTE
    generation: Literal["auto", "8", "7.8"] = "auto"
    contacts: Literal["auto", "contacts", "addressbooks"] = "auto"

    @field_validator("url")
    @classmethod
    def url_is_http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an http or https URL like https://ox.example.com/ajax/")
        return value if value.endswith("/") else value + "/"

    @field_validator("certificate_authorities")
    @classmethod
    def file_exists(cls, value: Path | None) -> Path | None:
        return existing(value)


def from_secret_file(data: Any, key: str) -> Any:
    """Replace ``<key>_file`` by ``<key>``, read from the first line of that file."""
    name = f"{key}_file"
    if not isinstance(data, dict) or not data.get(name):
        return data
    path = Path(data[name])
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(f"{name}: cannot read {path}: {error.strerror}") from None
    return {**data, key: lines[0].strip() if lines else ""}


class LedgerSettings(Section):
    """The database of what only the gateway knows: names chosen by clients, what OX cannot hold."""

    url: str = "sqlite:///oxdav-ledger.db"
    url_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def read_url_from_its_file(cls, data: Any) -> Any:
        return from_secret_file(data, "url")

    @field_validator("url")
    @classmethod
    def url_is_of_a_database(cls, value: str) -> str:
        database_url(value)
        return value


class Limits(Section):
    """What one request may cost."""

    body_bytes: PositiveInt = 24 * MEGABYTE
    resource_bytes: PositiveInt = 16 * MEGABYTE
    image_bytes: PositiveInt = 8 * MEGABYTE
    attachment_bytes: PositiveInt = 10 * MEGABYTE
    header_bytes: PositiveInt = 16 * 1024
    body_seconds: PositiveFloat = 60.0
    request_seconds: PositiveFloat = 300.0


class SignIn(Section):
    """How failed log-ins are held back."""

    failures_per_login: PositiveInt = 5
    failures_per_address: PositiveInt = 30
    window_seconds: PositiveFloat = 300.0
    realm: str = Field(default="OX", pattern=r'^[^"\\\x00-\x1f]*$')
    bearer: bool = False


class Cache(Section):
    """What is kept in memory. All of it can be dropped at any moment; only time is lost."""

    memory_bytes: NonNegativeInt = 128 * MEGABYTE
    """For texts, what was made of them, and indexes, of all accounts together. The account that was used least recently
    loses first; what a running request uses stays."""
    accounts: PositiveInt = 1000
    account_idle_seconds: PositiveFloat = 1800.0
    folder_seconds: PositiveFloat = 5.0


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


class Metrics(Section):
    """Prometheus metrics on a listener of their own; port 0 switches them off."""

    host: str = "127.0.0.1"
    port: Port = 0


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="OXDAV_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )
    file: ClassVar[Path | None] = None

    listen: Listen = Listen()
    proxy: Proxy = Proxy()
    ox: OX = OX()
    ledger: LedgerSettings = LedgerSettings()
    limits: Limits = Limits()
    sign_in: SignIn = SignIn()
    cache: Cache = Cache()
    log: Log = Log()
    metrics: Metrics = Metrics()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        if cls.file is None:
            return (init_settings, env_settings)
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.file))


def load(file: Path | None = None, **overrides: Any) -> Settings:
    """The settings from ``file`` (may be None), the environment and ``overrides`` (strongest). Raises SettingsError."""
    if file is not None and not file.is_file():
        raise SettingsError(f"{file}: no such file")
    loader = type("Settings", (Settings,), {"file": file, "__annotations__": {"file": ClassVar[Path | None]}})
    try:
        settings: Settings = loader(**overrides)
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(item) for item in error.errors())) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not TOML: {error}") from None
    return settings


def _fault(item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        return f"{key}: unknown setting"
    message = item["msg"].removeprefix("Value error, ")
    value = item["input"]
    shown = f" = {value!r}" if isinstance(value, str | int | float | bool) and not _secret(key) else ""
    return f"{key}{shown}: {message}"


def _secret(key: str) -> bool:
    return key.startswith("ledger.url")
