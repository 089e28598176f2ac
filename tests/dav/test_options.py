"""OPTIONS, and methods that are not for what they are sent to."""

from __future__ import annotations

import pytest

from tests.dav.client import Client, clark, xml
from tests.dav.memory import MemoryTree

READING = {"OPTIONS", "GET", "HEAD", "PROPFIND", "REPORT"}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", READING),
        ("/principals/", READING),
        ("/principals/users/3/", READING),
        ("/calendars/3", READING | {"MKCALENDAR", "MKCOL"}),
        ("/calendars/3/31/", READING | {"PROPPATCH", "POST", "DELETE"}),
        ("/calendars/3/31/a.ics", READING | {"PUT", "DELETE", "MOVE", "COPY"}),
        ("/calendars/3/31/new.ics", {"OPTIONS", "PUT"}),
        ("/calendars/3/new/", {"OPTIONS", "MKCALENDAR", "MKCOL"}),
        ("/principals/new", {"OPTIONS"}),
        ("/nosuch/place", {"OPTIONS"}),
    ],
)
async def test_allow_follows_from_the_resource(path: str, methods: set[str], tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", "BEGIN:VCALENDAR")
    answer = await dav("OPTIONS", path)
    assert answer.status == 200
    assert set(answer.headers["Allow"].split(", ")) == methods
    classes = answer.headers["DAV"].split(", ")
    assert {"1", "3", "access-control", "calendar-access", "addressbook", "extended-mkcol"} <= set(classes)
    assert "2" not in classes


@pytest.mark.parametrize("method", ["LOCK", "UNLOCK", "ACL", "PATCH", "NONSENSE"])
async def test_other_methods(method: str, dav: Client) -> None:
    answer = await dav(method, "/calendars/3/31/")
    assert answer.status == 405
    assert "PROPPATCH" in answer.headers["Allow"]


async def test_a_report_nobody_serves(dav: Client) -> None:
    answer = await dav("REPORT", "/calendars/3/31/", xml("A:nosuch", ""))
    assert (answer.status, answer.precondition()) == (403, clark("D:supported-report"))


@pytest.mark.parametrize("body", [b"", b"<"])
async def test_a_report_without_a_request(body: bytes, dav: Client) -> None:
    assert (await dav("REPORT", "/calendars/3/31/", body)).status == 400


async def test_a_report_on_nothing(dav: Client) -> None:
    assert (await dav("REPORT", "/calendars/3/99/", xml("C:calendar-query", ""))).status == 404


@pytest.mark.parametrize("path", ["/principals/", "/calendars/3/31/", "/addressbooks/3/32/"])
async def test_listed_reports_are_elements_of_their_own(path: str, dav: Client) -> None:
    answer = await dav.propfind(path, "D:supported-report-set")
    reports = answer.prop(path, "D:supported-report-set")
    assert len(reports) > 0
    assert all(len(one.findall("D:report/*", {"D": "DAV:"})) == 1 for one in reports)
