"""The module `system`: is the server there, and who am I."""

from __future__ import annotations

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.registry import Module
from middleware.sessions import session_members

module = Module("system")


@module.action("ping")
def ping(call: Call, ox: Context) -> Result:
    """Whether the server answers."""
    return Result(True)


@module.action("whoami")
def whoami(call: Call, ox: Context) -> Result:
    """The session in use, as the login answered it."""
    return Result(session_members(call.session))
