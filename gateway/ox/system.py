"""Module ``system``: whether there is an OX at all."""

from __future__ import annotations

from gateway.ox import envelope
from gateway.ox.errors import OXError
from gateway.ox.transport import Transport


async def reachable(transport: Transport) -> bool:
    """system?action=ping, without a session: any OX envelope will do, also one that demands a session or, from a
    server that has no such module, one that says so. Never raises an OXError."""
    try:
        reply = await transport.send("GET", "system", {"action": "ping"}, write=False)
        return reply.status < 500 and isinstance(envelope.parse(reply.body), dict)
    except OXError:
        return False
