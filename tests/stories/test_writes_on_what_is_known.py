"""PUT and DELETE do not ask OX first whether anything has changed: OX itself refuses what is out of date."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, card, child, event
from tests.oxclient import OX


async def test_a_write_of_ones_own_hides_no_earlier_change_of_others(
    alice: DAV, alice_ox: OX, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.account.synced.WINDOW", 0)
    for uid in ("known-a", "known-b"):
        (await alice.put(child(calendar, f"{uid}.ics"), event(uid))).expect(201)
    token = (await alice.sync(calendar)).token
    await alice_ox.change_event(await alice_ox.event("known-b"), summary="Changed elsewhere")
    (await alice.put(child(calendar, "known-a.ics"), event("known-a", "Mine"))).expect(204)
    changed = (await alice.sync(calendar, token)).changed
    assert {href.rpartition("/")[2] for href in changed} == {"known-a.ics", "known-b.ics"}


async def test_what_has_changed_meanwhile_is_neither_deleted_nor_replaced(
    alice: DAV, alice_ox: OX, calendar: str
) -> None:
    href = child(calendar, "known-c.ics")
    (await alice.put(href, event("known-c"))).expect(201)
    etag = (await alice.get(href)).headers["ETag"]
    await alice_ox.change_event(await alice_ox.event("known-c"), summary="Changed elsewhere")
    (await alice.delete(href, if_match=etag)).expect(412)
    (await alice.put(href, event("known-c", "Mine"), if_match=etag)).expect(412)
    assert "SUMMARY:Changed elsewhere" in (await alice.get(href)).text
    await alice_ox.change_event(await alice_ox.event("known-c"), summary="Changed again")
    (await alice.delete(href)).expect(204)
    (await alice.get(href)).expect(404)


async def test_what_changed_meanwhile_is_changed_back_when_that_is_what_was_sent(
    alice: DAV, alice_ox: OX, calendar: str
) -> None:
    href, mine = child(calendar, "known-k.ics"), event("known-k", "Mine")
    (await alice.put(href, mine)).expect(201)
    etag = (await alice.get(href)).headers["ETag"]
    await alice_ox.change_event(await alice_ox.event("known-k"), summary="Changed elsewhere")
    (await alice.put(href, mine, if_match=etag)).expect(412)
    assert (await alice_ox.event("known-k"))["summary"] == "Changed elsewhere"
    (await alice.put(href, mine)).expect(204)
    assert (await alice_ox.event("known-k"))["summary"] == "Mine"


async def test_a_second_change_in_a_row_builds_on_the_first(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "known-l.ics")
    lines = ["RRULE:FREQ=DAILY;COUNT=5", "X-MOOD:fine"]
    for number in range(3):
        await alice.put(href, event("known-l", f"Change {number}", lines=[*lines, f"X-NUMBER:{number}"]))
        stored = await alice_ox.event("known-l")
        assert (stored["summary"], stored["rrule"]) == (f"Change {number}", "FREQ=DAILY;COUNT=5")
        assert f"X-NUMBER:{number}" in (await alice.get(href)).text
    await alice_ox.change_event(await alice_ox.event("known-l"), location="Elsewhere")
    await alice.sync(calendar)
    (await alice.put(href, event("known-l", "Last change", lines=lines))).expect(204)
    stored = await alice_ox.event("known-l")
    assert (stored["summary"], stored.get("location")) == ("Last change", None)


async def test_what_was_deleted_meanwhile_is_created_or_missing(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "known-d.ics")
    (await alice.put(href, event("known-d"))).expect(201)
    await alice_ox.delete_event(await alice_ox.event("known-d"))
    (await alice.delete(href)).expect(404)
    (await alice.put(href, event("known-d"))).expect(201)
    await alice_ox.delete_event(await alice_ox.event("known-d"))
    (await alice.put(href, event("known-d", "Again"))).expect(201)
    assert "SUMMARY:Again" in (await alice.get(href)).text


async def test_what_was_created_meanwhile_is_not_created_again(alice: DAV, alice_ox: OX, calendar: str) -> None:
    await alice.sync(calendar)
    await alice_ox.add_event(uid="known-f", summary="Made elsewhere")
    href = child(calendar, "known-f.ics")
    (await alice.put(href, event("known-f", "Mine"), if_none_match="*")).expect(412)
    assert "SUMMARY:Made elsewhere" in (await alice.get(href)).text
    await alice_ox.add_event(uid="known-g", summary="Made elsewhere")
    href = child(calendar, "known-g.ics")
    (await alice.put(href, event("known-g", "Mine"))).expect(204)
    assert "SUMMARY:Mine" in (await alice.get(href)).text


async def test_of_two_events_with_one_name_and_different_uids_none_is_lost(
    alice: DAV, alice_ox: OX, calendar: str
) -> None:
    token = (await alice.sync(calendar)).token
    await alice_ox.add_event(uid="known-h", summary="Made elsewhere", filename="known-i")
    await alice.put(child(calendar, "known-i.ics"), event("known-i", "Mine"))
    (await alice.put(child(calendar, "known-j.ics"), event("another uid", "Mine as well"), if_none_match="*")).expect(
        201
    )
    changed = (await alice.sync(calendar, token)).changed
    texts = [(await alice.get(href)).text for href in changed]
    assert sorted(line for text in texts for line in text.split("\r\n") if line.startswith("SUMMARY:")) == [
        "SUMMARY:Made elsewhere",
        "SUMMARY:Mine",
        "SUMMARY:Mine as well",
    ]


async def test_an_instance_changed_meanwhile_keeps_its_series(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "known-e.ics")
    (await alice.put(href, event("known-e", "Series", lines=["RRULE:FREQ=DAILY;COUNT=5"]))).expect(201)
    etag = (await alice.get(href)).headers["ETag"]
    master = await alice_ox.event("known-e")
    occurrence = {"folder": master["folder"], "id": master["id"], "recurrenceId": "Europe/Berlin:20270303T090000"}
    for summary in ("Made elsewhere", "Changed elsewhere"):
        change = {"event": {"summary": summary}}
        await alice_ox.call("chronos", "update", change, **occurrence, timestamp=2**52)
        (await alice.delete(href, if_match=etag)).expect(412)
        (await alice.put(href, event("known-e", "Mine"), if_match=etag)).expect(412)
        answer = await alice.get(href)
        assert f"SUMMARY:{summary}" in answer.text
        etag = answer.headers["ETag"]


async def test_a_contact_that_changed_meanwhile_is_neither_deleted_nor_replaced(
    alice: DAV, alice_ox: OX, book: str
) -> None:
    href = child(book, "known-card.vcf")
    (await alice.put(href, card("known-card"))).expect(201)
    etag = (await alice.get(href)).headers["ETag"]
    row = await alice_ox.contact((await alice_ox.contacts())["known-card"])
    change = {"note": "Changed elsewhere"}
    await alice_ox.call("contacts", "update", change, folder=row["folder_id"], id=row["id"], timestamp=2**52)
    (await alice.delete(href, if_match=etag)).expect(412)
    (await alice.put(href, card("known-card", "NOTE:mine"), if_match=etag)).expect(412)
    assert "NOTE:Changed elsewhere" in (await alice.get(href)).text
    await alice_ox.call("contacts", "update", {"note": "2"}, folder=row["folder_id"], id=row["id"], timestamp=2**52)
    (await alice.put(href, card("known-card", "NOTE:mine"))).expect(204)
    assert "NOTE:mine" in (await alice.get(href)).text
    gone = [{"folder": row["folder_id"], "id": row["id"]}]
    await alice_ox.call("contacts", "delete", gone, timestamp=2**52)
    (await alice.delete(href)).expect(404)
    (await alice.put(href, card("known-card", "NOTE:again"))).expect(201)
    assert "NOTE:again" in (await alice.get(href)).text


async def test_a_deletion_of_ones_own_hides_no_earlier_change_of_others(alice: DAV, alice_ox: OX, book: str) -> None:
    for uid in ("known-one", "known-two"):
        (await alice.put(child(book, f"{uid}.vcf"), card(uid))).expect(201)
    token = (await alice.sync(book)).token
    row = await alice_ox.contact((await alice_ox.contacts())["known-two"])
    change = {"note": "Changed elsewhere"}
    await alice_ox.call("contacts", "update", change, folder=row["folder_id"], id=row["id"], timestamp=2**52)
    (await alice.delete(child(book, "known-one.vcf"))).expect(204)
    answer = await alice.sync(book, token)
    assert {href.rpartition("/")[2] for href in answer.changed} == {"known-two.vcf"}
    assert {href.rpartition("/")[2] for href in answer.removed} == {"known-one.vcf"}
