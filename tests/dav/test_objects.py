"""GET, HEAD, PUT and DELETE of objects and collections, and their conditions."""

from __future__ import annotations

import pytest

from gateway.dav.values import Entry, Privilege, Stored
from tests.dav.client import Answer, Client, clark
from tests.dav.memory import READ_ONLY, MemoryTree

EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Käse\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
URL = "/calendars/3/31/a.ics"


@pytest.fixture
def stored(tree: MemoryTree) -> None:
    tree.calendar.store("a.ics", EVENT)


async def put(dav: Client, path: str = URL, **headers: str) -> Answer:
    return await dav("PUT", path, EVENT, **{"content_type": "text/calendar; charset=utf-8", **headers})


async def test_a_new_object(tree: MemoryTree, dav: Client) -> None:
    answer = await put(dav, if_none_match="*")
    assert (answer.status, answer.body) == (201, b"")
    assert answer.headers["ETag"] == '"1"'
    assert "Location" not in answer.headers
    assert tree.calendar.texts == {"a.ics": EVENT}


async def test_an_object_changed_by_ox_has_no_etag_in_the_answer(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rewrites = lambda text: text.replace("UID:1", "UID:1\r\nX-OX:1")
    assert "ETag" not in (await put(dav)).headers


async def test_a_store_that_chooses_the_name_says_so(
    tree: MemoryTree, dav: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def put_elsewhere(name: str, data: bytes, base: Entry | None) -> Stored:
        return Stored("other name.ics", created=True, etag=None)

    monkeypatch.setattr(tree.calendar, "put", put_elsewhere)
    assert (await put(dav)).headers["Location"] == "/calendars/3/31/other%20name.ics"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"if_match": '"1"'}, 204),
        ({"if_match": '"7", "1"'}, 204),
        ({"if_match": "1"}, 204),
        ({"if_match": "*"}, 204),
        ({"if_match": '"2"'}, 412),
        ({"if_match": 'W/"1"'}, 412),
        ({"if_match": '"a,b"'}, 412),
        ({"if_match": '"unfinished'}, 400),
        ({"if_none_match": "*"}, 412),
        ({"if_none_match": '"1"'}, 412),
        ({"if_none_match": 'W/"1"'}, 412),
        ({"if_none_match": '"2"'}, 204),
        ({"if_unmodified_since": "Fri, 15 Jan 2027 08:00:01 GMT"}, 204),
        ({"if_unmodified_since": "Fri, 15 Jan 2027 08:00:00 GMT"}, 412),
        ({"if_unmodified_since": "whenever"}, 204),
        ({"if_schedule_tag_match": '"1"'}, 412),
        ({"if": '(["1"])'}, 204),
        ({"if": '(["2"])'}, 412),
        ({"if": '(["2"]) (["1"])'}, 204),
        ({"if": '(Not ["1"])'}, 412),
        ({"if": '(["1"] <opaquelocktoken:x>)'}, 412),
        ({"if": '(["1"] Not <DAV:no-lock>)'}, 204),
        ({"if": '<https://dav.example.com/calendars/3/31/a.ics> (["1"])'}, 204),
        ({"if": '<https://dav.example.com/calendars/3/31/b.ics> (["1"])'}, 412),
        ({"if": '<https://elsewhere.example.com/calendars/3/31/a.ics> (["1"])'}, 412),
        ({"if": "()"}, 400),
        ({"if": '(["1"]'}, 400),
        ({"if": '["1"]'}, 400),
        ({"if": '(Not Not ["1"])'}, 400),
        ({"if": '(["1"] ('}, 400),
        ({"if": "%"}, 400),
    ],
)
async def test_conditions_on_what_exists(headers: dict[str, str], status: int, tree: MemoryTree, dav: Client) -> None:
    answer = await put(dav, **headers)
    assert answer.status == status
    assert len(tree.calendar.history) == (2 if status == 204 else 1)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"if_none_match": "*"}, 201),
        ({"if_none_match": '"1"'}, 201),
        ({"if_match": "*"}, 412),
        ({"if_match": '"1"'}, 412),
        ({"if_unmodified_since": "Fri, 15 Jan 2027 08:00:01 GMT"}, 412),
        ({"if": '(["1"])'}, 412),
    ],
)
async def test_conditions_on_nothing(headers: dict[str, str], status: int, dav: Client) -> None:
    assert (await put(dav, **headers)).status == status


@pytest.mark.parametrize("declared", ["text/calendar", "TEXT/CALENDAR;component=VEVENT", "application/octet-stream"])
async def test_media_types_of_calendars(declared: str, dav: Client) -> None:
    assert (await put(dav, content_type=declared)).status == 201


@pytest.mark.parametrize("declared", ["text/vcard", "application/json", "text/plain"])
async def test_other_media_types(declared: str, tree: MemoryTree, dav: Client) -> None:
    answer = await put(dav, content_type=declared)
    assert (answer.status, answer.precondition()) == (403, clark("C:supported-calendar-data"))
    answer = await put(dav, "/addressbooks/3/32/a.vcf", content_type="text/calendar")
    assert (answer.status, answer.precondition()) == (403, clark("CR:supported-address-data"))
    assert tree.calendar.texts == tree.book.texts == {}


async def test_no_media_type(dav: Client) -> None:
    assert (await dav("PUT", URL, EVENT)).status == 201


async def test_too_large(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.max_resource_size = tree.book.max_resource_size = 10
    answer = await put(dav)
    assert (answer.status, answer.precondition()) == (403, clark("C:max-resource-size"))
    answer = await put(dav, "/addressbooks/3/32/a.vcf", content_type="text/vcard")
    assert (answer.status, answer.precondition()) == (403, clark("CR:max-resource-size"))


async def test_parts_of_objects_are_not_taken(tree: MemoryTree, dav: Client) -> None:
    assert (await put(dav, content_range="bytes 0-5/10")).status == 400
    assert tree.calendar.texts == {}


async def test_invalid_data_names_its_precondition(dav: Client) -> None:
    answer = await dav("PUT", URL, "nonsense", content_type="text/calendar")
    assert (answer.status, answer.precondition()) == (403, clark("C:valid-calendar-data"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 405),
        ("/calendars/3/", 405),
        ("/calendars/3/31", 405),
        ("/calendars/3/new.ics", 403),
        ("/calendars/3/inbox/a.ics", 403),
        ("/principals/users/9", 403),
        ("/calendars/3/99/a.ics", 409),
        ("/calendars/4/31/a.ics", 409),
        ("/calendars/3/31/folder/a.ics", 409),
    ],
)
async def test_put_elsewhere(path: str, status: int, dav: Client) -> None:
    answer = await put(dav, path)
    assert answer.status == status
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.usefixtures("stored")
async def test_rights_bind(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rights = READ_ONLY | {Privilege.WRITE_CONTENT}
    assert (await put(dav)).status == 204
    answer = await put(dav, "/calendars/3/31/b.ics")
    assert (answer.status, answer.precondition()) == (403, clark("D:need-privileges"))
    (resource,) = answer.root.iterfind("D:need-privileges/D:resource", {"D": "DAV:"})
    assert resource.findtext(clark("D:href")) == "/calendars/3/31"
    assert resource.find("D:privilege/D:bind", {"D": "DAV:"}) is not None
    assert (await dav("DELETE", URL)).status == 403
    tree.calendar.rights = READ_ONLY
    assert (await put(dav)).status == 403
    assert list(tree.calendar.texts) == ["a.ics"]


@pytest.mark.usefixtures("stored")
async def test_get_answers_the_text(dav: Client) -> None:
    answer = await dav("GET", URL)
    assert (answer.status, answer.body) == (200, EVENT.encode())
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Last-Modified"] == "Fri, 15 Jan 2027 08:00:01 GMT"
    assert answer.headers["Content-Type"] == "text/calendar; component=vevent; charset=utf-8"
    assert (await dav("HEAD", URL)).headers == answer.headers


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": '"1"'}, 304),
        ({"if_none_match": 'W/"1"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"2"'}, 200),
        ({"if_none_match": '"2"', "if_modified_since": "Fri, 15 Jan 2027 08:00:01 GMT"}, 200),
        ({"if_modified_since": "Fri, 15 Jan 2027 08:00:01 GMT"}, 304),
        ({"if_modified_since": "Fri, 15 Jan 2027 08:00:00 GMT"}, 200),
        ({"if_modified_since": "nonsense"}, 200),
        ({"if_match": '"1"'}, 200),
        ({"if_match": '"2"'}, 412),
    ],
)
async def test_conditional_get(headers: dict[str, str], status: int, tree: MemoryTree, dav: Client) -> None:
    answer = await dav("GET", URL, **headers)
    assert answer.status == status
    if status == 304:
        assert answer.headers["ETag"] == '"1"'
        assert answer.body == b""
        assert not [call for call in tree.upstream.calls if call.startswith("body")]


@pytest.mark.parametrize("path", ["/", "/calendars/3/", "/calendars/3/31/", "/principals/users/3/"])
async def test_get_of_a_collection_speaks_to_people(path: str, dav: Client) -> None:
    answer = await dav("GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/calendars/3/31/no.ics", "/calendars/3/99/", "/calendars/3/31/a/b"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
async def test_nothing_there(method: str, path: str, dav: Client) -> None:
    assert (await dav(method, path)).status == 404


@pytest.mark.usefixtures("stored")
async def test_delete(tree: MemoryTree, dav: Client) -> None:
    assert (await dav("DELETE", URL, if_match='"0"')).status == 412
    assert list(tree.calendar.texts) == ["a.ics"]
    assert (await dav("DELETE", URL, if_match='"1"')).status == 204
    assert tree.calendar.texts == {}
    assert (await dav("DELETE", URL)).status == 404


async def test_delete_of_a_collection(tree: MemoryTree, dav: Client) -> None:
    assert (await dav("DELETE", "/calendars/3/35/", depth="0")).status == 400
    assert (await dav("DELETE", "/calendars/3/35/")).status == 204
    assert (await dav("GET", "/calendars/3/35/")).status == 404
    assert (await dav("DELETE", "/calendars/3/31", depth="infinity")).status == 204


async def test_delete_without_the_right(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rights = READ_ONLY
    assert (await dav("DELETE", "/calendars/3/31/")).status == 403
    assert (await dav("GET", "/calendars/3/31/")).status == 200


@pytest.mark.parametrize("path", ["/", "/calendars/3/", "/principals/users/3/", "/calendars/3/inbox/"])
async def test_what_cannot_be_deleted(path: str, dav: Client) -> None:
    answer = await dav("DELETE", path)
    assert answer.status == 405
    assert "DELETE" not in answer.headers["Allow"]
