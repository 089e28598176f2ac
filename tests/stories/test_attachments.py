"""Files that OX keeps for events: what clients see of them, and who may fetch them (RFC 8607)."""

from __future__ import annotations

import re

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.world import World

GENERATIONS = ("8", "7.8")


def lines_of(text: str, name: str = "ATTACH") -> list[str]:
    return [line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith(name)]


def path_of(line: str) -> str:
    """The path of the URL that a content line ends with."""
    found = re.search(r":https?://[^/]+(/\S+)$", line)
    assert found, line
    return found[1]


async def test_a_file_of_ox_is_a_link(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    stored = await alice_ox.add_event_with_files(
        ("hello wörld.txt", "text/plain", b"Hello"), uid="file-1", filename="file-1"
    )
    managed_id = stored["attachments"][0]["managedId"]
    href = child(calendar, "file-1.ics")
    (line,) = lines_of((await alice.get(href)).expect(200).text)
    head = f"ATTACH;MANAGED-ID={managed_id};FILENAME=hello wörld.txt;FMTTYPE=text/plain;SIZE=5:{world.url}attachments/"
    assert line.startswith(head)
    answer = (await alice.get(path_of(line))).expect(200)
    assert answer.body == b"Hello"
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Length"] == "5"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"hello w_rld.txt\"; filename*=UTF-8''hello%20w%C3%B6rld.txt"
    )
    assert (await alice.get(path_of(line), if_none_match=answer.etag or "")).status == 304
    head_only = (await alice.request("HEAD", path_of(line))).expect(200)
    assert (head_only.body, head_only.headers["Content-Length"]) == (b"", "5")
    assert (await alice.request("OPTIONS", path_of(line))).headers["Allow"] == "OPTIONS, GET, HEAD"
    assert (await alice.request("DELETE", path_of(line))).status == 405
    world.restart_gateway()
    async with world.dav("alice") as later:
        assert lines_of((await later.get(href)).text) == [line.replace(alice.url, later.url)]
        assert (await later.get(path_of(line))).body == b"Hello"


async def test_ox_decides_who_may_fetch_it(world: World, alice: DAV, bob: DAV, alice_ox: OX, calendar: str) -> None:
    people = [{"cuType": "INDIVIDUAL", "uri": "mailto:bob@example.com"}]
    await alice_ox.add_event_with_files(("a.txt", "text/plain", b"A"), uid="file-2", filename="file-2")
    await alice_ox.add_event_with_files(
        ("b.txt", "text/plain", b"B"), uid="file-3", filename="file-3", attendees=people
    )
    mine, ours = [
        path_of(lines_of((await alice.get(child(calendar, f"file-{number}.ics"))).text)[0]) for number in (2, 3)
    ]
    assert (await bob.get(mine)).status in (403, 404)
    assert (await bob.get(ours)).expect(200).body == b"B"
    async with DAV(world.url, "", "") as nobody:
        assert (await nobody.get(ours)).status == 401
    _, _, token, name = ours.split("/")
    for wrong in ("", token[:-2], "A" + token[1:], token[4:], "é", "%0a", "a" * 5000):
        assert (await alice.get(f"/attachments/{wrong}x/{name}")).status in (400, 404)


async def test_a_put_keeps_and_removes_files(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    files = (("a.txt", "text/plain", b"A"), ("b.txt", "text/plain", b"B"))
    stored = await alice_ox.add_event_with_files(*files, uid="file-4", filename="file-4")
    href = child(calendar, "file-4.ics")
    text = (await alice.get(href)).text
    with world.upstream() as calls:
        (await alice.put(href, text)).expect(204)
    assert "update" not in {call.action for call in calls}
    first, second = lines_of(text)
    url = first.partition(":")[2]
    changed = event("file-4", "Changed", lines=[f"ATTACH;X-OWN=1:{url}"])
    (await alice.put(href, changed)).expect(204)
    (line,) = lines_of((await alice.get(href)).text)
    assert "X-OWN=1" in line
    assert line.endswith(url)
    held = await alice_ox.event("file-4")
    assert [each["managedId"] for each in held["attachments"]] == [stored["attachments"][0]["managedId"]]
    assert (await alice.get(path_of(second))).status == 404
    (await alice.put(href, event("file-4"))).expect(204)
    assert "attachments" not in await alice_ox.event("file-4")


@pytest.mark.parametrize("kind", ["text/html", "no type", "text/plain\r\nX-Evil: 1"])
async def test_a_file_is_never_shown_as_a_page(alice: DAV, alice_ox: OX, calendar: str, kind: str) -> None:
    uid = f"kind-{len(kind)}"
    await alice_ox.add_event_with_files(("x.html", kind, b"<script>"), uid=uid, filename=uid)
    (line,) = lines_of((await alice.get(child(calendar, f"{uid}.ics"))).text)
    answer = (await alice.get(path_of(line))).expect(200)
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Disposition"].startswith("attachment")


INSIDE = "ATTACH;FMTTYPE=text/plain;X-FILENAME=in.txt;ENCODING=BASE64;VALUE=BINARY:SW5zaWRl"


async def test_data_inside_an_object_is_a_file_for_ox_and_stays_as_it_was(
    world: World, alice: DAV, alice_ox: OX, calendar: str
) -> None:
    href = child(calendar, "inside.ics")
    text = event("inside", lines=[INSIDE, "ATTACH:https://example.com/a"])
    (await alice.put(href, text)).expect(201)
    (file, *links) = (await alice_ox.event("inside"))["attachments"]
    assert (file["filename"], file["fmtType"], file["size"]) == ("in.txt", "text/plain", 6)
    assert [link["uri"] for link in links] == ["https://example.com/a"] * (world.generation == "8")
    shown = (await alice.get(href)).text
    assert lines_of(shown) == [INSIDE, "ATTACH:https://example.com/a"]
    with world.upstream() as calls:
        (await alice.put(href, shown)).expect(204)
    assert not {"update", "attach", "detach"} & {call.action for call in calls}
    # Links to elsewhere do not matter for that, but once OX has other files, clients see what it has.
    if links:
        await alice_ox.change_event(await alice_ox.event("inside"), attachments=[file])
        assert lines_of((await alice.get(href)).text) == [INSIDE]
    held = await alice_ox.event("inside")
    await alice_ox.attach(1, held["folder"].rpartition("/")[2], held["id"], ("b.txt", "text/plain", b"B"))
    lines = lines_of((await alice.get(href)).text)
    kept = [line for line in lines if "MANAGED-ID" in line]
    assert [(await alice.get(path_of(line))).expect(200).body for line in kept] == [b"Inside", b"B"]
    assert len(lines) == (2 if links else 3)


async def test_data_that_is_too_large(world: World, alice: DAV, calendar: str) -> None:
    data = "QUFB" * (3600 * 1024)
    answer = await alice.put(
        child(calendar, "l.ics"), event("l", lines=[f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{data}"])
    )
    assert answer.status == 403
    assert answer.precondition("C:max-attachment-size")


async def test_files_go_along_into_another_event(alice: DAV, bob: DAV, alice_ox: OX, calendar: str) -> None:
    await alice_ox.add_event_with_files(("a.txt", "text/plain", b"A"), uid="from", filename="from")
    href = child(calendar, "from.ics")
    (line,) = lines_of((await alice.get(href)).text)
    copy = child(calendar, "copy.ics")
    (await alice.put(copy, event("copy", lines=[line, INSIDE]))).expect(201)
    first, second = (await alice_ox.event("copy"))["attachments"]
    assert (first["filename"], first["fmtType"], first["size"], second["size"]) == ("a.txt", "text/plain", 1, 6)
    (await alice.delete(href)).expect(204)
    shown = lines_of((await alice.get(copy)).text)
    assert f"MANAGED-ID={first['managedId']};" in shown[0]
    assert (await alice.get(path_of(shown[0]))).expect(200).body == b"A"
    refused = await alice.put(child(calendar, "other.ics"), event("other", lines=[line]))
    assert refused.status == 403
    assert refused.precondition("C:valid-managed-id-parameter")
    theirs = (await bob.calendars())["Calendar"]
    foreign = await bob.put(child(theirs, "stolen.ics"), event("stolen", lines=[shown[0]]))
    assert foreign.precondition("C:valid-managed-id-parameter")
    assert (await alice.get(child(calendar, "other.ics"))).status == 404


async def test_a_series_keeps_its_files_in_overridden_instances(alice: DAV, alice_ox: OX, calendar: str) -> None:
    fields = {"uid": "series", "filename": "series", "rrule": "FREQ=DAILY;COUNT=3"}
    await alice_ox.add_event_with_files(("a.txt", "text/plain", b"A"), **fields)
    href = child(calendar, "series.ics")
    (line,) = lines_of((await alice.get(href)).text)
    master = event("series", lines=["RRULE:FREQ=DAILY;COUNT=3", line])
    instance = event("series", "Moved", start="20270302T120000", lines=["RECURRENCE-ID:20270302T080000Z", line, INSIDE])
    inner = instance[instance.index("BEGIN:VEVENT") : instance.index("END:VCALENDAR")]
    (await alice.put(href, master.replace("END:VCALENDAR", f"{inner}END:VCALENDAR"))).expect(204)
    shown = lines_of((await alice.get(href)).text)
    assert shown[2] == INSIDE
    for each in shown[:2]:
        assert (await alice.get(path_of(each))).expect(200).body == b"A"
    events = [each for each in await alice_ox.events() if each["uid"] == "series"]
    assert sorted(len(each["attachments"]) for each in events) == [1, 2]


async def test_a_managed_id_of_another_server_is_none_here(
    world: World, alice: DAV, alice_ox: OX, calendar: str
) -> None:
    (await alice.put(child(calendar, "own.ics"), event("own", lines=[INSIDE]))).expect(201)
    (file,) = (await alice_ox.event("own"))["attachments"]
    url = "https://dav.example.com/attachments/MS0zMS0xMi0x/h.txt"
    line = f"ATTACH;MANAGED-ID={file['managedId']};FILENAME=h.txt;SIZE=5:{url}"
    href = child(calendar, "foreign.ics")
    (await alice.put(href, event("foreign", lines=[line]))).expect(201)
    assert lines_of((await alice.get(href)).text) == [line]
    links = (await alice_ox.event("foreign")).get("attachments", ())
    assert [link["uri"] for link in links] == [url] * (world.generation == "8")


async def test_one_server_under_two_names(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    await alice_ox.add_event_with_files(("a.txt", "text/plain", b"A"), uid="names", filename="names")
    href = child(calendar, "names.ics")
    here = (await alice.get(href)).text
    there = (await alice.request("GET", href, headers={"Host": "dav.example.org"})).text
    assert lines_of(there) == [line.replace(world.url, "http://dav.example.org/") for line in lines_of(here)]
    with world.upstream() as calls:
        (await alice.put(href, there)).expect(204)
    assert "update" not in {call.action for call in calls}
    assert (await alice.get(href)).text == here


async def test_a_file_that_ox_finds_too_large(world: World, alice: DAV, calendar: str) -> None:
    error, module, action = OXError("CAL-5070", "TRUNCATED", "Too large."), "chronos", "new"
    if world.generation == "7.8":
        error, module, action = OXError("UPL-0005", "USER_INPUT", "Too large."), "attachment", "attach"
    world.ox_server.faults.add(Fault(Kind.ERROR, module, action, error=error))
    answer = await alice.put(child(calendar, "refused.ics"), event("refused-file", lines=[INSIDE]))
    world.ox_server.faults.clear()
    assert answer.status == 403
    assert answer.precondition("C:max-attachment-size")
    assert (await alice.get(child(calendar, "refused.ics"))).status == 404
