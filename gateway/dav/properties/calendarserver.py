"""What Apple's Calendar Server and calendar programs added, as far as clients ask for it."""

from __future__ import annotations

import re

from gateway.dav.context import Context
from gateway.dav.errors import Conflict
from gateway.dav.names import apple, calendarserver
from gateway.dav.ports import Calendar, ObjectCollection, Principal, ScheduleBox, Synced
from gateway.dav.properties.model import Live, Setting, live
from gateway.dav.xml import Element, element, escape, text_of
from mappings.colors import hex_color


def _color(value: Element) -> str:
    """Names of CSS become digits: most clients know nothing else."""
    found = hex_color(text_of(value))
    if found is None:
        raise Conflict("a colour is #RRGGBB, #RRGGBBAA or a name of CSS")
    return found


def _order(value: Element) -> int:
    text = text_of(value)
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise Conflict("an order is a whole number")
    return int(text)


@live(calendarserver("getctag"), Synced)
async def getctag(collection: Synced, context: Context) -> str:
    return escape(await collection.ctag())


@live(calendarserver("email-address-set"), Principal)
async def email_address_set(principal: Principal, context: Context) -> str:
    name = calendarserver("email-address")
    return "".join(element(name, escape(address)) for address in principal.mail_addresses)


@live(calendarserver("first-name"), Principal)
async def first_name(principal: Principal, context: Context) -> str | None:
    return None if principal.first_name is None else escape(principal.first_name)


@live(calendarserver("last-name"), Principal)
async def last_name(principal: Principal, context: Context) -> str | None:
    return None if principal.last_name is None else escape(principal.last_name)


@live(calendarserver("schedule-default-tasks-URL"), ScheduleBox)
async def schedule_default_tasks_url(box: ScheduleBox, context: Context) -> str | None:
    """Where Apple's clients put new reminders."""
    default = (await context.principal()).default_tasks if box.inbox else None
    return None if default is None else context.href_element(default)


@live(apple("calendar-color"), Calendar, setting=Setting("color", _color))
async def calendar_color(calendar: Calendar, context: Context) -> str | None:
    return None if calendar.color is None else escape(calendar.color)


@live(apple("calendar-order"), ObjectCollection, setting=Setting("order", _order))
async def calendar_order(collection: ObjectCollection, context: Context) -> str | None:
    return None if collection.order is None else str(collection.order)


PROPERTIES: tuple[Live, ...] = (
    getctag,
    email_address_set,
    first_name,
    last_name,
    schedule_default_tasks_url,
    calendar_color,
    calendar_order,
)
