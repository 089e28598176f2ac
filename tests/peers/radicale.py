"""A stock Radicale as a process of its own: the peer whose answers ours are compared with."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path


class RadicaleServer:
    """Serves ``directory``; every login is accepted and owns its own collections."""

    def __init__(self, directory: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        settings = {
            "server-hosts": f"127.0.0.1:{port}",
            "storage-filesystem-folder": str(directory),
            "auth-type": "none",
            "rights-type": "authenticated",
            "web-type": "none",
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "radicale", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait(port)

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "Radicale ended while starting"
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("Radicale did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
