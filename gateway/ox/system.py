"""Whether OX answers at all (module ``login``, without a session)."""

from __future__ import annotations

from gateway.ox.errors import OXError
from gateway.ox.transport import Transport


async def reachable(transport: Transport) -> bool:
    """One request that needs no account: OX of any version answers a login without action, with an error envelope.
    False when nothing or a server failure comes back."""
    try:
        reply = await transport.send("GET", "login", {}, write=False)
    except OXError:
        return False
    return reply.status < 500
