"""Several gateway processes on one port, as ``oxdav serve --workers`` runs them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.davclient import DAV, child, event
from tests.world import PASSWORD, World

PATIENCE = 120.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@contextmanager
def served(world: World) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Two workers before the world's OX: the parent process and their URL."""
    environment = os.environ | {
        "OXDAV_LISTEN__PORT": "0",
        "OXDAV_OX__URL": world.ox_url,
        "OXDAV_LEDGER__URL": f"sqlite:///{world.directory / 'shared.db'}",
    }
    command = (sys.executable, "-c", "from gateway.cli import main; main()", "serve", "--workers", "2")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            yield process, found[0]
        finally:
            process.kill()


def workers_of(process: subprocess.Popen[str]) -> set[int]:
    """The gateways among the children of a process (the other is what Python tracks shared resources with)."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return {int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


async def test_every_worker_sees_what_any_of_them_stored(world: World) -> None:
    with served(world) as (_, url):
        async with DAV(url, "alice", PASSWORD) as alice:
            calendar = (await alice.calendars())["Calendar"]
        hrefs = [child(calendar, f"named-{number}.ics") for number in range(8)]
        for number, href in enumerate(hrefs):
            async with DAV(url, "alice", PASSWORD) as alice:  # a connection, and so perhaps a worker, of its own
                (await alice.put(href, event(f"uid-{number}", "One of many"), if_none_match="*")).expect(201)
        for _ in range(8):
            async with DAV(url, "alice", PASSWORD) as alice:
                assert set(hrefs) <= (await alice.propfind(calendar, "D:getetag", depth=1)).responses.keys()


def test_a_worker_that_ends_is_replaced_and_all_end_together(world: World) -> None:
    with served(world) as (process, _):
        before = workers_of(process)
        assert len(before) == 2
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(workers_of(process) - {min(before)}) == 2)
        workers = workers_of(process)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert all(map(is_gone, workers))


def test_no_worker_is_left_behind_when_the_parent_is_killed(world: World) -> None:
    with served(world) as (process, _):
        workers = workers_of(process)
        process.kill()
        process.wait()
        wait_until(lambda: all(map(is_gone, workers)))
