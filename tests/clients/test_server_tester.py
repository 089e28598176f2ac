"""caldav-server-tester, which probes a CalDAV server feature by feature, against the gateway.

What it does not find full stands in NOT_FULL with the reason; the test fails when a feature gets worse, and also when
one gets better, so that the list stays true.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from caldav.compatibility_hints import FeatureSet
from caldav.davclient import DAVClient
from caldav_server_tester import checks
from caldav_server_tester.checker import ServerQuirkChecker
from caldav_server_tester.checks_base import Check

from tests.world import PASSWORD, World

NO_JOURNALS = "OX has no journals"
LIBRARY = "the caldav library asks for properties beside DAV:prop and searches without DAV:property-search"

NOT_FULL = {
    "save-load.todo.mixed-calendar": ("unsupported", "a folder of OX holds events or tasks"),
    "save-load.journal": ("unsupported", NO_JOURNALS),
    "scheduling.mailbox.inbox-delivery": ("unsupported", "OX delivers invitations to the calendar itself"),
    "scheduling.schedule-tag.stable-partstat": (
        "unsupported",
        "the user's own answer changes the tag: it is no inconsequential change (RFC 6638 3.2.10), and a device that "
        "does not know of it must not undo it",
    ),
    "save.etag": ("unknown", "a PUT tells the ETag only when a GET would give the same octets (RFC 4791 5.3.4)"),
    "principal-search": ("ungraceful", LIBRARY),
    "principal-search.by-name.self": ("unsupported", LIBRARY),
    "principal-search.list-all": ("ungraceful", LIBRARY),
    "url.encode-at.literal.principal": ("unknown", "no principal of the gateway has an @ in its URL"),
}


@pytest.fixture
def checker(world: World) -> Iterator[ServerQuirkChecker]:
    with ExitStack() as clients:
        alice, *others = [
            clients.enter_context(closing(DAVClient(url=world.url, username=name, password=PASSWORD)))
            for name in ("alice", "bob", "carol")
        ]
        yield ServerQuirkChecker(alice, extra_clients=others)


def check_all(checker: ServerQuirkChecker) -> dict[str, str]:
    """The support level of every feature that is neither full nor what the tester expects of a server."""
    for _, kind in inspect.getmembers(checks, inspect.isclass):
        if kind.__module__ == checks.__name__ and issubclass(kind, Check):
            check: Any = kind
            check(checker).run_check(only_once=True)
    found = checker.features_checked
    expected = FeatureSet()
    levels = {
        feature: found.is_supported(feature, str)
        for feature in found.dotted_feature_set_list(compact=False)
        if FeatureSet.find_feature(feature).get("type", "server-feature") == "server-feature"
    }
    assert len(levels) > 80
    return {
        feature: level
        for feature, level in levels.items()
        if level not in ("full", expected.is_supported(feature, str))
    }


async def test_every_feature_is_full_but_those_listed(checker: ServerQuirkChecker) -> None:
    found = await asyncio.to_thread(check_all, checker)
    assert found == {feature: level for feature, (level, _) in NOT_FULL.items()}
