"""The module `apps/manifests`: what the web client reads of the server, without a session too."""

from __future__ import annotations

from middleware.call import Call
from middleware.configuration.capabilities import SERVER_CAPABILITIES, capability_objects, offered
from middleware.context import Context
from middleware.envelope import Result
from middleware.registry import Module
from middleware.sessions import NOBODY

module = Module("apps/manifests", needs_session=False)


@module.action("config")
def config(call: Call, ox: Context) -> Result:
    """Name and version of the server and its capabilities; strangers are told a few of them."""
    known = call.session is not NOBODY
    return Result(
        {
            "productName": "Embedded OX",
            "serverVersion": ox.settings.generation.server_version,
            "hosts": [ox.settings.host],
            "host": "all",
            "prefix": "/ajax",
            "staySignedIn": True,
            "forgotPassword": False,
            "forceHTTPS": False,
            "capabilities": capability_objects(offered(ox) if known else SERVER_CAPABILITIES),
            "languages": [["en_US", "English"]],
        }
    )
