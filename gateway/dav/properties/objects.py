"""Properties of the members of collections: what differs, what is the same for all, what the collection lends."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate

from gateway.dav.names import dav
from gateway.dav.properties.model import OfEntry
from gateway.dav.values import Entry
from gateway.dav.xml import escape


def http_date(milliseconds: int) -> str:
    """Epoch milliseconds as an HTTP date (RFC 9110 5.6.7)."""
    return formatdate(milliseconds // 1000, usegmt=True)


def _etag(entry: Entry) -> str:
    return escape(entry.etag)


def _content_type(entry: Entry) -> str:
    return escape(entry.content_type)


def _last_modified(entry: Entry) -> str:
    return http_date(entry.modified)


OF_ENTRY: Mapping[str, OfEntry] = {
    prop.name: prop
    for prop in (
        OfEntry(dav("getetag"), _etag),
        OfEntry(dav("getcontenttype"), _content_type),
        OfEntry(dav("getlastmodified"), _last_modified),
    )
}

EMPTY = frozenset({dav("resourcetype"), dav("supportedlock")})
"""Properties that every member has with an empty value; part of allprop."""

LENT = frozenset(
    dav(name)
    for name in (
        "owner",
        "current-user-principal",
        "current-user-privilege-set",
        "principal-collection-set",
        "supported-privilege-set",
        "acl",
        "acl-restrictions",
        "inherited-acl-set",
    )
)
"""Properties whose value is that of the collection: OX knows rights per folder."""
