"""A server as a process of its own: started, watched, ended."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PATIENCE = 120.0


class Process:
    """``port`` is where it listens, once ``wait`` has returned. Its output goes to ``log``."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None):
        self.name = name
        self.port = 0
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            )

    def wait_for_line(self, pattern: str) -> str:
        """Wait until the output has this pattern; its first group. Raises RuntimeError."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            found = re.search(pattern, self._log.read_text(errors="replace"))
            if found:
                return found[1]
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def wait_for_port(self, port: int) -> None:
        """Wait until somebody listens there. Raises RuntimeError."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    self.port = port
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def cpu(self) -> float:
        """Seconds of CPU its threads have used so far (Linux: the CPU clock of another process)."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def rss(self) -> int:
        """Bytes of memory it holds, with the processes it has started."""
        pid = self._process.pid
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in (pid, *started))
        return pages * os.sysconf("SC_PAGE_SIZE")

    def forget_peak(self) -> None:
        """``peak`` counts from now on."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def peak(self) -> int:
        """The most bytes of memory that it held at once."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        (kilobytes,) = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
        return kilobytes * 1024

    def stop(self) -> None:
        """End it, gently at first."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
