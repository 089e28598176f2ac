"""Who the client is and how it sees this server, behind proxies that are trusted by setting and no others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiohttp import web

from gateway.dav.paths import Base

_HOST = re.compile(r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$")
_PREFIX = re.compile(r"^(/[A-Za-z0-9._~-]+)*/?$")


@dataclass(frozen=True, slots=True)
class Edge:
    """What the settings say of the way to us."""

    trusted: Sequence[IPv4Network | IPv6Network]
    prefix: str

    def trusts(self, peer: str) -> bool:
        return _is_in(peer, tuple(self.trusted))


@lru_cache(maxsize=1024)
def _is_in(peer: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in networks)


def peer_of(request: web.Request) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    return str(peer[0]) if peer else ""


def client_address(request: web.Request, edge: Edge) -> str:
    """The client's address: the last entry of X-Forwarded-For that no trusted proxy wrote of itself."""
    address = peer_of(request)
    if "X-Forwarded-For" not in request.headers:
        return address
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and edge.trusts(address):
        address = hops.pop()
    return address


def base_of(request: web.Request, edge: Edge) -> Base:
    """Origin and prefix as the client sees them. Headers of strangers are ignored."""
    scheme, host, prefix = request.scheme, request.headers.get("Host", ""), edge.prefix
    if edge.trusts(peer_of(request)):
        scheme = _first(request, "X-Forwarded-Proto", {"http", "https"}) or scheme
        host = _matching(request, "X-Forwarded-Host", _HOST) or host
        prefix = prefix or (_matching(request, "X-Forwarded-Prefix", _PREFIX) or "").rstrip("/")
    return Base(origin=f"{scheme}://{host}", prefix=prefix)


def _first(request: web.Request, header: str, allowed: set[str]) -> str | None:
    value = request.headers.get(header, "").split(",")[0].strip().lower()
    return value if value in allowed else None


def _matching(request: web.Request, header: str, pattern: re.Pattern[str]) -> str | None:
    value = request.headers.get(header, "").split(",")[0].strip()
    return value if value and pattern.match(value) else None
