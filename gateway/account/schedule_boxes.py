"""Inbox and outbox (RFC 6638 2). OX delivers invitations straight into the calendar, so the inbox stays empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gateway.account.directory import People
from gateway.account.faults import reported
from gateway.account.root import READ_ONLY
from gateway.dav.paths import Path
from gateway.dav.ports import Resource, ScheduleBox, ScheduleOutbox
from gateway.dav.values import Availability, Privilege
from gateway.ox import free_busy as ox
from gateway.ox.errors import OXError, PermissionDenied
from mappings.calendar.busy import Busy
from mappings.calendar.busy_request import FreeBusyRequest
from mappings.calendar.people import address
from mappings.contentline import Property

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

SUCCESS = "2.0;Success"
INVALID_USER = "3.7;Invalid calendar user"
NO_AUTHORITY = "3.8;No authority"
SERVICE_UNAVAILABLE = "5.1;Service unavailable"
NO_SCHEDULING = "5.3;No scheduling support for user"


class Box(ScheduleBox):
    """A scheduling collection without members."""

    display_name = None

    def __init__(self, tree: AccountTree, segment: str) -> None:
        self.path = (*tree.calendar_home, segment)
        self.tree = tree

    @property
    def owner(self) -> Path | None:
        return self.tree.principal

    async def members(self) -> Sequence[Resource]:
        return ()


class Inbox(Box):
    """``/calendars/<user>/inbox/``"""

    inbox = True
    privileges = READ_ONLY | {
        Privilege.SCHEDULE_DELIVER_INVITE,
        Privilege.SCHEDULE_DELIVER_REPLY,
        Privilege.SCHEDULE_QUERY_FREEBUSY,
    }

    def __init__(self, tree: AccountTree) -> None:
        super().__init__(tree, "inbox")


class Outbox(Box, ScheduleOutbox):
    """``/calendars/<user>/outbox/``"""

    inbox = False
    privileges = READ_ONLY | {
        Privilege.SCHEDULE_SEND_INVITE,
        Privilege.SCHEDULE_SEND_REPLY,
        Privilege.SCHEDULE_SEND_FREEBUSY,
    }

    def __init__(self, tree: AccountTree) -> None:
        super().__init__(tree, "outbox")
        self.max_resource_size = tree.account.limits.max_resource_bytes

    async def availability(self, request: FreeBusyRequest) -> Sequence[Availability]:
        account = self.tree.account
        with reported(self.path, Privilege.SCHEDULE_SEND_FREEBUSY):
            people = await account.directory.people()
            recipients = [_recipient(attendee, people) for attendee in request.attendees]
            calls = [
                account.generation.free_busy(one, request.start, request.end, request.masked)
                for one in recipients
                if not isinstance(one, Availability)
            ]
            answers = iter(await account.session.run_all(calls))
        return [one if isinstance(one, Availability) else _availability(next(answers)) for one in recipients]


def _recipient(attendee: Property, people: People) -> Mapping[str, Any] | Availability:
    """Whom OX is to be asked about, or the answer if it is known already. OX would call every group free."""
    person = address(attendee)
    if person is None:
        return Availability(INVALID_USER)
    if "entity" not in person:
        return _by_mail(person, people)
    identifier = str(person["entity"])
    if person["cuType"] == "GROUP":
        return Availability(NO_SCHEDULING if identifier in people.groups else INVALID_USER)
    known: Iterable[str] = people.resources if person["cuType"] == "RESOURCE" else people.users
    return person if identifier in known else Availability(INVALID_USER)


def _by_mail(person: Mapping[str, Any], people: People) -> Mapping[str, Any] | Availability:
    """OX finds users and resources by their mail addresses, and perhaps people of other servers."""
    uri = str(person["uri"])
    if not uri.lower().startswith("mailto:"):
        return Availability(NO_SCHEDULING)
    mail = uri[len("mailto:") :].lower()
    for user in people.users.values():
        if mail in map(str.lower, user.mail_addresses):
            return {"entity": int(user.id)}
    return person


def _availability(answer: ox.FreeBusy | OXError) -> Availability:
    match answer:
        case PermissionDenied():
            return Availability(NO_AUTHORITY)
        case OXError():
            return Availability(SERVICE_UNAVAILABLE)
        case ox.FreeBusy(warning=None):
            return Availability(SUCCESS, tuple(map(_busy, filter(_counts, answer.times))))
        case ox.FreeBusy(warning=ox.NOT_KNOWN):
            return Availability(NO_SCHEDULING)
        case ox.FreeBusy(warning=ox.NO_SUCH_USER):
            return Availability(INVALID_USER)
    return Availability(SERVICE_UNAVAILABLE)


def _counts(time: ox.BusyTime) -> bool:
    return time.kind != "FREE" and time.start < time.end


def _busy(time: ox.BusyTime) -> Busy:
    """A kind that nobody knows means busy (RFC 5545 3.2.9)."""
    kind = time.kind if time.kind in ("BUSY", "BUSY-TENTATIVE", "BUSY-UNAVAILABLE") else "BUSY"
    start, end = (datetime.fromtimestamp(stamp / 1000, UTC) for stamp in (time.start, time.end))
    return Busy(kind, start, end)
