"""Reports (RFC 3253 3.6), one module each kind. What is not in ``REPORTS`` is refused with DAV:supported-report.

Refused on purpose: acl-principal-prop-set (OX tells folder rights, not ACLs).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gateway.dav.reports.expand_property import ExpandProperty
from gateway.dav.reports.free_busy import FreeBusyQuery
from gateway.dav.reports.multiget import AddressBookMultiget, CalendarMultiget
from gateway.dav.reports.principals import PrincipalMatch, PrincipalPropertySearch, PrincipalSearchPropertySet
from gateway.dav.reports.query import AddressBookQuery, CalendarQuery
from gateway.dav.reports.report import Report
from gateway.dav.reports.sync import SyncCollection

REPORTS: Mapping[str, Report[Any]] = MappingProxyType(
    {
        report.name: report
        for report in (
            CalendarMultiget(),
            CalendarQuery(),
            FreeBusyQuery(),
            AddressBookMultiget(),
            AddressBookQuery(),
            SyncCollection(),
            ExpandProperty(),
            PrincipalPropertySearch(),
            PrincipalSearchPropertySet(),
            PrincipalMatch(),
        )
    }
)
"""Clark name of the root element -> the report."""
