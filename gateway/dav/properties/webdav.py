"""Properties of WebDAV itself (RFC 4918 15), of reports (RFC 3253 3.1.5) and sync (RFC 6578 4)."""

from __future__ import annotations

from gateway.dav.context import Context
from gateway.dav.errors import Conflict
from gateway.dav.names import dav
from gateway.dav.ports import AddressBook, Calendar, ObjectCollection, Principal, Resource, ScheduleBox, Synced
from gateway.dav.properties.model import Live, Setting, live
from gateway.dav.xml import Element, element, escape, text_of


def _display_name(value: Element) -> str:
    text = text_of(value)
    if not text:
        raise Conflict("a collection needs a name")
    return text


@live(dav("displayname"), Resource, in_allprop=True, setting=Setting("display_name", _display_name, removable=False))
async def displayname(resource: Resource, context: Context) -> str | None:
    name = resource.display_name
    return None if name is None else escape(name)


@live(dav("resourcetype"), Resource, in_allprop=True)
async def resourcetype(resource: Resource, context: Context) -> str:
    content = "<D:collection/>" if resource.is_collection else ""
    match resource:
        case Principal():
            content += "<D:principal/>"
        case Calendar():
            content += "<C:calendar/>"
        case AddressBook():
            content += "<CR:addressbook/>"
        case ScheduleBox(inbox=True):
            content += "<C:schedule-inbox/>"
        case ScheduleBox():
            content += "<C:schedule-outbox/>"
    return content


@live(dav("supportedlock"), Resource, in_allprop=True)
async def supportedlock(resource: Resource, context: Context) -> str:
    """Empty: nothing can be locked (class 2 is not offered)."""
    return ""


@live(dav("supported-report-set"), Resource)
async def supported_report_set(resource: Resource, context: Context) -> str:
    from gateway.dav.reports import REPORTS  # the reports are written with these properties

    return "".join(
        f"<D:supported-report><D:report>{element(name)}</D:report></D:supported-report>"
        for name, report in REPORTS.items()
        if report.applies(resource)
    )


@live(dav("sync-token"), Synced)
async def sync_token(collection: Synced, context: Context) -> str:
    return escape(await collection.sync_token())


@live(dav("add-member"), ObjectCollection)
async def add_member(collection: ObjectCollection, context: Context) -> str:
    """Where members are added by POST (RFC 5995 3.2.1): the collection itself."""
    return context.href_element(collection.path)


PROPERTIES: tuple[Live, ...] = (displayname, resourcetype, supportedlock, supported_report_set, sync_token, add_member)
