"""Creating events: what comes back, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import Person, at, meeting

ALICE = {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com", "entity": 3}


async def test_new_event_has_exactly_these_fields(alice: Person) -> None:
    answer = await alice.call("new", meeting("Timed"), folder=alice.folder)
    created = answer["data"]["created"][0]
    stamp = answer["timestamp"]
    uid = created.pop("uid")
    assert len(uid) == 36
    assert created == {
        "id": "1",
        "folder": "cal://0/31",
        "summary": "Timed",
        "startDate": at("20270405T090000"),
        "endDate": at("20270405T100000"),
        "class": "PUBLIC",
        "transp": "OPAQUE",
        "attendeePrivileges": "DEFAULT",
        "sequence": 0,
        "timestamp": stamp,
        "created": stamp,
        "lastModified": stamp,
        "dtstamp": stamp,
        "createdBy": ALICE,
        "modifiedBy": ALICE,
        "organizer": ALICE,
        "calendarUser": ALICE,
        "attendees": [{**ALICE, "cuType": "INDIVIDUAL", "partStat": "ACCEPTED", "folder": "31"}],
        "flags": ["organizer", "accepted"],
    }
    assert answer["data"]["updated"] == answer["data"]["deleted"] == []
    assert await alice.get("1") == {**created, "uid": uid}


@pytest.mark.parametrize(
    ("start", "end", "stored_end"),
    [
        ({"value": "20270301T080000Z"}, {"value": "20270301T090000Z"}, {"value": "20270301T090000Z"}),
        ({"value": "20270301T090000"}, {"value": "20270301T100000"}, {"value": "20270301T100000"}),
        ({"value": "20270302"}, {"value": "20270303"}, {"value": "20270303"}),
        ({"value": "20270302"}, {"value": "20270302"}, {"value": "20270303"}),
        ({"value": "21500101T090000Z"}, {"value": "21500101T090000Z"}, {"value": "21500101T090000Z"}),
    ],
)
async def test_kinds_of_dates(alice: Person, start: Any, end: Any, stored_end: Any) -> None:
    created = await alice.new({"startDate": start, "endDate": end})
    assert (created["startDate"], created["endDate"]) == (start, stored_end)
    assert "summary" not in created


async def test_utc_with_zone_id_comes_back_without(alice: Person) -> None:
    when = at("20270301T080000Z", "UTC")
    created = await alice.new({"startDate": when, "endDate": when})
    assert created["startDate"] == {"value": "20270301T080000Z"}


@pytest.mark.parametrize(
    ("body", "code", "params"),
    [
        ({}, "CAL-4220", ["Starts on"]),
        ({"startDate": at("20270302", None)}, "CAL-4220", ["Ends on"]),
        ({"event": meeting()}, "CAL-4220", ["Starts on"]),
        (meeting(endDate=at("20270405T080000")), "CAL-4221", ["20270405T090000", "20270405T080000"]),
        (meeting(endDate=at("20270406", None)), "CAL-4229", ["20270405T090000", "20270406"]),
        (meeting(startDate=at("20270405T090000", "Mars/Base")), "CAL-4001", ["Mars/Base"]),
        (meeting(categories="a,b"), "SVL-0002", None),
        (meeting("x" * 300), "CAL-5070", ["Subject", 255, 300]),
        (meeting(description="x" * 70000), "CAL-5070", ["Description", 65535, 70000]),
        (meeting(categories=[f"category {n}" for n in range(200)]), "CAL-5070", ["Categories", 1024, 0]),
        (meeting(geo={"lat": 999, "long": 0}), "CAL-4003", None),
        (meeting(geo={}), "SVL-0002", None),
        (meeting(geo=None), "SVL-0011", None),
        (meeting(extendedProperties={"X-A": {"value": "1", "parameters": {"P": "1"}}}), "SVL-0011", None),
        (meeting(extendedProperties={"X-A": "text"}), "SVL-0002", None),
        (meeting(extendedProperties=None), "SVL-0002", None),
        (meeting(attachments=[{"uri": "data:text/plain;base64,SGVsbG8="}]), "CAL-1991", None),
        (meeting(attachments=[{"filename": "a"}]), "SVL-0002", None),
        (meeting(recurrenceId="20270405T070000Z"), "CAL-4006", None),
        (meeting(attendees=[{"entity": 4711, "cuType": "INDIVIDUAL"}]), "CAL-4034", ["4711", 4711, "INDIVIDUAL"]),
        (meeting(attendees=[{"uri": "not a uri"}]), "CAL-4034", ["not a uri", -1, ""]),
        ([], "SVL-0031", None),
    ],
)
async def test_refused(alice: Person, body: Any, code: str, params: list[Any] | None) -> None:
    answer = await alice.call("new", body, folder=alice.folder)
    assert answer["code"] == code
    assert params is None or answer["error_params"] == params
    assert await alice.all() == []


@pytest.mark.parametrize(
    ("folder", "code"),
    [("31", "CAL-4060"), ("cal://0/99999", "CAL-4045"), ("cal://0/41", "CAL-4030"), ("cal://1/0", "CAL-4228")],
)
async def test_folder_of_another_kind(alice: Person, folder: str, code: str) -> None:
    assert await alice.code("new", meeting(), folder=folder) == code


async def test_without_folder_and_without_body(alice: Person) -> None:
    assert await alice.code("new", meeting()) == "SVL-0002"
    assert await alice.code("new", folder=alice.folder) == "SVL-0031"


async def test_everything_at_once(alice: Person) -> None:
    created = await alice.new(
        meeting(
            uid="rich@example.com",
            filename="my-resource-name",
            location="Cologne",
            description='Line 1\nLine 2, with; chars \\ and "quotes"',
            categories=["Work", "Über uns", "a,b"],
            geo={"lat": 50.94, "long": 6.96},
            url="https://example.com/x?y=1",
            status="TENTATIVE",
            color="red",
            sequence=3,
            transp="TRANSPARENT",
            relatedTo={"relType": "PARENT", "value": "other"},
            created=1000,
            nosuchfield="x",
            conferences=[{"uri": "https://meet.example.com/1", "label": "Video", "features": ["VIDEO"]}],
            extendedProperties={"X-FOO": {"value": "bar", "X-P": "1"}, "X-MULTI": [{"value": "a"}, {"value": "b"}]},
            attachments=[{"uri": "https://example.com/a.pdf", "filename": "a.pdf"}],
            **{"class": "CONFIDENTIAL"},
        )
    )
    assert created["uid"] == "rich@example.com"
    assert created["categories"] == ["Work", "Über uns", "a", "b"]
    assert created["sequence"] == 3
    assert created["created"] == created["timestamp"]
    assert created["conferences"] == [
        {"id": 1, "uri": "https://meet.example.com/1", "label": "Video", "features": ["VIDEO"]}
    ]
    assert created["extendedProperties"]["X-MULTI"] == [{"value": "a"}, {"value": "b"}]
    attachment = created["attachments"][0]
    # The creation stamp of an attachment is shifted into the zone of the user, here by one hour.
    assert attachment.pop("created") in (created["timestamp"] + 3_600_000, created["timestamp"] + 7_200_000)
    assert attachment == {"uri": "https://example.com/a.pdf", "filename": "a.pdf", "fmtType": "application/pdf"}
    assert created["flags"] == [
        "attachments",
        "conferences",
        "organizer",
        "confidential",
        "transparent",
        "event_tentative",
        "accepted",
    ]
    assert "relatedTo" not in created
    assert "nosuchfield" not in created


async def test_uid_is_taken_once_per_user(alice: Person, bob: Person) -> None:
    first = await alice.new(meeting(uid="dup@example.com"))
    other = await alice.calendar("Second")
    for folder in (alice.folder, other):
        answer = await alice.call("new", meeting(uid="dup@example.com"), folder=folder)
        assert answer["code"] == "CAL-4090"
        assert answer["error_params"] == ["dup@example.com", alice.folder, first["id"]]
    await bob.new(meeting(uid="dup@example.com"))
    await alice.delete(first["id"])
    assert (await alice.new(meeting(uid="dup@example.com")))["uid"] == "dup@example.com"


async def test_uid_of_an_invitation_is_taken_too(alice: Person, bob: Person) -> None:
    await alice.new(meeting(uid="m@example.com", attendees=[{"entity": 4}]))
    assert await bob.code("new", meeting(uid="m@example.com"), folder=bob.folder) == "CAL-4090"


async def test_organizer_given_by_the_client_leaves_dtstamp_out(alice: Person) -> None:
    created = await alice.new(meeting(organizer={"uri": "mailto:alice@example.com"}))
    assert "dtstamp" not in created
    changed = (await alice.update(created["id"], {"summary": "x"}))["updated"][0]
    assert changed["dtstamp"] == changed["timestamp"]


async def test_fields_limit_the_answer(alice: Person) -> None:
    created = await alice.new(meeting(), fields="id,timestamp,folder,uid")
    assert set(created) == {"id", "timestamp", "folder", "uid"}


async def test_a_group_outside_is_an_attendee_like_others(alice: Person) -> None:
    group = {"uri": "mailto:list@example.net", "cuType": "GROUP", "cn": "The list"}
    event = await alice.new(meeting(attendees=[group]))
    (stored,) = [one for one in event["attendees"] if one.get("uri") == group["uri"]]
    assert (stored["cuType"], "entity" in stored) == ("GROUP", False)
