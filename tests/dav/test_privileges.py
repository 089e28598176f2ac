"""Rights as clients read them (RFC 3744 5)."""

from __future__ import annotations

import pytest

from gateway.dav.values import Privilege
from tests.dav.client import Client, clark
from tests.dav.memory import ALL, READ_ONLY, MemoryTree

URL = "/calendars/3/31/"


async def names(dav: Client, path: str) -> set[str]:
    answer = await dav.propfind(path, "D:current-user-privilege-set")
    privileges = answer.prop(path, "D:current-user-privilege-set")
    assert all(one.tag == clark("D:privilege") and len(one) == 1 for one in privileges)
    return {one[0].tag for one in privileges}


@pytest.mark.parametrize("path", [URL, URL + "a.ics"])
async def test_owner(path: str, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", "BEGIN:VCALENDAR")
    found = await names(dav, path)
    wanted = "read write write-properties write-content bind unbind read-acl read-current-user-privilege-set"
    assert found >= {clark(f"D:{name}") for name in wanted.split()}
    assert clark("C:read-free-busy") in found


async def test_reader(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rights = READ_ONLY
    assert await names(dav, URL) == {clark(f"D:{n}") for n in ("read", "read-acl", "read-current-user-privilege-set")}


async def test_write_is_all_of_its_parts(tree: MemoryTree, dav: Client) -> None:
    tree.calendar.rights = ALL - {Privilege.UNBIND}
    found = await names(dav, URL)
    assert clark("D:write") not in found
    assert clark("D:write-content") in found


async def test_acl_shows_ones_own_rights(tree: MemoryTree, dav: Client) -> None:
    answer = await dav.propfind(URL, "D:acl D:acl-restrictions D:inherited-acl-set D:supported-privilege-set")
    (entry,) = answer.prop(URL, "D:acl")
    assert entry.findtext("D:principal/D:href", None, {"D": "DAV:"}) == "/principals/users/3/"
    assert len(answer.prop(URL, "D:supported-privilege-set")) == 1


@pytest.mark.parametrize("path", [URL, URL + "a.ics"])
async def test_acl_needs_its_privilege(path: str, tree: MemoryTree, dav: Client) -> None:
    tree.calendar.store("a.ics", "BEGIN:VCALENDAR")
    tree.calendar.rights = frozenset({Privilege.READ})
    answer = await dav.propfind(path, "D:acl D:owner")
    assert list(answer.properties(path, 403)) == [clark("D:acl")]
    assert list(answer.properties(path)) == [clark("D:owner")]
    resource = "D:propstat/D:error/D:need-privileges/D:resource"
    assert answer.response(path).find(f"{resource}/D:privilege/D:read-acl", {"D": "DAV:"}) is not None
