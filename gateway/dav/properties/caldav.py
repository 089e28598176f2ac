"""Calendars (RFC 4791 5.2), scheduling (RFC 6638) and time zones by name (RFC 7809)."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.dav.context import Context
from gateway.dav.errors import Conflict
from gateway.dav.names import caldav
from gateway.dav.ports import Attachable, Calendar, Makeable, Principal, Resource, ScheduleBox
from gateway.dav.properties.acl import mail_uri
from gateway.dav.properties.model import Live, Setting, live
from gateway.dav.properties.zones import timezone_of_id, timezone_text
from gateway.dav.xml import Element, children, element, escape, escape_attribute, text_of


def _transparent(value: Element) -> bool:
    names = [child.tag for child in children(value)]
    if names == [caldav("transparent")]:
        return True
    if names == [caldav("opaque")]:
        return False
    raise Conflict("schedule-calendar-transp holds opaque or transparent")


@live(caldav("calendar-home-set"), Principal)
async def calendar_home_set(principal: Principal, context: Context) -> str | None:
    return None if principal.calendar_home is None else context.href_element(principal.calendar_home)


@live(caldav("calendar-user-address-set"), Principal)
async def calendar_user_address_set(principal: Principal, context: Context) -> str:
    """Mail addresses, the preferred one marked as Apple's clients know it, and the principal itself."""
    mails = [f"{escape(mail_uri(address))}</D:href>" for address in principal.mail_addresses]
    hrefs = [f"<D:href>{mail}" if place else f'<D:href preferred="1">{mail}' for place, mail in enumerate(mails)]
    return "".join(hrefs) + context.href_element(principal.path)


@live(caldav("calendar-user-type"), Principal)
async def calendar_user_type(principal: Principal, context: Context) -> str:
    return escape(principal.kind)


@live(caldav("schedule-inbox-URL"), Principal)
async def schedule_inbox_url(principal: Principal, context: Context) -> str | None:
    return None if principal.inbox is None else context.href_element(principal.inbox)


@live(caldav("schedule-outbox-URL"), Principal)
async def schedule_outbox_url(principal: Principal, context: Context) -> str | None:
    return None if principal.outbox is None else context.href_element(principal.outbox)


@live(caldav("schedule-default-calendar-URL"), ScheduleBox)
async def schedule_default_calendar_url(box: ScheduleBox, context: Context) -> str | None:
    default = (await context.principal()).default_calendar if box.inbox else None
    return None if default is None else context.href_element(default)


@live(caldav("calendar-description"), Calendar, setting=Setting("description", text_of))
async def calendar_description(calendar: Calendar, context: Context) -> str | None:
    return None if calendar.description is None else escape(calendar.description)


@live(caldav("calendar-timezone"), Calendar, setting=Setting("timezone", timezone_text))
async def calendar_timezone(calendar: Calendar, context: Context) -> str | None:
    return None if calendar.timezone is None else escape(calendar.timezone)


@live(caldav("timezone-service-set"), Calendar, Makeable)
async def timezone_service_set(resource: Resource, context: Context) -> str | None:
    """Empty: zones are those of IANA, from whatever service a client likes (RFC 7809 5.1)."""
    is_for_events = isinstance(resource, Calendar) or resource.path == (await context.principal()).calendar_home
    return "" if is_for_events else None


@live(caldav("calendar-timezone-id"), Calendar, setting=Setting("timezone", timezone_of_id))
async def calendar_timezone_id(calendar: Calendar, context: Context) -> str:
    return escape(calendar.zone)


@live(caldav("schedule-calendar-transp"), Calendar, setting=Setting("transparent", _transparent))
async def schedule_calendar_transp(calendar: Calendar, context: Context) -> str:
    return "<C:transparent/>" if calendar.transparent else "<C:opaque/>"


@live(caldav("supported-calendar-component-set"), Calendar)
async def supported_calendar_component_set(calendar: Calendar, context: Context) -> str:
    return _components(calendar.components)


@live(caldav("supported-calendar-component-sets"), Makeable)
async def supported_calendar_component_sets(home: Makeable, context: Context) -> str | None:
    """What MKCALENDAR can make (draft-daboo-caldav-extensions 4); Apple's clients ask before they offer new lists."""
    sets = [names for names in home.component_sets if "VCARD" not in names]
    return "".join(element(caldav("supported-calendar-component-set"), _components(names)) for names in sets) or None


def _components(names: Iterable[str]) -> str:
    return "".join(f'<C:comp name="{escape_attribute(name)}"/>' for name in sorted(names))


@live(caldav("supported-calendar-data"), Calendar)
async def supported_calendar_data(calendar: Calendar, context: Context) -> str:
    return '<C:calendar-data content-type="text/calendar" version="2.0"/>'


@live(caldav("supported-collation-set"), Calendar)
async def supported_collation_set(calendar: Calendar, context: Context) -> str:
    return "".join(
        f"<C:supported-collation>{name}</C:supported-collation>"
        for name in ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
    )


@live(caldav("max-resource-size"), Calendar)
async def max_resource_size(calendar: Calendar, context: Context) -> str:
    return str(calendar.max_resource_size)


@live(caldav("max-attachment-size"), Attachable)
async def max_attachment_size(calendar: Attachable, context: Context) -> str:
    return str(calendar.max_attachment_size)


@live(caldav("max-attachments-per-resource"), Attachable)
async def max_attachments_per_resource(calendar: Attachable, context: Context) -> str:
    return str(calendar.max_attachments)


@live(caldav("managed-attachments-server-URL"), Makeable)
async def managed_attachments_server_url(home: Makeable, context: Context) -> str | None:
    """Scheme and authority alone: where the credentials of this server may be sent (RFC 8607 6.1)."""
    if not context.tree.keeps_files or home.path != (await context.principal()).calendar_home:
        return None
    return f"<D:href>{escape(context.request.base.origin)}</D:href>"


PROPERTIES: tuple[Live, ...] = (
    calendar_home_set,
    calendar_user_address_set,
    calendar_user_type,
    schedule_inbox_url,
    schedule_outbox_url,
    schedule_default_calendar_url,
    calendar_description,
    calendar_timezone,
    calendar_timezone_id,
    timezone_service_set,
    schedule_calendar_transp,
    supported_calendar_component_set,
    supported_calendar_component_sets,
    supported_calendar_data,
    supported_collation_set,
    max_resource_size,
    max_attachment_size,
    max_attachments_per_resource,
    managed_attachments_server_url,
)
