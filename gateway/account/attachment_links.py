"""Addresses of the files that OX keeps for events and tasks: ``<server>/attachments/<token>/<file name>`` (RFC 8607
3.7).

A token names context, folder, object and file, and is signed with a key of the ledger, so that addresses stay the same
over restarts and replicas and nobody can ask for ids at random. It opens nothing by itself: whoever comes with one has
to sign in as for anything else, and OX decides.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from gateway.account.names import usable
from gateway.dav.paths import Base, Path
from mappings.calendar.attachments import Reference, reference
from mappings.contentline import Component, Property, parse_tree, write_tree

SEGMENT = "attachments"
_SIGNATURE = 12
_NAMELESS = "attachment"


@dataclass(frozen=True, slots=True)
class Address:
    """A file of an event or a task, in a folder in which its user sees that. ``component``: VEVENT or VTODO."""

    folder: str
    file: Reference
    component: str = "VEVENT"


@dataclass(frozen=True, slots=True)
class AttachmentLinks:
    """Makes and reads addresses. ``key``: the ledger's secret; ``context``: of OX; ``base``: how the client of this
    request sees the server."""

    key: bytes
    context: int
    base: Base

    def token(self, address: Address) -> str:
        parts = [str(self.context), address.folder, address.file.event_id, str(address.file.managed_id)]
        if address.component != "VEVENT":
            parts.append(address.component)
        named = "\n".join(parts).encode()
        return base64.urlsafe_b64encode(self._signature(named) + named).decode().rstrip("=")

    def address(self, token: str) -> Address | None:
        """What a token of this context names; None for anything else."""
        try:
            octets = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            signature, named = octets[:_SIGNATURE], octets[_SIGNATURE:]
            if not hmac.compare_digest(signature, self._signature(named)):
                return None
            context, folder, event_id, managed_id, *component = named.decode().split("\n")
        except (binascii.Error, ValueError):
            return None
        address = Address(folder, Reference(event_id, int(managed_id)), *component)
        return address if int(context) == self.context else None

    def _signature(self, named: bytes) -> bytes:
        return hmac.new(self.key, named, hashlib.sha256).digest()[:_SIGNATURE]

    def path(self, address: Address, filename: str) -> Path:
        name = filename.replace("/", "_")
        return (SEGMENT, self.token(address), name if usable(name) else _NAMELESS)

    def published(self, text: str, folder: str) -> str:
        """The text of an object in ``folder`` with the addresses of its files."""
        tree = parse_tree(text)
        for component in _holders(tree):
            for place, prop in enumerate(component.properties):
                file = reference(prop.value) if prop.name == "ATTACH" else None
                if file is not None:
                    path = self.path(Address(folder, file, component.name), prop.param("FILENAME") or _NAMELESS)
                    url = self.base.origin + self.base.href(path, collection=False)
                    component.properties[place] = replace(prop, value=url)
        return write_tree(tree)

    def recognise(self, tree: Component) -> None:
        """Put references in the place of addresses in what a client sent, whatever became of their parameters. The
        address decides, because another server's MANAGED-ID means nothing here. A file of a task in an event, or the
        other way round, stays a link."""
        for component in _holders(tree):
            for place, prop in enumerate(component.properties):
                file = self._file(prop.value, component.name) if prop.name == "ATTACH" else None
                if file is not None:
                    others = [pair for pair in prop.params if pair[0] != "MANAGED-ID"]
                    params = (("MANAGED-ID", (str(file.managed_id),)), *others)
                    component.properties[place] = Property("ATTACH", params, file.uri, prop.group)

    def _file(self, url: str, component: str) -> Reference | None:
        """Host and prefix are not compared: the same server may be seen under several names."""
        try:
            path = urlsplit(url.strip()).path.split("/")
        except ValueError:
            return None
        address = self.address(path[-2]) if path[-3:-2] == [SEGMENT] else None
        return None if address is None or address.component != component else address.file


def _holders(tree: Component) -> list[Component]:
    return [component for component in tree.components if component.name in ("VEVENT", "VTODO")]
