"""Live properties: one function each, in modules by the RFC that defines them.

``LIVE`` is all of them by Clark name; what is not there is a dead property or 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gateway.dav.properties import acl, caldav, calendarserver, carddav, webdav
from gateway.dav.properties.model import Live

LIVE: Mapping[str, Live] = MappingProxyType(
    {prop.name: prop for module in (webdav, acl, caldav, carddav, calendarserver) for prop in module.PROPERTIES}
)
