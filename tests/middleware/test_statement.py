"""Statements made ready once do what SQLAlchemy does with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from middleware.contacts.tables import contacts
from middleware.statement import Statement, one_of
from middleware.store import Store

ROW = {
    "id": 1,
    "folder": 7,
    "uid": "one",
    "created": 2**40,
    "created_by": 3,
    "modified": 2**40,
    "modified_by": 3,
    "user_id": None,
    "picture_type": None,
    "picture_modified": None,
    "fields": {"note": "ä", "list": [1, None]},
}
ADD = Statement(insert(contacts))
ALL = Statement(select(contacts).order_by(contacts.c.id))
NAMED = Statement(select(contacts.c.uid.label("called")).where(one_of(contacts.c.id, "ids")).order_by(contacts.c.id))
IN_SEVEN = Statement(select(contacts.c.id).where((contacts.c.folder == 7) & (contacts.c.uid == bindparam("wanted"))))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open()
    yield opened
    opened.close()


def test_rows_come_back_as_they_were_stored(store: Store) -> None:
    with store.writing() as connection:
        assert ADD.run(connection, **ROW) == 1
        (row,) = ALL.all(connection)
        assert row._asdict() == ROW
        assert connection.execute(select(contacts)).one()._asdict() == ROW
        assert IN_SEVEN.scalar(connection, wanted="one") == 1
        assert IN_SEVEN.scalar(connection, wanted="two") is None


def test_a_list_may_be_of_any_length(store: Store) -> None:
    with store.writing() as connection:
        for number in range(1, 2001):
            ADD.run(connection, **{**ROW, "id": number, "uid": str(number)})
        found = NAMED.all(connection, ids=list(range(1500, 5000)))
        assert [row.called for row in found] == [str(number) for number in range(1500, 2001)]
        assert NAMED.all(connection, ids=[]) == []


def test_only_the_named_columns_change(store: Store) -> None:
    change = Statement(update(contacts).where(contacts.c.id == bindparam("contact")))
    with store.writing() as connection:
        ADD.run(connection, **ROW)
        assert change.run(connection, contact=1, uid="two", fields={}) == 1
        assert change.run(connection, contact=2, uid="two", fields={}) == 0
        assert ALL.first(connection)._asdict() == {**ROW, "uid": "two", "fields": {}}
        assert Statement(delete(contacts).where(contacts.c.id == bindparam("contact"))).run(connection, contact=1) == 1
        assert ALL.first(connection) is None


def _interrupted(store: Store) -> None:
    with store.writing() as connection:
        ADD.run(connection, **ROW)
        raise LookupError


def test_it_is_undone_with_its_transaction(store: Store) -> None:
    with pytest.raises(LookupError):
        _interrupted(store)
    with store.reading() as connection:
        assert ALL.all(connection) == []


@pytest.mark.parametrize("wrong", [{"contact": 1}, {"contact": 1, "uid": "x", "fields": {}}, {"contact": 1, "note": 2}])
def test_other_parameters_are_refused(store: Store, wrong: dict[str, object]) -> None:
    """SQLite would pass over a column that was not there the first time."""
    change = Statement(update(contacts).where(contacts.c.id == bindparam("contact")))
    with store.writing() as connection:
        change.run(connection, contact=1, uid="two")
        with pytest.raises(TypeError, match="parameters"):
            change.run(connection, **wrong)
