"""OX's answers are not trusted: whatever comes, a decoder answers in shape or raises one of OX's errors."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ox import capabilities, chronos, config, contacts, directory, folders, tasks
from gateway.ox.call import Answer, Call, Upload
from gateway.ox.chronos import EventId
from gateway.ox.contact_columns import COLUMNS
from gateway.ox.errors import DeletionsOnly, Fault, Malformed, OXError, ResourceConflict

IMAGE = Upload("p.png", "image/png", b"x")
EVENT = EventId("cal://0/31", "1")

CALLS: list[Call[Any]] = [
    folders.visible("event"),
    folders.create("1", "event", "Work", folders.coloured("#ff0000")),
    folders.update("cal://0/31", {"title": "Work"}, 5),
    folders.delete(["cal://0/31"], 5),
    chronos.updates("cal://0/31", 0, ["id", "timestamp"]),
    chronos.events_by_id([EVENT]),
    chronos.get(EVENT),
    chronos.resolve("1"),
    chronos.all_events(["cal://0/31"], "20270101T000000Z", "20280101T000000Z"),
    chronos.create("cal://0/31", {"summary": "x"}),
    chronos.update("cal://0/31", "1", 5, {"summary": "x"}, "20270101T000000Z", "none"),
    chronos.update_attendee("cal://0/31", "1", 5, {"partStat": "ACCEPTED"}),
    chronos.set_alarms("cal://0/31", "1", 5, "3", []),
    chronos.move("cal://0/31", "1", "cal://0/32", 5),
    chronos.delete([EVENT], 5),
    contacts.updates("32", 0, ["uid"]),
    contacts.updates_without_deletions("32", 0, ["uid"]),
    contacts.ids("32"),
    contacts.by_id("32", ["1"]),
    contacts.search(["=", {"field": "uid"}, "x"], ["32"]),
    contacts.create("32", {}),
    contacts.create_with_image("32", {}, IMAGE),
    contacts.update("32", "1", 5, {}),
    contacts.update_with_image("32", "1", 5, {}, IMAGE),
    contacts.delete("32", ["1"], 5),
    contacts.picture("/ajax/contacts/picture?action=get&contact_id=1&folder_id=32"),
    tasks.updates("33", 0, ["uid"]),
    tasks.by_id("33", ["1"]),
    tasks.get("33", "1"),
    tasks.create("33", {}),
    tasks.update("33", "1", 5, {}),
    tasks.confirm("33", "1", 5, {"confirmation": 1}),
    tasks.delete("33", "1", 5),
    directory.me(),
    directory.user(),
    directory.users(),
    directory.groups(),
    directory.resources(),
    config.default_folders(),
    config.tombstone_timespan(),
    capabilities.capabilities(),
]

MEMBERS = st.sampled_from(
    [
        "id",
        "folder",
        "folder_id",
        "folderId",
        "timestamp",
        "newAndModified",
        "deleted",
        "created",
        "updated",
        "conflicts",
        "error",
        "code",
        "events",
        "private",
        "shared",
        "permissions",
        "own_rights",
        "type",
        "last_modified_utc",
        "distribution_list",
        "user_id",
        "members",
        "aliases",
        "timespan",
        folders.EXTENDED,
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("31")
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(data=JSON, stamp=st.none() | st.integers())
def test_any_payload(data: Any, stamp: int | None) -> None:
    for call in CALLS:
        with contextlib.suppress(OXError):
            call.decode(Answer(data, stamp))


def row(**values: Any) -> list[Any]:
    return [values.get(name) for name in folders.COLUMNS.values()]


def folder_row(**values: Any) -> list[Any]:
    return row(**{"id": "cal://0/31", "title": "Calendar", "type": 1, "own_rights": 403710016, **values})


def visible(*rows: Any) -> tuple[folders.Folder, ...]:
    return folders.visible("event").decode(Answer({"private": list(rows)}))


def test_a_folder_as_recorded() -> None:
    extended = {"color": {"value": "#FF2968FF"}, "scheduleTransp": {"value": "OPAQUE", "protected": "true"}}
    values = {
        "created_by": 3,
        "module": "calendar",
        "permissions": [{"identifier": "3", "bits": 403710016, "entity": 3, "group": False}],
        "standard_folder": True,
        "subscribed": True,
        "standard_folder_type": 2,
        "supported_capabilities": ["search", "sync"],
        "used_for_sync": {"value": "true", "protected": "true"},
        "last_modified_utc": 1795324556265,
        "folder_id": "1",
        folders.EXTENDED: extended,
        folders.PROVIDER: "chronos",
    }
    (folder,) = visible(folder_row(**values))
    assert folder.id == "cal://0/31"
    assert folder.own_rights == folders.Rights(64, 64, 64, 64, True)
    assert folder.owner == "3"
    assert folder.color == "#FF2968FF"
    assert not folder.schedule_transparent
    assert folder.used_for_sync
    assert folder.capabilities == {"search", "sync"}
    assert folder.account_error is None


def test_what_a_folder_may_lack() -> None:
    (folder,) = visible(folder_row(**{folders.EXTENDED: {"color": {}}, "used_for_sync": {"value": "false"}}))
    assert folder.color is None
    assert not folder.used_for_sync
    assert folder.subscribed
    assert folder.owner is None


def test_a_folder_of_a_broken_account() -> None:
    error = {"error": "x", "code": "CAL-4010", "categories": "USER_INPUT"}
    (folder,) = visible(folder_row(**{"com.openexchange.calendar.accountError": error}))
    assert folder.account_error is not None
    assert folder.account_error.code == "CAL-4010"


def test_a_shifted_row_is_refused() -> None:
    with pytest.raises(Malformed):
        visible(folder_row()[:-1])


@given(st.integers(0, 2**29 - 1))
def test_rights_and_bits(bits: int) -> None:
    assert folders.Rights.from_bits(bits).bits() == bits


def test_an_id_is_a_string_whatever_it_was() -> None:
    answer = Answer(
        {"newAndModified": [{"id": 7, "folder": "cal://0/31", "seriesId": 6, "timestamp": "5"}], "deleted": []}
    )
    (event,) = chronos.updates("cal://0/31", 0).decode(answer).changed
    assert event == {"id": "7", "folder": "cal://0/31", "seriesId": "6", "timestamp": 5}


def test_unknown_events_are_none_in_their_place() -> None:
    call = chronos.events_by_id([EventId("cal://0/31", "1"), EventId("cal://0/31", "2")])
    first, second = call.decode(Answer([None, {"id": "2"}]))
    assert first is None
    assert second == {"id": "2"}
    with pytest.raises(Malformed):
        call.decode(Answer([{"id": "2"}]))


def test_a_double_booked_resource() -> None:
    with pytest.raises(ResourceConflict) as raised:
        chronos.create("cal://0/31", {}).decode(Answer({"conflicts": [{"hard_conflict": True}]}))
    assert raised.value.conflicts == ({"hard_conflict": True},)


def test_outcomes_of_deletions_come_in_the_order_of_the_request() -> None:
    error = {"error": "x", "code": "CAL-4041", "categories": "USER_INPUT", "error_params": []}
    nothing: dict[str, list[Any]] = {"created": [], "updated": [], "deleted": []}
    entries = [
        {"folderId": "cal://0/31", "id": "2", "timestamp": 0, "error": error},
        {"folderId": "cal://0/31", "id": 1, "recurrenceId": "20270101", "timestamp": 9, **nothing},
        {"folderId": "cal://0/31", "id": "1", "timestamp": 8, **nothing},
    ]
    asked = [EVENT, EventId("cal://0/31", "1", "20270101"), EventId("cal://0/31", "2")]
    first, second, third = chronos.delete(asked, 5).decode(Answer(entries))
    assert first.written is not None
    assert first.written.stamp == 8
    assert second.written is not None
    assert second.written.stamp == 9
    assert third.error is not None
    assert third.error.code == "CAL-4041"
    with pytest.raises(Malformed):
        chronos.delete([EventId("cal://0/31", "7")], 5).decode(Answer(entries))


def test_contacts_and_deletions_in_one_list() -> None:
    call = contacts.updates("32", 0, ["uid"])
    assert call.params["columns"] == "1,20,6,223"
    result = call.decode(Answer([[40, "88", 5, None], "39", 38], 5))
    assert result.rows == ({"id": "40", "folder_id": "88", "last_modified_utc": 5},)
    assert result.deleted_ids == ("39", "38")
    assert call.decode(Answer([])) == contacts.ContactUpdates((), (), None)


def test_the_interval_that_contacts_cannot_answer() -> None:
    call = contacts.updates("32", 0, ["uid"])
    assert isinstance(call.refine(OXError(Fault("SVL-0011", "ERROR"))), DeletionsOnly)
    other = OXError(Fault("SVL-0009", "ERROR"))
    assert call.refine(other) is other


def test_members_of_a_list_have_ids_as_strings() -> None:
    member = {"id": 8, "folder_id": 32, "mail": "a@example.com", "mail_field": 1}
    call = contacts.by_id("32", ["1"], ["distribution_list"])
    (contact,) = call.decode(Answer([[1, 32, 5, [member]]]))
    assert contact["distribution_list"] == [{"id": "8", "folder_id": "32", "mail": "a@example.com", "mail_field": 1}]


def test_columns_are_unique() -> None:
    assert len(set(COLUMNS.values())) == len(COLUMNS)


def test_contacts_that_were_not_deleted() -> None:
    call = contacts.delete("32", ["1"], 5)
    call.decode(Answer({}))
    call.decode(Answer([]))
    with pytest.raises(Malformed):
        call.decode(Answer(["1"]))


@pytest.mark.parametrize(
    ("url", "module", "params"),
    [
        (
            "/ajax/contacts/picture?action=get&contact_id=37&folder_id=32&timestamp=5",
            "contacts/picture",
            {"contact_id": "37", "folder_id": "32", "timestamp": "5"},
        ),
        ("https://evil.example/x/contacts/picture?action=get&id=a%2Fb", "contacts/picture", {"id": "a/b"}),
        (
            "/appsuite/api/image/contact/picture?folder=31&id=8&session=abc",
            "image/contact/picture",
            {"folder": "31", "id": "8"},
        ),
    ],
)
def test_pictures_are_asked_for_at_the_configured_server(url: str, module: str, params: dict[str, str]) -> None:
    call = contacts.picture(url)
    assert call.module == module
    assert dict(call.params) == params


@pytest.mark.parametrize("url", ["", "/ajax/folders?action=delete", "http://[", "/ajax/contacts/picture/../../folders"])
def test_urls_that_are_no_pictures(url: str) -> None:
    with pytest.raises(Malformed):
        contacts.picture(url)


def test_mail_addresses_once_and_the_primary_first() -> None:
    me = {"user_id": 3, "context_id": 2, "email_address": "a@x", "email_aliases": ["b@x", "A@X", "", "b@x"]}
    assert directory.me().decode(Answer(me)).mail_addresses == ("a@x", "b@x")


def test_folders_that_were_not_deleted_say_why() -> None:
    call = folders.delete(["cal://0/31"], 5)
    call.decode(Answer([]))
    with pytest.raises(OXError):
        call.decode(Answer(["cal://0/31"]))
