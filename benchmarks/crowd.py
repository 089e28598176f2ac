"""An embedded OX with many accounts, and the gateway before it, as two processes."""

from __future__ import annotations

from benchmarks import filling
from benchmarks.ours import DATA, OUR_COMMAND, gateway_process, log_of
from benchmarks.process import Process, free_port


def login_of(number: int) -> str:
    return f"user{number:04}"


class Crowd:
    """``users`` accounts with ``count`` events and as many contacts each; made when they are not there yet.
    ``workers``: processes of the gateway, each with metrics at a port of its own."""

    def __init__(self, users: int, count: int, workers: int = 1) -> None:
        self.workers = workers
        self.directory = DATA / f"users-{users}-{count}"
        filling.fill(self.directory, map(login_of, range(users)), count)
        command = ["-c", OUR_COMMAND, "middleware", "--data", str(self.directory), "--port", "0"]
        self.ox = Process("OX", command, log_of("ox"))
        try:
            self.ox_url = self.ox.wait_for_line(r"(http://\S+)")
            self.metrics = free_port()
            settings = {"OXDAV_LISTEN__WORKERS": str(workers)}
            self.gateway = gateway_process(self.directory, self.ox_url, self.metrics, settings)
        except BaseException:
            self.ox.stop()
            raise

    def stop(self) -> None:
        self.gateway.stop()
        self.ox.stop()
