"""Modules ``user``, ``user/me``, ``group`` and ``resource``: the people, groups and rooms of the context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call
from gateway.ox.shape import a_flag, an_array, an_id, an_object, optional_id, optional_text, rows

_USER_COLUMNS: Mapping[str, int] = {
    "id": 1,
    "display_name": 500,
    "first_name": 501,
    "last_name": 502,
    "email1": 555,
    "aliases": 610,
    "timezone": 611,
    "locale": 612,
    "groups": 613,
    "contact_id": 614,
    "guest_created_by": 616,
}


@dataclass(frozen=True, slots=True)
class Me:
    """The user of the session."""

    user_id: str
    context_id: str | None
    login_name: str | None
    display_name: str | None
    mail_addresses: tuple[str, ...]
    """Primary one first; empty on servers (7.8) that do not tell here."""


@dataclass(frozen=True, slots=True)
class User:
    """A user; ``id`` is the ``entity`` in events and permissions. ``contact_id``: the entry in folder 6."""

    id: str
    display_name: str | None
    first_name: str | None
    last_name: str | None
    mail_addresses: tuple[str, ...]
    """Primary one first."""
    timezone: str | None
    locale: str | None
    groups: tuple[str, ...]
    contact_id: str | None
    guest: bool


@dataclass(frozen=True, slots=True)
class Group:
    """``members`` are user ids. Group ``0`` is everybody, ``2147483647`` all guests."""

    id: str
    name: str | None
    display_name: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A room or thing that can be booked; ``id`` is the ``entity`` in events."""

    id: str
    name: str | None
    display_name: str | None
    mail_address: str | None
    description: str | None
    available: bool


def me() -> Call[Me]:
    """user/me: cheap, and the only call every OAuth token may make."""

    def decode(answer: Answer) -> Me:
        member = an_object(answer.data, "user/me")
        return Me(
            an_id(member.get("user_id"), "user_id"),
            optional_id(member.get("context_id"), "context_id"),
            optional_text(member.get("login_name"), "login_name"),
            optional_text(member.get("display_name"), "display_name"),
            _addresses(member.get("email_address"), member.get("email_aliases")),
        )

    return Call("user/me", None, decode)


def user() -> Call[User]:
    """user?action=get of the session."""

    def decode(answer: Answer) -> User:
        return _user(an_object(answer.data, "user"))

    return Call("user", "get", decode)


def users() -> Call[tuple[User, ...]]:
    """user?action=all: everybody in the context, which may be many."""
    return Call("user", "all", _decode_users, _user_columns())


def groups() -> Call[tuple[Group, ...]]:
    """group?action=search: all, with members."""

    def decode(answer: Answer) -> tuple[Group, ...]:
        return tuple(_group(an_object(each, "group")) for each in an_array(answer.data, "groups"))

    return Call("group", "search", decode, {}, {"pattern": "*"}, "PUT")


def resources() -> Call[tuple[Resource, ...]]:
    """resource?action=search: all."""

    def decode(answer: Answer) -> tuple[Resource, ...]:
        return tuple(_resource(an_object(each, "resource")) for each in an_array(answer.data, "resources"))

    return Call("resource", "search", decode, {}, {"pattern": "*"}, "PUT")


def _user_columns() -> dict[str, str]:
    return {"columns": ",".join(map(str, _USER_COLUMNS.values()))}


def _decode_users(answer: Answer) -> tuple[User, ...]:
    return tuple(_user(row) for row in rows(answer.data, tuple(_USER_COLUMNS), "users"))


def _user(member: Mapping[str, Any]) -> User:
    return User(
        id=an_id(member.get("id"), "user id"),
        display_name=optional_text(member.get("display_name"), "display_name"),
        first_name=optional_text(member.get("first_name"), "first_name"),
        last_name=optional_text(member.get("last_name"), "last_name"),
        mail_addresses=_addresses(member.get("email1"), member.get("aliases")),
        timezone=optional_text(member.get("timezone"), "timezone"),
        locale=optional_text(member.get("locale"), "locale"),
        groups=_id_list(member.get("groups"), "groups"),
        contact_id=optional_id(member.get("contact_id"), "contact_id"),
        guest=member.get("guest_created_by") not in (None, 0),
    )


def _group(member: Mapping[str, Any]) -> Group:
    return Group(
        an_id(member.get("id"), "group id"),
        optional_text(member.get("name"), "name"),
        optional_text(member.get("display_name"), "display_name"),
        _id_list(member.get("members"), "members"),
    )


def _resource(member: Mapping[str, Any]) -> Resource:
    return Resource(
        an_id(member.get("id"), "resource id"),
        optional_text(member.get("name"), "name"),
        optional_text(member.get("display_name"), "display_name"),
        optional_text(member.get("mailaddress"), "mailaddress"),
        optional_text(member.get("description"), "description"),
        a_flag(member.get("availability", True)),
    )


def _id_list(value: Any, what: str) -> tuple[str, ...]:
    return tuple(an_id(each, what) for each in an_array(value if value is not None else [], what))


def _addresses(primary: Any, others: Any) -> tuple[str, ...]:
    """Without repetition (case does not matter), the primary one first."""
    listed = an_array(others if others is not None else [], "addresses")
    found: dict[str, str] = {}
    for each in (primary, *listed):
        address = optional_text(each, "address")
        if address is not None:
            found.setdefault(address.lower(), address)
    return tuple(found.values())
