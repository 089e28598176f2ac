"""POST to events: files added, replaced and removed by clients that know RFC 8607."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, Answer, child, event
from tests.oxclient import OX
from tests.stories.test_attachments import INSIDE, lines_of, path_of
from tests.world import World

GENERATIONS = ("8", "7.8")


async def post(client: DAV, href: str, query: str, data: bytes = b"", **headers: str) -> Answer:
    sent = {"Content-Type": "text/plain", **{name.replace("_", "-").title(): value for name, value in headers.items()}}
    return await client.request("POST", f"{href}?{query}", data, sent)


def named(filename: str) -> str:
    return f'attachment; filename="{filename}"'


async def test_what_clients_are_told(alice: DAV, calendar: str) -> None:
    (await alice.put(child(calendar, "told.ics"), event("told"))).expect(201)
    options = await alice.request("OPTIONS", child(calendar, "told.ics"))
    classes = {each.strip() for each in options.headers["DAV"].split(",")}
    assert "calendar-managed-attachments" in classes
    assert "calendar-managed-attachments-no-recurrence" not in classes
    assert "POST" in options.headers["Allow"]
    found = (await alice.propfind(calendar, "C:max-attachment-size", "C:max-attachments-per-resource")).only
    assert (found.text("C:max-attachment-size"), found.text("C:max-attachments-per-resource")) == ("10485760", "100")
    home = (await alice.propfind("/calendars/3/", "C:managed-attachments-server-URL")).only
    assert home.href_in("C:managed-attachments-server-URL") == alice.url.rstrip("/")


async def test_add_update_remove(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "posted.ics")
    (await alice.put(href, event("posted", lines=["X-OWN:1", "COMMENT;X-A=1:kept"]))).expect(201)
    added = await post(
        alice, href, "action=attachment-add", b"One", content_disposition=named("ö.txt"), prefer="return=representation"
    )
    added.expect(201)
    shown = await alice.get(href)
    assert (added.body, added.etag) == (shown.body, shown.etag)
    assert added.headers["Content-Location"] == href
    assert (await alice.get(added.headers["Location"])).expect(200).body == b"One"
    (line,) = lines_of(shown.text)
    managed_id = added.headers["Cal-Managed-ID"]
    assert f"MANAGED-ID={managed_id};FILENAME=ö.txt;FMTTYPE=text/plain;SIZE=3:" in line
    assert (await alice.get(path_of(line))).body == b"One"
    updated = (await post(alice, href, f"action=attachment-update&managed-id={managed_id}", b"Two!")).expect(204)
    assert updated.etag is None
    newer = updated.headers["Cal-Managed-ID"]
    assert newer != managed_id
    (line,) = lines_of((await alice.get(href)).text)
    assert f"MANAGED-ID={newer};FILENAME=ö.txt;FMTTYPE=text/plain;SIZE=4:" in line
    assert (await alice.get(path_of(line))).body == b"Two!"
    gone = await post(alice, href, f"action=attachment-remove&managed-id={newer}")
    assert "Cal-Managed-ID" not in gone.expect(204).headers
    text = (await alice.get(href)).text
    assert lines_of(text) == []
    assert lines_of(text, "X-OWN") == ["X-OWN:1"]
    assert lines_of(text, "COMMENT") == ["COMMENT;X-A=1:kept"]
    assert "attachments" not in await alice_ox.event("posted")


async def test_what_a_client_wrote_stays_beside_a_posted_file(alice: DAV, calendar: str) -> None:
    href = child(calendar, "beside.ics")
    link = "ATTACH;X-LABEL=a:https://example.com/a"
    (await alice.put(href, event("beside", lines=[INSIDE, link, "SUMMARY;LANGUAGE=de:Hallo"]))).expect(201)
    (await post(alice, href, "action=attachment-add", b"1", content_disposition=named("1.txt"))).expect(201)
    lines = lines_of((await alice.get(href)).text)
    assert {INSIDE, link} < set(lines)
    assert len(lines) == 3


async def test_files_of_instances(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "rid.ics")
    master = event("rid", lines=["RRULE:FREQ=DAILY;COUNT=4", "X-OWN;X-P=1:1"])
    instance = event("rid", "Moved", start="20270302T120000", lines=["RECURRENCE-ID:20270302T080000Z"])
    inner = instance[instance.index("BEGIN:VEVENT") : instance.index("END:VCALENDAR")]
    (await alice.put(href, master.replace("END:VCALENDAR", f"{inner}END:VCALENDAR"))).expect(201)

    async def held() -> dict[str, list[str]]:
        events = [each for each in await alice_ox.events() if each["uid"] == "rid"]
        return {
            each["startDate"]["value"]: sorted(one["filename"] for one in each.get("attachments", ()))
            for each in events
        }

    async def add(name: str, rid: str = "") -> str:
        query = f"action=attachment-add{rid and '&rid=' + rid}"
        answer = await post(alice, href, query, name.encode(), content_disposition=named(name))
        return answer.expect(201).headers["Cal-Managed-ID"]

    one = await add("new", "20270303T080000Z")
    assert await held() == {"20270301T090000": [], "20270302T120000": [], "20270303T090000": ["new"]}
    text = (await alice.get(href)).text
    assert text.count("BEGIN:VEVENT") == 3
    assert text.count("X-OWN;X-P=1:1") == 2
    both = await add("both", "M,20270302T080000Z")
    assert await held() == {"20270301T090000": ["both"], "20270302T120000": ["both"], "20270303T090000": ["new"]}
    await add("all")
    assert await held() == {
        "20270301T090000": ["all", "both"],
        "20270302T120000": ["all", "both"],
        "20270303T090000": ["all", "new"],
    }
    (await post(alice, href, f"action=attachment-remove&managed-id={one}&rid=20270303T080000Z")).expect(204)
    (await post(alice, href, f"action=attachment-update&managed-id={both}", b"x")).expect(204)
    (await post(alice, href, f"action=attachment-remove&managed-id={both}")).expect(403)
    everywhere = next(line for line in lines_of((await alice.get(href)).text) if "FILENAME=all" in line)
    number = everywhere.partition("MANAGED-ID=")[2].partition(";")[0]
    (await post(alice, href, f"action=attachment-remove&managed-id={number}&rid=20270304T080000Z")).expect(204)
    assert (await held())["20270304T090000"] == ["both"]
    (await post(alice, href, f"action=attachment-remove&managed-id={number}")).expect(204)
    assert await held() == {
        "20270301T090000": ["both"],
        "20270302T120000": ["both"],
        "20270303T090000": [],
        "20270304T090000": ["both"],
    }


@pytest.mark.parametrize(
    ("query", "headers", "precondition"),
    [
        ("action=attachment-paint", {}, "valid-action"),
        ("action=", {}, "valid-action"),
        ("action=attachment-remove", {}, "valid-managed-id"),
        ("action=attachment-remove&managed-id=999999", {}, "valid-managed-id"),
        ("action=attachment-remove&managed-id=x", {}, "valid-managed-id"),
        ("action=attachment-update&managed-id=", {}, "valid-managed-id"),
        ("action=attachment-add&managed-id=1", {}, "valid-managed-id"),
        ("action=attachment-add&rid=20270301T080000Z", {}, "valid-rid"),
        ("action=attachment-add&rid=yesterday", {}, "valid-rid"),
        ("action=attachment-update&managed-id=1&rid=M", {}, "valid-rid"),
        ("action=attachment-add", {"content_disposition": named("..")}, "valid-filename"),
        ("action=attachment-add", {"content_disposition": named("a\tb")}, "valid-filename"),
        ("action=attachment-add", {"content_disposition": named("x" * 300)}, "valid-filename"),
    ],
)
async def test_what_is_refused(
    alice: DAV, alice_ox: OX, calendar: str, query: str, headers: dict[str, str], precondition: str
) -> None:
    href = child(calendar, "refused.ics")
    await alice.put(href, event("refused"))
    before = await alice_ox.event("refused")
    answer = await post(alice, href, query, b"data", **headers)
    assert answer.status == 403
    assert answer.precondition(f"C:{precondition}"), answer.text
    assert await alice_ox.event("refused") == before


async def test_who_may_and_when(world: World, alice: DAV, bob: DAV, alice_ox: OX, calendar: str) -> None:
    people = [
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE:mailto:alice@example.com",
        "ATTENDEE:mailto:bob@example.com",
    ]
    href = child(calendar, "meet.ics")
    (await alice.put(href, event("meet", lines=people))).expect(201)
    stale = await post(alice, href, "action=attachment-add", b"x", if_match='"old"')
    assert stale.status == 412
    theirs = child((await bob.calendars())["Calendar"], "meet.ics")
    refused = await post(bob, theirs, "action=attachment-add", b"x")
    assert refused.status == 403
    assert refused.precondition("D:need-privileges")
    large = await post(alice, href, "action=attachment-add", b"x" * (10 * 1024 * 1024 + 1))
    assert (large.status, large.precondition("C:max-attachment-size")) == (403, True)
    (await post(alice, href, "action=attachment-add", b"agenda", content_disposition=named("agenda.txt"))).expect(201)
    (line,) = lines_of((await bob.get(theirs)).text)
    assert (await bob.get(path_of(line))).expect(200).body == b"agenda"
    assert (await post(alice, child(calendar, "none.ics"), "action=attachment-add", b"x")).status == 404
    assert (await post(alice, href, "", b"x")).status == 405
