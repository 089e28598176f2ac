"""Task lists: what clients and OX's web interface do with tasks, seen from both sides."""

from __future__ import annotations

import re

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, child, event, todo
from tests.oxclient import OX
from tests.world import World

GENERATIONS = ("8", "7.8")

ONLY_TASKS = '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'
DAY = 24 * 3600 * 1000
MARCH_1 = 1803859200000


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


async def summaries(client: DAV, tasklist: str) -> dict[str, str]:
    """Summary -> href."""
    hrefs = [href for href in (await client.propfind(tasklist, "D:getetag", depth=1)).responses if href != tasklist]
    found = {}
    for href in hrefs:
        text = (await client.get(href)).expect(200).text
        found[re.search("SUMMARY:(.*)\r\n", text)[1]] = href  # type: ignore[index]
    assert len(found) == len(hrefs)
    return found


# -- the list itself -------------------------------------------------------------------------------------------------


async def test_the_list_is_found_as_a_calendar_of_tasks(alice: DAV, tasklist: str) -> None:
    listed = (await alice.propfind(tasklist, "D:resourcetype", "C:supported-calendar-component-set")).only
    (component,) = listed.element("C:supported-calendar-component-set")
    assert component.get("name") == "VTODO"
    home = tasklist.rsplit("/", 2)[0] + "/"
    sets = (await alice.propfind(home, "C:supported-calendar-component-sets")).only
    assert [
        [component.get("name") for component in one] for one in sets.element("C:supported-calendar-component-sets")
    ] == [["VEVENT"], ["VTODO"]]
    inbox = (await alice.propfind(f"{home}inbox/", "CS:schedule-default-tasks-URL")).only
    assert inbox.href_in("CS:schedule-default-tasks-URL") == tasklist


async def test_a_list_is_made_patched_and_deleted(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    href = tasklist.rsplit("/", 2)[0] + "/errands/"
    more = f"{ONLY_TASKS}<A:calendar-color>#FF9500</A:calendar-color><A:calendar-order>7</A:calendar-order>"
    (await alice.mkcalendar(href, "Errands", more=more)).expect(201)
    (await alice.put(child(href, "milk.ics"), todo("milk", "Milk"))).expect(201)
    (await alice.proppatch(href, "<D:set><D:prop><D:displayname>Shopping</D:displayname></D:prop></D:set>")).expect(207)
    shown = (await alice.propfind(href, "D:displayname", "A:calendar-color", "A:calendar-order")).only
    assert [shown.text(name) for name in ("D:displayname", "A:calendar-color", "A:calendar-order")] == [
        "Shopping",
        "#FF9500",
        "7",
    ]
    listed = await alice_ox.call("folders", "allVisible", content_type="tasks", columns="1,300,301")
    assert [row[1:] for row in listed["private"] if row[1] == "Shopping"] == [["Shopping", "tasks"]]
    (await alice.delete(href)).expect(204)
    (await alice.get(child(href, "milk.ics"))).expect(404)


async def test_a_list_holds_one_kind_of_objects(alice: DAV, tasklist: str, calendar: str) -> None:
    home = tasklist.rsplit("/", 2)[0] + "/"
    both = ONLY_TASKS.replace("<C:comp ", '<C:comp name="VEVENT"/><C:comp ')
    refused = (await alice.mkcalendar(f"{home}both/", "Both", more=both)).expect(403)
    assert refused.precondition("C:supported-calendar-component")
    for href, text in ((child(tasklist, "e.ics"), event("e")), (child(calendar, "t.ics"), todo("t"))):
        assert (await alice.put(href, text)).expect(403).precondition("C:supported-calendar-component")


async def test_users_without_tasks_have_no_lists(world: World) -> None:
    unknown = OXError("SVL-0021", "ERROR", "Unknown module.")
    world.ox_server.faults.add(Fault(Kind.ERROR, module="tasks", error=unknown, times=None))
    world.restart_gateway()
    try:
        async with world.dav() as client:
            home = (await client.calendars())["Calendar"].rsplit("/", 2)[0] + "/"
            (await client.propfind(home, "CS:getctag", depth=1)).expect(207)
            assert "Tasks" not in await client.calendars()
            made = await client.mkcalendar(f"{home}todo/", "Todo", more=ONLY_TASKS)
            assert made.expect(403).precondition("C:supported-calendar-component")
    finally:
        world.ox_server.faults.clear()
        world.restart_gateway()


# -- tasks -----------------------------------------------------------------------------------------------------------


async def test_a_task_lives_in_both_worlds(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    href = child(tasklist, "my report.ics")
    text = todo(
        "life",
        "Report",
        "DTSTART;TZID=Europe/Berlin:20270301T090000",
        "DUE;TZID=Europe/Berlin:20270302T170000",
        "PRIORITY:4",
        "LOCATION:Desk",
        "RELATED-TO;RELTYPE=PARENT:somebody",
        "X-APPLE-SORT-ORDER:5",
        "CATEGORIES:Work,Home",
    )
    (await alice.put(href, text, if_none_match="*")).expect(201)
    identifier = (await alice_ox.tasks())["life"]
    held = await alice_ox.task(identifier)
    assert (held["title"], held["priority"], held["full_time"], held["categories"]) == ("Report", 3, False, "Work,Home")
    assert (held["start_time"], held["end_time"]) == (MARCH_1 + 8 * 3600000, MARCH_1 + DAY + 16 * 3600000)
    shown = await alice.get(href)
    assert set(lines_of(text)[4:-3]) - {"DTSTAMP:20270101T000000Z"} <= set(lines_of(shown.text))
    await alice_ox.change_task(identifier, percent_completed=50, status=2)
    changed = await alice.get(href)
    assert changed.etag != shown.etag
    assert {"STATUS:IN-PROCESS", "PERCENT-COMPLETE:50", "LOCATION:Desk", "PRIORITY:4"} <= set(lines_of(changed.text))
    (await alice.put(href, changed.text.replace("Report", "Final report"), if_match=shown.etag or "")).expect(412)
    (await alice.put(href, changed.text.replace("Report", "Final report"), if_match=changed.etag or "")).expect(204)
    assert (await alice_ox.task(identifier))["title"] == "Final report"
    (await alice.delete(href)).expect(204)
    assert "life" not in await alice_ox.tasks()


async def test_what_was_made_elsewhere_is_named_by_its_id(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    identifier = await alice_ox.add_task(title="Elsewhere", full_time=True, end_time=MARCH_1)
    text = (await alice.get(child(tasklist, f"{identifier}.ics"))).expect(200).text
    assert {"SUMMARY:Elsewhere", "DUE;VALUE=DATE:20270301"} <= set(lines_of(text))


async def test_the_same_again_writes_nothing(world: World, alice: DAV, tasklist: str) -> None:
    href = child(tasklist, "same.ics")
    (await alice.put(href, todo("same", "Same", "DUE:20270301T120000Z", "X-MINE:1"))).expect(201)
    before = await alice.get(href)
    for text in (before.text, todo("same", "Same", "DUE:20270301T120000Z", "X-MINE:1")):
        with world.upstream() as calls:
            (await alice.put(href, text, if_match=before.etag or "")).expect(204)
        assert [call.action for call in calls] == ["updates", "list"]
    assert (await alice.get(href)).etag == before.etag


async def test_only_what_ox_cannot_hold_changes(alice: DAV, tasklist: str) -> None:
    href = child(tasklist, "wording.ics")
    (await alice.put(href, todo("wording", "Wording", "X-MINE:1"))).expect(201)
    before, token = await alice.get(href), (await alice.sync(tasklist)).token
    (await alice.put(href, before.text.replace("X-MINE:1", "X-MINE:2"), if_match=before.etag or "")).expect(204)
    after = await alice.get(href)
    assert "X-MINE:2" in after.text
    assert after.etag != before.etag
    assert (await alice.sync(tasklist, token)).changed == {href: after.etag}


async def test_a_uid_is_used_once(alice: DAV, tasklist: str) -> None:
    href, other = child(tasklist, "first.ics"), child(tasklist, "second.ics")
    (await alice.put(href, todo("once"))).expect(201)
    refused = (await alice.put(other, todo("once"))).expect(409, 403)
    assert refused.precondition("C:no-uid-conflict")
    assert href in refused.text
    changed = (await alice.put(href, todo("another"))).expect(409, 403)
    assert changed.precondition("C:no-uid-conflict")


async def test_too_long_a_title_is_cut_in_ox_only(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    href = child(tasklist, "long.ics")
    title = "Ö" * 600
    (await alice.put(href, todo("long", title))).expect(201)
    assert title in (await alice.get(href)).text.replace("\r\n ", "")
    held = (await alice_ox.task((await alice_ox.tasks())["long"]))["title"]
    assert title.startswith(held)
    assert 0 < len(held) < 600


async def test_tasks_move_between_lists(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    other = tasklist.rsplit("/", 2)[0] + "/moved/"
    (await alice.mkcalendar(other, "Moved", more=ONLY_TASKS)).expect(201)
    href, target = child(tasklist, "move.ics"), child(other, "moved here.ics")
    (await alice.put(href, todo("move", "Move", "X-MINE:kept"))).expect(201)
    identifier = (await alice_ox.tasks())["move"]
    here, there = (await alice.sync(tasklist)).token, (await alice.sync(other)).token
    (await alice.move(href, target)).expect(201)
    assert "X-MINE:kept" in (await alice.get(target)).expect(200).text
    assert "move" not in await alice_ox.tasks()
    assert (await alice.sync(tasklist, here)).removed == [href]
    assert list((await alice.sync(other, there)).changed) == [target]
    (await alice.move(target, href)).expect(201)
    assert (await alice_ox.tasks())["move"] == identifier
    (await alice.put(child(other, "in the way.ics"), todo("way"))).expect(201)
    (await alice.move(href, child(other, "in the way.ics"), overwrite="T")).expect(204)
    assert list(await summaries(alice, other)) == ["Move"]


# -- completing ------------------------------------------------------------------------------------------------------


async def test_completing_and_reopening(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    href = child(tasklist, "done.ics")
    (await alice.put(href, todo("done", "Done", "STATUS:NEEDS-ACTION"))).expect(201)
    done = ("STATUS:COMPLETED", "PERCENT-COMPLETE:100", "COMPLETED:20270301T120000Z")
    (await alice.put(href, todo("done", "Done", *done))).expect(204)
    held = await alice_ox.task((await alice_ox.tasks())["done"])
    assert (held["status"], held["percent_completed"], held["date_completed"]) == (3, 100, MARCH_1 + DAY // 2)
    (await alice.put(href, todo("done", "Done", "STATUS:NEEDS-ACTION"))).expect(204)
    held = await alice_ox.task((await alice_ox.tasks())["done"])
    assert (held["status"], held.get("percent_completed") or 0, held.get("date_completed")) == (1, 0, None)
    assert "COMPLETED" not in (await alice.get(href)).text


async def test_a_list_shared_for_reading(alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX) -> None:
    permissions = [
        {"entity": alice_ox.user_id, "group": False, "bits": 403710016},
        {"entity": bob_ox.user_id, "group": False, "bits": 257},
    ]
    await alice_ox.call(
        "folders", "new", {"title": "Read only", "module": "tasks", "permissions": permissions}, folder_id=1
    )
    mine = (await alice.calendars())["Read only"]
    (await alice.put(child(mine, "shared.ics"), todo("shared", "Shared"))).expect(201)
    (theirs,) = [href for name, href in (await bob.calendars()).items() if "Read only" in name]
    (href,) = (await summaries(bob, theirs)).values()
    text = (await bob.get(href)).text
    for answer in (
        await bob.put(href, text.replace("Shared", "Changed")),
        await bob.put(child(theirs, "new.ics"), todo("new-by-bob")),
        await bob.delete(href),
    ):
        assert answer.expect(403).precondition("D:need-privileges")
    assert "SUMMARY:Shared" in (await alice.get(child(mine, "shared.ics"))).text


async def test_a_delegated_task_and_its_answer(alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX, tasklist: str) -> None:
    people = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com")
    (await alice.put(child(tasklist, "delegated.ics"), todo("delegated", "Delegated", *people))).expect(201)
    held = await alice_ox.task((await alice_ox.tasks())["delegated"])
    assert [(each["type"], each.get("id")) for each in held["participants"]] == [(1, bob_ox.user_id)]
    theirs = (await bob.calendars())["Tasks"]
    href = (await summaries(bob, theirs))["Delegated"]
    text = (await bob.get(href)).text
    lines = lines_of(text)
    assert "mailto:bob@example.com" in "".join(lines)
    assert 'ORGANIZER;CN="Alice Archer":mailto:alice@example.com' in lines
    (await bob.put(href, text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED"))).expect(204)
    held = await alice_ox.task((await alice_ox.tasks())["delegated"])
    assert [(each["id"], each["confirmation"]) for each in held["users"]] == [(bob_ox.user_id, 1)]
    assert "PARTSTAT=ACCEPTED" in (await alice.get(child(tasklist, "delegated.ics"))).text


# -- sync ------------------------------------------------------------------------------------------------------------


async def test_two_devices_and_ox_stay_in_step(world: World, alice: DAV, alice_ox: OX, tasklist: str) -> None:
    token = (await alice.sync(tasklist)).token
    href = child(tasklist, "phone.ics")
    (await alice.put(href, todo("phone", "Phone"))).expect(201)
    made = await alice_ox.add_task(title="Web")
    changes = await alice.sync(tasklist, token)
    assert set(changes.changed) == {href, child(tasklist, f"{made}.ics")}
    await alice_ox.delete_task(made)
    (await alice.delete(href)).expect(204)
    async with world.dav() as desk:
        assert set((await desk.sync(tasklist, changes.token)).removed) == {href, child(tasklist, f"{made}.ics")}
    world.restart_gateway()
    async with world.dav() as desk:
        assert {href, child(tasklist, f"{made}.ics")} <= set((await desk.sync(tasklist, changes.token)).removed)


@pytest.mark.parametrize("component", ["VTODO", "VEVENT"])
async def test_queries(alice: DAV, alice_ox: OX, tasklist: str, component: str) -> None:
    open_tasks = (
        f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="{component}">'
        '<C:time-range start="20280301T000000Z" end="20280302T000000Z"/>'
        '<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter></C:comp-filter></C:comp-filter>'
    )
    due, done = child(tasklist, "q-due.ics"), child(tasklist, "q-done.ics")
    (await alice.put(due, todo(f"q-due-{component}", "Due", "DUE:20280301T120000Z"))).expect(201)
    (await alice.put(done, todo(f"q-done-{component}", "X", "DUE:20280301T120000Z", "COMPLETED:20280301T110000Z")))
    later = await alice_ox.add_task(title="Later", full_time=True, end_time=MARCH_1 + 400 * DAY)
    found = set((await alice.query(tasklist, open_tasks)).responses)
    assert child(tasklist, f"{later}.ics") not in found
    assert (due in found) is (component == "VTODO")
    assert done not in found
    for href in (due, done):
        (await alice.delete(href)).expect(204)
    await alice_ox.delete_task(later)


async def test_free_busy_does_not_count_tasks(alice: DAV, tasklist: str) -> None:
    (
        await alice.put(
            child(tasklist, "busy.ics"), todo("busy", "Busy", "DTSTART:20270601T100000Z", "DUE:20270601T120000Z")
        )
    )
    body = (
        '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav">'
        '<C:time-range start="20270601T000000Z" end="20270602T000000Z"/></C:free-busy-query>'
    )
    answer = (await alice.report(tasklist, body)).expect(200)
    assert "FREEBUSY" not in answer.text.replace("VFREEBUSY", "")


# -- what it costs ---------------------------------------------------------------------------------------------------


async def test_writing_costs_little(world: World) -> None:
    async with world.dav() as alice:
        tasklist = (await alice.calendars())["Tasks"]
        await alice.propfind(tasklist, "CS:getctag")
        href = child(tasklist, "cost.ics")
        for act, expected in (
            (alice.put(href, todo("cost", "Cost")), ["updates", "new", "list"]),
            (alice.put(href, todo("cost", "Changed")), ["updates", "list", "update", "list"]),
            (alice.get(href), ["updates"]),
            (alice.delete(href), ["updates", "delete"]),
        ):
            with world.upstream() as calls:
                await act
            assert [call.action for call in calls] == expected
