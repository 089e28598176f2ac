"""Files that OX keeps beside tasks: what clients see of them, and what PUT, POST, MOVE and COPY make of them."""

from __future__ import annotations

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, child, event, todo
from tests.oxclient import OX
from tests.stories.test_attachments import INSIDE, lines_of, path_of
from tests.stories.test_managed_attachments import named, post
from tests.world import World

GENERATIONS = ("8", "7.8")

TASK = 4


async def task_of(ox: OX, uid: str) -> str:
    """The id of the task with a UID."""
    for identifier in (await ox.tasks()).values():
        if (await ox.task(identifier))["uid"] == uid:
            return identifier
    raise AssertionError(uid)


async def files_of(ox: OX, uid: str) -> dict[str, bytes]:
    return await ox.attached(TASK, await ox.task_list(), await task_of(ox, uid))


async def test_a_file_of_ox_is_a_link(world: World, alice: DAV, bob: DAV, alice_ox: OX, tasklist: str) -> None:
    href = child(tasklist, "linked.ics")
    (await alice.put(href, todo("linked"))).expect(201)
    before = (await alice.get(href)).etag
    (number,) = await alice_ox.attach(
        TASK, await alice_ox.task_list(), await task_of(alice_ox, "linked"), ("ä.txt", "text/plain", b"Hello")
    )
    shown = (await alice.get(href)).expect(200)
    assert shown.etag != before
    (line,) = lines_of(shown.text)
    head = f"ATTACH;MANAGED-ID={number};FILENAME=ä.txt;FMTTYPE=text/plain;SIZE=5:{world.url}attachments/"
    assert line.startswith(head)
    answer = (await alice.get(path_of(line))).expect(200)
    assert (answer.body, answer.headers["Content-Type"]) == (b"Hello", "text/plain")
    assert answer.headers["Content-Length"] == "5"
    assert (await alice.get(path_of(line), if_none_match=answer.etag or "")).status == 304
    assert (await bob.get(path_of(line))).status in (403, 404)
    await alice_ox.detach(TASK, await alice_ox.task_list(), await task_of(alice_ox, "linked"), number)
    assert lines_of((await alice.get(href)).text) == []
    assert (await alice.get(path_of(line))).status == 404


async def test_what_files_cost(world: World, alice: DAV, alice_ox: OX, tasklist: str) -> None:
    for number in range(4):
        (await alice.put(child(tasklist, f"cost{number}.ics"), todo(f"cost{number}"))).expect(201)
    hrefs = [child(tasklist, f"cost{number}.ics") for number in range(4)]
    world.restart_gateway()
    async with world.dav("alice") as client:
        await client.propfind(tasklist, "D:getetag", depth=1)
        with world.upstream() as calls:
            await client.multiget(tasklist, hrefs)
        assert [call.module for call in calls].count("attachment") == 0
    for number in (1, 3):
        await alice_ox.attach(
            TASK, await alice_ox.task_list(), await task_of(alice_ox, f"cost{number}"), ("a", "text/plain", b"A")
        )
    async with world.dav("alice") as client:
        with world.upstream() as calls:
            listed = await client.propfind(tasklist, "D:getetag", depth=1)
        assert len(calls) == 1
        assert len(listed.responses) > 4
        with world.upstream() as calls:
            found = await client.multiget(tasklist, hrefs)
        assert len(lines_of(found.text)) == 0
        assert found.text.count("ATTACH;MANAGED-ID") == 2
        assert [call.module for call in calls] == ["tasks", "tasks", "attachment", "attachment"]


async def test_data_inside_a_task_is_a_file_for_ox_and_stays_as_it_was(
    world: World, alice: DAV, alice_ox: OX, tasklist: str
) -> None:
    href = child(tasklist, "inside.ics")
    link = "ATTACH;X-LABEL=l:https://example.com/a"
    (await alice.put(href, todo("inside", "Task", INSIDE, link))).expect(201)
    assert await files_of(alice_ox, "inside") == {"in.txt": b"Inside"}
    shown = (await alice.get(href)).text
    assert lines_of(shown) == [INSIDE, link]
    with world.upstream() as calls:
        (await alice.put(href, shown)).expect(204)
    assert not {"attach", "detach", "update"} & {call.action for call in calls}
    # Another file of OX: clients see links to the files, and their own link stays.
    await alice_ox.attach(
        TASK, await alice_ox.task_list(), await task_of(alice_ox, "inside"), ("b.txt", "text/plain", b"B")
    )
    lines = lines_of((await alice.get(href)).text)
    assert [(await alice.get(path_of(line))).body for line in lines if "MANAGED-ID" in line] == [b"Inside", b"B"]
    assert link in lines
    (await alice.put(href, todo("inside", "Changed", *lines[1:]))).expect(204)
    left = await files_of(alice_ox, "inside")
    assert len(left) == 1
    (await alice.put(href, todo("inside", "Changed", link))).expect(204)
    assert await files_of(alice_ox, "inside") == {}
    assert lines_of((await alice.get(href)).text) == [link]


async def test_add_update_remove(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    href = child(tasklist, "posted.ics")
    (await alice.put(href, todo("posted", "Task", "X-OWN:1", INSIDE))).expect(201)
    assert "POST" in (await alice.request("OPTIONS", href)).headers["Allow"]
    added = await post(
        alice, href, "action=attachment-add", b"One", content_disposition=named("ö.txt"), prefer="return=representation"
    )
    added.expect(201)
    shown = await alice.get(href)
    assert (added.body, added.etag) == (shown.body, shown.etag)
    assert (await alice.get(added.headers["Location"])).expect(200).body == b"One"
    inside, line = lines_of(shown.text)
    assert inside == INSIDE
    managed_id = added.headers["Cal-Managed-ID"]
    assert f"MANAGED-ID={managed_id};FILENAME=ö.txt;FMTTYPE=text/plain;SIZE=3:" in line
    updated = (await post(alice, href, f"action=attachment-update&managed-id={managed_id}", b"Two!")).expect(204)
    newer = updated.headers["Cal-Managed-ID"]
    assert newer != managed_id
    assert await files_of(alice_ox, "posted") == {"in.txt": b"Inside", "ö.txt": b"Two!"}
    (await post(alice, href, f"action=attachment-remove&managed-id={newer}&rid=M")).expect(204)
    text = (await alice.get(href)).text
    assert (lines_of(text), lines_of(text, "X-OWN")) == ([INSIDE], ["X-OWN:1"])
    assert await files_of(alice_ox, "posted") == {"in.txt": b"Inside"}
    refused = await post(alice, href, "action=attachment-add&rid=20270301T080000Z", b"x")
    assert refused.precondition("C:valid-rid")
    refused = await post(alice, href, f"action=attachment-remove&managed-id={newer}")
    assert refused.precondition("C:valid-managed-id")


async def test_files_go_along(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    other = tasklist.rsplit("/", 2)[0] + "/files-elsewhere/"
    only = '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'
    (await alice.mkcalendar(other, "Elsewhere", more=only)).expect(201)
    href = child(tasklist, "go.ics")
    (await alice.put(href, todo("go"))).expect(201)
    (await post(alice, href, "action=attachment-add", b"1", content_disposition=named("1.txt"))).expect(201)
    (line,) = lines_of((await alice.get(href)).text)
    moved = child(other, "go.ics")
    (await alice.move(href, moved)).expect(201)
    (there,) = lines_of((await alice.get(moved)).text)
    assert (await alice.get(path_of(there))).expect(200).body == b"1"
    assert (await alice.get(path_of(line))).expect(200).body == b"1"  # the address from before it moved
    copy = child(tasklist, "copied.ics")
    (await alice.put(copy, todo("copied", "Task", line))).expect(201)
    (await alice.delete(moved)).expect(204)
    (own,) = lines_of((await alice.get(copy)).text)
    assert (await alice.get(path_of(own))).expect(200).body == b"1"
    assert (await alice.get(path_of(line))).status == 404
    refused = await alice.put(child(tasklist, "late.ics"), todo("late", "Task", line))
    assert refused.precondition("C:valid-managed-id-parameter")
    assert (await alice.get(child(tasklist, "late.ics"))).status == 404


async def test_a_file_of_a_task_is_a_link_in_an_event(alice: DAV, alice_ox: OX, tasklist: str, calendar: str) -> None:
    (await alice.put(child(tasklist, "kind.ics"), todo("kind", "Task", INSIDE))).expect(201)
    (await post(alice, child(tasklist, "kind.ics"), "action=attachment-add", b"1")).expect(201)
    line = lines_of((await alice.get(child(tasklist, "kind.ics"))).text)[-1]
    (await alice.put(child(calendar, "kind.ics"), event("kind-event", lines=[line]))).expect(201)
    (shown,) = lines_of((await alice.get(child(calendar, "kind.ics"))).text)
    assert shown == line


NOT_TAKEN: dict[tuple[str, str], tuple[int, str | None]] = {
    ("UPL-0005", "USER_INPUT"): (403, "C:max-attachment-size"),
    ("ATT-0001", "CAPACITY"): (507, "D:quota-not-exceeded"),
    ("ATT-0418", "USER_INPUT"): (403, "C:valid-calendar-data"),
    ("ATT-0422", "SERVICE_DOWN"): (503, None),
    ("ATT-0601", "ERROR"): (502, None),
}
NOT_GIVEN = {("ATT-0404", "SERVICE_DOWN"): 503, ("ATT-0405", "USER_INPUT"): 404, ("ATT-0408", "ERROR"): 404}


@pytest.mark.parametrize(("code", "category"), NOT_TAKEN)
async def test_a_file_that_ox_does_not_take(world: World, alice: DAV, tasklist: str, code: str, category: str) -> None:
    status, precondition = NOT_TAKEN[code, category]
    href = child(tasklist, "untaken.ics")
    world.ox_server.faults.add(Fault(Kind.ERROR, "attachment", "attach", error=OXError(code, category, "No.")))
    answer = await alice.put(href, todo("untaken", "Task", INSIDE))
    world.ox_server.faults.clear()
    assert answer.status == status
    assert precondition is None or answer.precondition(precondition)
    assert (await alice.get(href)).status == 404


@pytest.mark.parametrize(("code", "category"), NOT_GIVEN)
async def test_a_file_that_ox_does_not_give(world: World, alice: DAV, tasklist: str, code: str, category: str) -> None:
    href = child(tasklist, f"ungiven {code}.ics")
    (await alice.put(href, todo(f"ungiven {code}"))).expect(201)
    (await post(alice, href, "action=attachment-add", b"1")).expect(201)
    (line,) = lines_of((await alice.get(href)).text)
    world.ox_server.faults.add(Fault(Kind.ERROR, "attachment", "document", error=OXError(code, category, "No.")))
    answer = await alice.get(path_of(line))
    world.ox_server.faults.clear()
    assert answer.status == NOT_GIVEN[code, category]
