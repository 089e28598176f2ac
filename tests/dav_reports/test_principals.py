"""Principal searches."""

import pytest

from tests.dav.client import Answer, Client, clark, xml

ALICE, BOB, TEAM = "/principals/users/3/", "/principals/users/4/", "/principals/groups/6/"


def search(*searches: tuple[str, str], test: str = "", more: str = "") -> str:
    parts = [
        f"<D:property-search><D:prop>{''.join(f'<{name}/>' for name in names.split())}</D:prop>"
        f"<D:match>{text}</D:match></D:property-search>"
        for names, text in searches
    ]
    content = "".join(parts) + f"<D:prop><D:displayname/><D:nothing/></D:prop>{more}"
    return xml("D:principal-property-search", content).replace(
        "<D:principal-property-search", f"<D:principal-property-search{test}", 1
    )


ANYOF = ' test="anyof"'


@pytest.mark.parametrize(
    ("request_body", "expected"),
    [
        (search(("D:displayname", "bob")), [BOB]),
        (search(("CS:email-address-set", "example.com")), [ALICE, BOB]),
        (search(("C:calendar-user-address-set", "mailto:bob@example.com")), [BOB]),
        (search(("D:displayname", "bob"), ("CS:first-name", "alice")), []),
        (search(("D:displayname", "bob"), ("CS:first-name", "alice"), test=ANYOF), [ALICE, BOB]),
        (search(("D:displayname CS:last-name", "baker")), [BOB]),
        (search(("D:displayname", "bob"), ("D:getetag", "x")), []),
        (search(("D:displayname", "bob"), ("D:getetag", "x"), test=ANYOF), [BOB]),
        (search(("C:calendar-user-type", "GROUP")), [TEAM]),
    ],
)
async def test_found(client: Client, request_body: str, expected: list[str]) -> None:
    answer = await client("REPORT", "/principals/", request_body, depth="0")
    assert answer.status == 207
    assert sorted(answer.hrefs()) == sorted(expected)
    for href in expected:
        assert set(answer.properties(href)) == {clark("D:displayname")}
        assert set(answer.properties(href, 404)) == {clark("D:nothing")}


async def hrefs(client: Client, path: str, request_body: str) -> list[str]:
    answer = await client("REPORT", path, request_body)
    assert answer.status == 207
    return answer.hrefs()


async def test_where_it_is_asked(client: Client) -> None:
    everywhere = search(("D:displayname", "bob"), more="<D:apply-to-principal-collection-set/>")
    here = search(("D:displayname", "bob"))
    assert await hrefs(client, "/calendars/3/", everywhere) == [BOB]
    assert await hrefs(client, "/calendars/3/", here) == []
    assert await hrefs(client, "/", here) == [BOB]


@pytest.mark.parametrize(
    ("request_body", "headers"),
    [
        (search(), {}),
        (search(("D:displayname", "bob")), {"depth": "1"}),
        (search(("D:displayname", "bob"), test=' test="none"'), {}),
        (xml("D:principal-property-search", "<D:property-search/>"), {}),
    ],
)
async def test_malformed(client: Client, request_body: str, headers: dict[str, str]) -> None:
    assert (await client("REPORT", "/principals/", request_body, **headers)).status == 400


async def test_what_can_be_searched(client: Client) -> None:
    answer: Answer = await client("REPORT", "/principals/", xml("D:principal-search-property-set", ""), depth="0")
    assert answer.status == 200
    assert answer.root.tag == clark("D:principal-search-property-set")
    names = [prop[0].tag for prop in answer.root.iter(clark("D:prop"))]
    assert clark("D:displayname") in names
    assert clark("C:calendar-user-address-set") in names
    assert all(child.findtext(clark("D:description")) for child in answer.root)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/principals/", [ALICE, TEAM]),
        ("/principals/users/", [ALICE]),
        ("/principals/groups/", [TEAM]),
        ("/calendars/3/", []),
    ],
)
async def test_who_am_i(client: Client, path: str, expected: list[str]) -> None:
    body = xml("D:principal-match", "<D:self/><D:prop><D:displayname/></D:prop>")
    assert await hrefs(client, path, body) == expected


async def test_match_by_property_is_refused(client: Client) -> None:
    body = xml("D:principal-match", "<D:principal-property><D:owner/></D:principal-property>")
    answer = await client("REPORT", "/calendars/3/", body)
    assert (answer.status, answer.precondition()) == (403, clark("D:supported-report"))
