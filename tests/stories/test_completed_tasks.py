"""Recurring tasks go on when they are completed, by whomever, and nothing of them is lost or doubled."""

from __future__ import annotations

from tests.davclient import DAV, child, todo
from tests.oxclient import OX
from tests.stories.test_tasks import DAY, MARCH_1, lines_of
from tests.world import World

GENERATIONS = ("8", "7.8")

DAILY = ("DTSTART;VALUE=DATE:20270301", "DUE;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;COUNT=3")


async def test_a_completed_recurring_task_goes_on_as_another_one(alice: DAV, tasklist: str) -> None:
    """As OX does: the finished task stays, without its rule; the next one is a new resource with what is left of it,
    and with what OX cannot hold."""
    href = child(tasklist, "daily.ics")
    (await alice.put(href, todo("daily", "Daily", *DAILY, "LOCATION:Kitchen", "STATUS:NEEDS-ACTION"))).expect(201)
    token = (await alice.sync(tasklist)).token
    done = (*DAILY, "LOCATION:Kitchen", "STATUS:COMPLETED", "COMPLETED:20270301T120000Z")
    (await alice.put(href, todo("daily", "Daily", *done))).expect(204)
    changes = await alice.sync(tasklist, token)
    assert len(changes.changed) == 2
    finished = lines_of((await alice.get(href)).text)
    assert {"STATUS:COMPLETED", "DUE;VALUE=DATE:20270301", "LOCATION:Kitchen"} <= set(finished)
    assert not any(line.startswith("RRULE") for line in finished)
    (following,) = set(changes.changed) - {href}
    following_lines = set(lines_of((await alice.get(following)).text))
    assert {"DTSTART;VALUE=DATE:20270302", "RRULE:FREQ=DAILY;COUNT=2", "LOCATION:Kitchen"} <= following_lines
    assert not [line for line in following_lines if line.startswith(("COMPLETED", "STATUS:COMPLETED"))]
    again = await alice.sync(tasklist, changes.token)
    assert not again.changed
    assert not again.removed


async def test_clients_that_make_the_next_task_themselves_get_no_second_one(alice: DAV, tasklist: str) -> None:
    """todoman and Apple's Reminders: the finished task loses its rule, another one is made with it."""
    href = child(tasklist, "own.ics")
    (await alice.put(href, todo("own", "Own next", *DAILY))).expect(201)
    token = (await alice.sync(tasklist)).token
    (await alice.put(href, todo("own", "Own next", *DAILY[:2], "STATUS:COMPLETED"))).expect(204)
    (await alice.put(child(tasklist, "own2.ics"), todo("own2", "Own next 2", *DAILY))).expect(201)
    assert len((await alice.sync(tasklist, token)).changed) == 2


async def test_clients_that_move_the_dates_on(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    """Tasks.org: the task stays open and gets the dates of its next occurrence."""
    href = child(tasklist, "shift.ics")
    (await alice.put(href, todo("shift", "Shift", *DAILY))).expect(201)
    token = (await alice.sync(tasklist)).token
    shifted = ("DTSTART;VALUE=DATE:20270302", "DUE;VALUE=DATE:20270302", "RRULE:FREQ=DAILY;COUNT=2")
    (await alice.put(href, todo("shift", "Shift", *shifted))).expect(204)
    assert list((await alice.sync(tasklist, token)).changed) == [href]
    held = await alice_ox.task((await alice_ox.tasks())["shift"])
    assert (held["start_time"], held["occurrences"]) == (MARCH_1 + DAY, 2)


# -- other people ----------------------------------------------------------------------------------------------------


async def test_a_recurring_task_completed_in_ox_goes_on_with_what_ox_does_not_hold(
    world: World, alice: DAV, alice_ox: OX, tasklist: str
) -> None:
    href = child(tasklist, "by web.ics")
    (await alice.put(href, todo("by-web", "By web", *DAILY, "LOCATION:Kitchen", "X-OWN:kept"))).expect(201)
    token = (await alice.sync(tasklist)).token
    await alice_ox.change_task((await alice_ox.tasks())["by-web"], status=3, percent_completed=100)
    changes = await alice.sync(tasklist, token)
    (following,) = set(changes.changed) - {href}
    finished, lines = [set(lines_of((await alice.get(each)).text)) for each in (href, following)]
    assert {"STATUS:COMPLETED", "LOCATION:Kitchen", "X-OWN:kept"} <= finished
    assert {"DTSTART;VALUE=DATE:20270302", "RRULE:FREQ=DAILY;COUNT=2", "LOCATION:Kitchen", "X-OWN:kept"} <= lines
    again = await alice.sync(tasklist, changes.token)
    assert (again.changed, again.removed) == ({}, [])


async def test_two_completions_in_ox_while_the_gateway_was_down(
    world: World, alice: DAV, alice_ox: OX, tasklist: str
) -> None:
    href = child(tasklist, "twice.ics")
    (await alice.put(href, todo("twice", "Twice", *DAILY, "X-OWN:kept"))).expect(201)
    token = (await alice.sync(tasklist)).token
    await alice_ox.change_task((await alice_ox.tasks())["twice"], status=3)
    second = await open_task(alice_ox, "Twice")
    await alice_ox.change_task(second, status=3)
    third = await open_task(alice_ox, "Twice")
    world.restart_gateway()
    async with world.dav() as client:
        changes = await client.sync(tasklist, token)
        assert set(changes.changed) == {href, child(tasklist, f"{second}.ics"), child(tasklist, f"{third}.ics")}
        last = child(tasklist, f"{third}.ics")
        assert "X-OWN:kept" in (await client.get(last)).text
        plain = todo((await alice_ox.task(third))["uid"], "Twice", *DAILY[2:], "DTSTART;VALUE=DATE:20270303")
        (await client.put(last, plain)).expect(204)
    world.restart_gateway()
    async with world.dav() as client:
        assert "X-OWN" not in (await client.get(last)).text


async def test_a_task_that_somebody_else_made_inherits_nothing(alice: DAV, alice_ox: OX, tasklist: str) -> None:
    (await alice.put(child(tasklist, "alike.ics"), todo("alike", "Alike", *DAILY, "X-OWN:kept"))).expect(201)
    token = (await alice.sync(tasklist)).token
    await alice_ox.change_task((await alice_ox.tasks())["alike"], note="changed elsewhere")
    await alice_ox.add_task(
        title="Alike", start_time=MARCH_1 + DAY, end_time=MARCH_1 + DAY, full_time=True, recurrence_type=1, interval=1
    )
    changes = await alice.sync(tasklist, token)
    (other,) = [each for each in changes.changed if "alike" not in each]
    assert "X-OWN" not in (await alice.get(other)).text


async def open_task(ox: OX, title: str) -> str:
    """The id of the one task of that title that is not done."""
    found = [await ox.task(identifier) for identifier in (await ox.tasks()).values()]
    (task,) = [each for each in found if each["title"] == title and each.get("status") != 3]
    return str(task["id"])
