"""The index: names and their collisions, deletions, pieces that change their resource, digests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.account.event_sync import filename_for, found, lost
from gateway.account.index import WINDOW, Found, Index, Lost, Member, Piece
from gateway.account.names import Names, usable
from gateway.ledger.ledger import Ledger

Event = dict[str, object]


@pytest.fixture
async def ledger() -> AsyncIterator[Ledger]:
    opened = await Ledger.open("sqlite+aiosqlite://")
    yield opened
    await opened.close()


@pytest.fixture
async def names(ledger: Ledger) -> Names:
    return await Names.load(ledger, "2/3", "cal://0/31")


@pytest.fixture
def index(names: Names) -> Index:
    return Index(names, ".ics", "life")


def event(event_id: str, stamp: int, **fields: object) -> Event:
    start = {"value": "20270301T090000Z"}
    return {
        "id": event_id,
        "timestamp": stamp,
        "uid": f"uid-{event_id}",
        "startDate": start,
        "endDate": start,
        **fields,
    }


def see(index: Index, *events: Event, gone: tuple[Event, ...] = (), whole: bool = False) -> None:
    index.apply(map(found, events), map(lost, gone), whole=whole)


def shown(index: Index) -> dict[str, str]:
    return {member.name: index.etag(member) for member in index}


def names_of(index: Index) -> dict[str, str]:
    return {member.key: member.name for member in index}


def test_names_come_from_the_file_name_then_the_uid_then_the_id(index: Index) -> None:
    see(index, event("1", 10, filename="mine"), event("2", 10), event("3", 10, uid=None), event("4", 10, uid="a/b"))
    assert sorted(shown(index)) == ["3.ics", "4.ics", "mine.ics", "uid-2.ics"]


def test_of_two_with_one_name_the_second_gets_another_that_stays(index: Index) -> None:
    see(index, event("1", 10, uid="same"))
    see(index, event("2", 20, uid="same"))
    assert sorted(shown(index)) == ["2.ics", "same.ics"]
    see(index, event("2", 30, uid="same"), gone=(event("1", 30, uid="same"),))
    assert list(shown(index)) == ["2.ics"]


async def test_a_name_given_after_a_collision_lasts(ledger: Ledger, names: Names, index: Index) -> None:
    see(index, event("1", 10, uid="same"), event("2", 20, uid="same"))
    await names.save()
    again = Index(await Names.load(ledger, "2/3", "cal://0/31"), ".ics", "life")
    see(again, event("2", 20, uid="same"), event("1", 10, uid="same"))
    assert shown(again) == shown(index)


async def test_a_promised_name_is_kept_across_a_crash(ledger: Ledger, names: Names) -> None:
    await names.promise("uid-7", "wish")
    reborn = await Names.load(ledger, "2/3", "cal://0/31")
    index = Index(reborn, ".ics", "life")
    see(index, event("7", 10))
    assert list(shown(index)) == ["wish"]
    await reborn.save()
    assert (await ledger.names("2/3", "cal://0/31")).current == {"7": "wish"}


async def test_a_withdrawn_promise_leaves_nothing(ledger: Ledger, names: Names) -> None:
    await names.promise("uid-7", "wish")
    await names.withdraw("uid-7")
    assert (await ledger.names("2/3", "cal://0/31")).current == {}


def test_an_older_answer_changes_nothing(index: Index) -> None:
    see(index, event("1", 20))
    before = shown(index), index.state
    see(index, event("1", 10))
    see(index, gone=(event("1", 15),))
    assert (shown(index), index.state) == before


def test_what_was_deleted_does_not_come_back_with_an_older_answer(index: Index) -> None:
    see(index, event("1", 10))
    see(index, gone=(event("1", 20),))
    see(index, event("1", 10))
    assert shown(index) == {}
    see(index, event("1", 30))
    assert list(shown(index)) == ["uid-1.ics"]


def test_found_wins_over_lost(index: Index) -> None:
    see(index, event("1", 10), gone=(event("1", 10),))
    assert list(shown(index)) == ["uid-1.ics"]
    assert all(mark.digest for mark in index.marks(0))


def test_an_instance_that_joins_another_series_leaves_its_former_one(index: Index) -> None:
    see(index, event("1", 10, seriesId="1"), event("2", 10, seriesId="1", uid="uid-1"))
    before = shown(index)
    see(index, event("2", 20, seriesId="9", uid="uid-9"))
    assert sorted(shown(index)) == ["uid-1.ics", "uid-9.ics"]
    assert shown(index)["uid-1.ics"] != before["uid-1.ics"]


def test_a_changed_file_name_removes_the_old_name(index: Index) -> None:
    see(index, event("1", 10, filename="old"))
    see(index, event("1", 20, filename="new"))
    assert list(shown(index)) == ["new.ics"]
    told = [index.told_by(mark) for mark in index.marks(0) if not mark.digest]
    assert told == ["old.ics"]


def test_a_former_name_is_told_with_one_change_only(index: Index) -> None:
    see(index, event("1", 10, filename="old"))
    see(index, event("1", 20, filename="new"))
    see(index, event("1", 30, filename="new"))
    assert [mark.stamp for mark in index.marks(0) if not mark.digest] == [20]


def test_a_whole_listing_removes_what_it_does_not_show(index: Index) -> None:
    see(index, event("1", 10), event("2", 20))
    see(index, event("2", 20), whole=True)
    assert list(shown(index)) == ["uid-2.ics"]


def test_the_state_depends_on_nothing_but_ids_stamps_and_names(names: Names) -> None:
    one, other = Index(names, ".ics", "life"), Index(names, ".ics", "life")
    see(one, event("1", 10), event("2", 20), event("3", 30))
    see(one, event("1", 40), gone=(event("3", 40),))
    see(other, event("2", 20), event("1", 40))
    assert one.state == other.state
    assert shown(one) == shown(other)
    see(other, event("2", 50))
    assert one.state != other.state


def test_deletions_are_remembered_up_to_a_bound(index: Index) -> None:
    see(index, gone=tuple(event(str(number), number + 1) for number in range(4001)))
    marks = list(index.marks(0))
    assert len(marks) == 2000
    assert min(mark.stamp for mark in marks) > index.remembers_since > 0


def test_residue_takes_part_in_the_etag(names: Names) -> None:
    one = Index(names, ".vcf", "life")
    one.apply([Found(Piece("1", 10), "1", "u", None)])
    plain = shown(one)
    one.apply([Found(Piece("1", 10, residue=10), "1", "u", None)])
    assert shown(one) != plain
    other = Index(names, ".vcf", "another life")
    other.apply([Found(Piece("1", 10, residue=10), "1", "u", None)])
    assert shown(one) != shown(other)


def test_an_undated_deletion_counts_from_the_newest_stamp(names: Names) -> None:
    index = Index(names, ".vcf", "life")
    index.apply([Found(Piece("1", 10), "1", None, None), Found(Piece("2", 5000), "2", None, None)], [])
    index.apply([], [Lost("1"), Lost("unknown")])
    assert [(mark.stamp, mark.key) for mark in index.marks(0) if not mark.digest] == [(5000, "1")]
    assert index.settled == 5000 - WINDOW


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\nb", "a\x7fb", "x" * 256, "\ud800"])
def test_names_that_cannot_be_segments(name: str) -> None:
    assert not usable(name)


@pytest.mark.parametrize(
    ("name", "filename"), [("a.ics", "a"), ("a b.ics.ics", "a b.ics"), ("a", None), (".ics", None)]
)
def test_file_names(name: str, filename: str | None) -> None:
    assert filename_for(name) == filename


async def test_a_name_that_was_freed_goes_to_the_one_that_is_meant(names: Names, index: Index) -> None:
    """Sync tells of both: the new holder changed when the former one went."""
    see(index, event("1", 10, filename="mine"), event("2", 12, filename="other"))
    names.note("1", "other.ics")
    see(index, event("1", 14, filename="mine"))
    assert names_of(index) == {"1": "mine.ics", "2": "other.ics"}
    index.apply((), [lost(event("2", 20, filename="other"))])
    index.rename("1", "other.ics")
    assert names_of(index) == {"1": "other.ics"}
    assert {index.told_by(mark) if not mark.digest else mark.key for mark in index.marks(20)} == {"1", "mine.ics"}


def test_a_name_of_a_deletion_that_another_resource_has_now(index: Index) -> None:
    index.apply([found(event("1", 10, filename="mine"))], [lost(event("2", 20, filename="mine"))])
    (mark,) = index.marks(20)
    assert (mark.key, mark.stamp) == ("1", 20)


def test_a_resource_named_after_its_uid_keeps_the_uid_under_another_name() -> None:
    member = Member("1", "u.ics", "u", (Piece("1", 5),), 5)
    assert (member.uid, member.own_uid == "u") == ("u", False)
    member.rename("v.ics")
    assert (member.uid, member.own_uid) == ("u", "u")
    member.rename("u.vcf")
    assert (member.uid, member.own_uid == "u") == ("u", False)
    member.uid = None
    assert member.uid is None
    assert Member("1", "as named.ics", "as named", (), 5).uid == "as named"
    assert Member("1", "other.ics", "".join(["as ", "named"]), (), 5).uid == "as named"


def test_a_resource_is_found_by_its_uid_whatever_its_name(index: Index) -> None:
    see(index, event("1", 10), event("2", 10, filename="mine"), event("3", 10, uid="as named", filename="other"))
    keys = {uid: member.key for uid in ("uid-1", "uid-2", "as named") if (member := index.with_uid(uid))}
    assert keys == {"uid-1": "1", "uid-2": "2", "as named": "3"}
    assert index.with_uid("uid-3") is None
    see(index, event("2", 20, filename="mine", uid="another"), gone=(event("3", 20),))
    assert index.with_uid("uid-2") is index.with_uid("as named") is None
    assert index.with_uid("another") is index.keyed("2")
    see(index, event("4", 30, uid="late", filename="late one"))
    assert index.with_uid("late") is index.keyed("4")


def test_a_uid_that_two_resources_have_leads_to_the_one_that_is_left(index: Index) -> None:
    see(index, event("1", 10, uid="twice", filename="a"), event("2", 10, uid="twice", filename="b"))
    first = index.with_uid("twice")
    assert first is not None
    see(index, gone=(event(first.key, 20),))
    left = index.with_uid("twice")
    assert left is not None
    assert left is not first
    see(index, gone=(event(left.key, 30),))
    assert index.with_uid("twice") is None
