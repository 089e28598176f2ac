"""expand-property."""

import pytest

from tests.dav.client import Client, clark, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.test_sync import body as sync_body

ALICE, TEAM = "/principals/users/3/", "/principals/groups/6/"


def prop(name: str, *inner: str, namespace: str = "DAV:") -> str:
    return f'<D:property name="{name}" namespace="{namespace}">{"".join(inner)}</D:property>'


async def test_nested(client: Client) -> None:
    members = prop("group-member-set", prop("displayname"), prop("unknown"))
    asked = prop("current-user-principal", prop("displayname"), prop("group-membership", prop("displayname"), members))
    answer = await client("REPORT", "/", xml("D:expand-property", asked))
    assert answer.status == 207
    assert answer.hrefs() == ["/"]
    inside = f"{clark('D:response')}/{clark('D:href')}"
    principal = answer.prop("/", "D:current-user-principal")
    assert [href.text for href in principal.findall(inside)] == [ALICE]
    team = principal.find(f".//{clark('D:group-membership')}")
    assert team is not None
    assert [href.text for href in team.findall(inside)] == [TEAM]
    users = team.find(f".//{clark('D:group-member-set')}")
    assert users is not None
    assert [href.text for href in users.findall(inside)] == [ALICE, "/principals/users/4/"]
    assert [name.text for name in users.iter(clark("D:displayname"))] == ["Alice Archer", "Bob Baker"]
    assert len(list(users.iter(clark("D:unknown")))) == 2


async def test_without_inner_properties_hrefs_stay(client: Client) -> None:
    answer = await client("REPORT", ALICE, xml("D:expand-property", prop("group-membership")))
    assert [child.tag for child in answer.prop(ALICE, "D:group-membership")] == [clark("D:href")]


async def test_addresses_and_the_missing(client: Client, tree: MemoryTree) -> None:
    tree.alice.group_memberships = (("principals", "groups", "404"),)
    addresses = prop("calendar-user-address-set", prop("displayname"), namespace="urn:ietf:params:xml:ns:caldav")
    asked = addresses + prop("group-membership", prop("displayname")) + prop("nothing")
    answer = await client("REPORT", ALICE, xml("D:expand-property", asked))
    assert clark("D:nothing") in answer.properties(ALICE, 404)
    texts = [href.text for href in answer.prop(ALICE, "C:calendar-user-address-set").iter(clark("D:href"))]
    assert "mailto:alice@example.com" in texts
    (gone,) = answer.prop(ALICE, "D:group-membership")
    assert gone.findtext(clark("D:status")) == "HTTP/1.1 404 Not Found"


async def test_an_answer_has_an_end(client: Client, tree: MemoryTree) -> None:
    """Both are in a team with both in a team ..."""
    tree.bob.group_memberships = (tree.team.path,)
    asked = ""
    for _ in range(15):
        asked = prop("group-membership", prop("group-member-set", asked))
    answer = await client("REPORT", ALICE, xml("D:expand-property", asked))
    assert answer.status == 507
    assert answer.precondition() == clark("D:number-of-matches-within-limits")


@pytest.mark.parametrize(
    "content", ["<D:property/>", "<D:prop><D:displayname/></D:prop>", prop("a}b"), prop("a", prop("")), prop("x y")]
)
async def test_malformed(client: Client, content: str) -> None:
    assert (await client("REPORT", "/", xml("D:expand-property", content))).status == 400


@pytest.mark.parametrize("name", ["D:acl-principal-prop-set", "D:version-tree", "CS:nonsense"])
async def test_what_is_not_served(client: Client, name: str) -> None:
    answer = await client("REPORT", "/calendars/3/31/", xml(name, ""))
    assert (answer.status, answer.precondition()) == (403, clark("D:supported-report"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/calendars/3/31/", {"C:calendar-query", "C:calendar-multiget", "C:free-busy-query", "D:sync-collection"}),
        ("/addressbooks/3/32/", {"CR:addressbook-query", "CR:addressbook-multiget", "D:sync-collection"}),
        ("/calendars/3/", set()),
    ],
)
async def test_supported_report_set(client: Client, path: str, expected: set[str]) -> None:
    everywhere = {
        "D:expand-property",
        "D:principal-property-search",
        "D:principal-search-property-set",
        "D:principal-match",
    }
    answer = await client.propfind(path, "D:supported-report-set")
    reports = answer.prop(path, "D:supported-report-set").findall(f".//{clark('D:report')}")
    assert {report[0].tag for report in reports} == {clark(name) for name in expected | everywhere}
    if "D:sync-collection" in expected:
        assert (await client("REPORT", path, sync_body())).status == 207
