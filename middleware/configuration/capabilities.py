"""The module `capabilities`: what the server offers to a user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.generation import Generation
from middleware.registry import Module

module = Module("capabilities")

CAPABILITIES = (
    "calendar",
    "vcard",
    "edit_group",
    "freebusy",
    "caldav",
    "participants_dialog",
    "ical",
    "edit_public_folders",
    "calendar_chronos",
    "calendar_birthdays",
    "webmail",
    "contacts",
    "read_create_shared_folders",
    "contact_contacts",
    "gab",
    "conflict_handling",
    "carddav",
    "groupware",
    "pim",
    "delegate_tasks",
    "edit_resource",
    "portal",
    "tasks",
)


# What OX 7.8 does not have.
_NEWER = frozenset({"calendar_chronos", "calendar_birthdays", "edit_group", "edit_resource"})

# What a stranger is told.
SERVER_CAPABILITIES = ("caldav", "carddav")


def offered(ox: Context) -> tuple[str, ...]:
    """The capabilities of a user of this server."""
    if ox.settings.generation is Generation.SEVEN:
        return tuple(name for name in CAPABILITIES if name not in _NEWER)
    return (*CAPABILITIES, "app_passwords") if ox.settings.app_passwords else CAPABILITIES


def capability_objects(names: Sequence[str]) -> list[dict[str, Any]]:
    """Capabilities as JSON objects."""
    return [{"id": name, "attributes": {}} for name in names]


@module.action("all")
def all_capabilities(call: Call, ox: Context) -> Result:
    """Every capability."""
    return Result(capability_objects(offered(ox)))


@module.action("get")
def get(call: Call, ox: Context) -> Result:
    """One capability; an answer without data when the server does not have it."""
    name = call.require("id")
    return Result({"id": name, "attributes": {}}) if name in offered(ox) else Result()
