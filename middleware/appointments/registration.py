"""The modules that the actions register with, and what all of them share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from middleware.appointments.errors import wrapped
from middleware.call import Call
from middleware.envelope import Answer
from middleware.errors import OXError
from middleware.registry import Handler, Module

if TYPE_CHECKING:
    from middleware.context import Context

module = Module("calendar")
freebusy_module = Module("freebusy")


def action(name: str, method: str = "GET", *, repeatable: bool = False) -> Callable[[Handler], Handler]:
    """Register an action of the module `calendar`; errors of chronos become those of appointments."""

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def translated(call: Call, ox: Context) -> Answer:
            try:
                return handler(call, ox)
            except OXError as error:
                found = wrapped(error, ox.settings.generation)
                if found is error:
                    raise
                raise found from error

        module.action(name, method, repeatable=repeatable)(translated)
        return handler

    return register
