"""Scenarios: what they are and what they need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from middleware.contract.stage import Stage

# The HTTP status by which a server says that it does not have a module.
NO_MODULE: Final = 404

Script = Callable[[Stage], Awaitable[None]]


class Need(Enum):
    """What a server or the command must offer for a scenario; values are what a reader is told."""

    CALENDAR = "the module chronos"
    APPOINTMENTS = "the module calendar"
    CONTACTS = "the capability contacts"
    TASKS = "the capability tasks"
    SECOND_USER = "a second user"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: a name for the command line, what it shows, and its script."""

    name: str
    shows: str
    needs: tuple[Need, ...]
    script: Script


class NotOffered(Exception):
    """The server has not what the scenario looks at; the text names it."""


def scenario(name: str, shows: str, *needs: Need) -> Callable[[Script], Scenario]:
    """Make a scenario of a script."""

    def wrap(script: Script) -> Scenario:
        return Scenario(name, shows, needs, script)

    return wrap
