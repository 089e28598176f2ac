"""What the calendar programs of the market ask for is answered with 200 or 404, never with an error."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.dav.client import Client, clark
from tests.dav.memory import MemoryTree

EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@dataclass(frozen=True)
class Question:
    """``given``: must be there; ``absent``: may be answered 404."""

    client: str
    path: str
    given: str
    absent: str = ""


IOS_COLLECTION_ABSENT = (
    "C:allowed-sharing-modes CS:allowed-sharing-modes A:autoprovisioned M:bulk-requests "
    "C:calendar-free-busy-set C:default-alarm-vevent-date C:default-alarm-vevent-datetime A:language-code "
    "A:location-code CS:pre-publish-url CS:publish-url CS:push-transports CS:pushkey D:quota-available-bytes "
    "D:quota-used-bytes A:refreshrate D:resource-id C:schedule-default-calendar-URL CS:source "
    "CS:subscribed-strip-alarms CS:subscribed-strip-attachments CS:subscribed-strip-todos "
    "C:supported-calendar-component-sets CS:xmpp-server CS:xmpp-uri CS:invite C:max-attendees-per-instance "
    "C:max-image-size CR:me-card CS:me-card CR:directory-gateway"
)

QUESTIONS = [
    Question("iOS", "/", "D:current-user-principal D:resourcetype", "D:principal-URL"),
    Question(
        "iOS",
        "/principals/users/3/",
        "C:calendar-home-set C:calendar-user-address-set D:current-user-principal D:displayname CS:email-address-set "
        "D:principal-collection-set D:principal-URL C:schedule-inbox-URL C:schedule-outbox-URL D:supported-report-set "
        "CR:addressbook-home-set D:group-membership C:calendar-user-type",
        "CS:dropbox-home-URL CS:notification-URL D:resource-id CR:directory-gateway CS:calendar-proxy-read-for "
        "CS:calendar-proxy-write-for",
    ),
    Question(
        "iOS",
        "/calendars/3/31/",
        "A:calendar-color A:calendar-order C:calendar-timezone D:current-user-privilege-set D:displayname CS:getctag "
        "D:owner D:resourcetype C:schedule-calendar-transp C:supported-calendar-component-set D:supported-report-set "
        "D:sync-token C:max-resource-size C:calendar-description D:add-member",
        IOS_COLLECTION_ABSENT,
    ),
    Question(
        "iOS",
        "/addressbooks/3/32/",
        "D:current-user-privilege-set D:displayname CS:getctag D:owner D:resourcetype D:supported-report-set "
        "D:sync-token CR:addressbook-description CR:supported-address-data CR:max-resource-size D:add-member",
        IOS_COLLECTION_ABSENT + " A:calendar-color C:calendar-timezone",
    ),
    Question(
        "macOS", "/calendars/3/inbox/", "D:resourcetype D:displayname C:schedule-default-calendar-URL", "D:sync-token"
    ),
    Question("macOS", "/calendars/3/outbox/", "D:resourcetype D:displayname", "C:supported-calendar-component-set"),
    Question(
        "macOS",
        "/principals/users/4/",
        "D:displayname C:calendar-user-address-set CS:first-name CS:last-name CS:email-address-set D:group-member-set "
        "D:alternate-URI-set",
        "C:calendar-home-set C:schedule-inbox-URL C:schedule-outbox-URL CR:addressbook-home-set",
    ),
    Question(
        "Thunderbird",
        "/",
        "D:resourcetype D:displayname D:current-user-principal D:current-user-privilege-set",
        "D:owner A:calendar-color C:calendar-home-set",
    ),
    Question(
        "Thunderbird",
        "/calendars/3/31/",
        "D:resourcetype D:displayname D:owner D:current-user-principal D:current-user-privilege-set A:calendar-color "
        "C:supported-calendar-component-set D:supported-report-set",
    ),
    Question(
        "DAVx5",
        "/calendars/3/31/",
        "D:resourcetype D:displayname D:current-user-privilege-set C:calendar-description A:calendar-color "
        "C:calendar-timezone C:calendar-timezone-id C:supported-calendar-component-set D:sync-token CS:getctag D:owner",
        "CS:source",
    ),
    Question("DAVx5", "/", "D:current-user-principal D:displayname", "C:calendar-home-set CR:addressbook-home-set"),
    Question(
        "DAVx5",
        "/addressbooks/3/32/",
        "D:resourcetype D:displayname D:current-user-privilege-set CR:addressbook-description "
        "CR:supported-address-data CR:max-resource-size D:supported-report-set CS:getctag D:sync-token",
    ),
    Question("Evolution", "/calendars/3/31/", "D:resourcetype D:displayname CS:getctag D:sync-token", "D:nosuch"),
    Question("KDE", "/addressbooks/3/", "D:displayname D:resourcetype D:current-user-privilege-set", "CS:getctag"),
    Question("vdirsyncer", "/calendars/3/31/a.ics", "D:resourcetype D:getcontenttype D:getetag", "D:displayname"),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.client} {question.path}")
async def test_answers(question: Question, tree: MemoryTree, dav: Client) -> None:
    calendar = tree.calendar
    calendar.store("a.ics", EVENT)
    calendar.order, calendar.description, calendar.timezone = 1, "About", "BEGIN:VCALENDAR"
    tree.book.description = "About"
    answer = await dav.propfind(question.path, f"{question.given} {question.absent}")
    assert answer.status == 207
    assert set(answer.properties(question.path)) == set(map(clark, question.given.split()))
    assert set(answer.properties(question.path, 404)) == set(map(clark, question.absent.split()))


async def test_addresses_of_a_user(dav: Client) -> None:
    path = "/principals/users/3/"
    answer = await dav.propfind(path, "C:calendar-user-address-set CS:email-address-set D:alternate-URI-set")
    addresses = answer.prop(path, "C:calendar-user-address-set")
    texts = [href.text for href in addresses]
    assert texts == ["mailto:alice@example.com", "mailto:a.archer@example.com", "/principals/users/3/"]
    assert [href.get("preferred") for href in addresses] == ["1", None, None]
    mails = [mail.text for mail in answer.prop(path, "CS:email-address-set")]
    assert mails == ["alice@example.com", "a.archer@example.com"]


async def test_members_and_memberships(dav: Client) -> None:
    group = await dav.propfind("/principals/groups/6/", "D:group-member-set C:calendar-user-type")
    members = [href.text for href in group.prop("/principals/groups/6/", "D:group-member-set")]
    assert members == ["/principals/users/3/", "/principals/users/4/"]
    assert group.prop("/principals/groups/6/", "C:calendar-user-type").text == "GROUP"
    alice = await dav.propfind("/principals/users/3/", "D:group-membership")
    assert [href.text for href in alice.prop("/principals/users/3/", "D:group-membership")] == ["/principals/groups/6/"]


async def test_the_default_calendar(dav: Client) -> None:
    answer = await dav.propfind("/calendars/3/inbox/", "C:schedule-default-calendar-URL")
    default = answer.prop("/calendars/3/inbox/", "C:schedule-default-calendar-URL")
    assert default[0].text == "/calendars/3/31/"
    answer = await dav.propfind("/calendars/3/outbox/", "C:schedule-default-calendar-URL")
    assert answer.properties("/calendars/3/outbox/") == {}
