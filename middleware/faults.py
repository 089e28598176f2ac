"""A switch for faults: tests order what shall go wrong with the next requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from aiohttp import web

from middleware.call import Call
from middleware.envelope import Answer, Result
from middleware.errors import OXError
from middleware.journal import Entry


class Kind(Enum):
    """What goes wrong. ERROR and WARNING concern single calls, also inside `multiple`; the others whole requests."""

    DELAY = "the answer starts after `seconds`"
    HOLD = "the request waits until `ArmedFault.release`"
    UNAVAILABLE = "HTTP 503"
    TOO_MANY_REQUESTS = "HTTP 429 with Retry-After of `seconds`"
    DROP_BEFORE = "the connection breaks, nothing was done"
    DROP_AFTER = "the connection breaks after the work was done"
    SESSION_EXPIRED = "the session ends, as after a restart of the server"
    MALFORMED_JSON = "the work is done, the answer is cut in half"
    ERROR = "the call answers `error`, nothing was done"
    WARNING = "the call is done, `error` comes as a warning beside its data"


CALL_KINDS = frozenset({Kind.ERROR, Kind.WARNING})
SOME_WARNING = OXError("SVL-0011", "WARNING", "Something minor went wrong.")


@dataclass(frozen=True, slots=True)
class Fault:
    """An order: `kind` for the next `times` (None: all) matching requests, after the first `skip` of them.

    None matches every module and action; all `params` must be there with these values. A `multiple` matches by its
    own name and by the calls in it (`params` are then not compared).
    """

    kind: Kind
    module: str | None = None
    action: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    times: int | None = 1
    skip: int = 0
    seconds: float = 1.0
    error: OXError = SOME_WARNING

    def names(self, module: str, action: str) -> bool:
        """Whether it is about calls of that name."""
        return self.module in (None, module) and self.action in (None, action)

    def matches(self, module: str, action: str, params: Mapping[str, str]) -> bool:
        """Whether it is about this call."""
        same = all(params.get(name) == value for name, value in self.params.items())
        return same and self.names(module, action)

    def matches_request(self, entry: Entry) -> bool:
        """Whether it is about this request."""
        if self.matches(entry.module, entry.action, entry.params):
            return True
        return not self.params and any(self.names(*call) for call in entry.inner)


class ArmedFault:
    """A fault that was ordered: how many it let pass, how often it struck, and the release of held requests."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.passed = 0
        self.hits = 0
        self.reached = asyncio.Event()
        self._released = asyncio.Event()

    @property
    def is_left(self) -> bool:
        """Whether it is still to strike."""
        return self.fault.times is None or self.hits < self.fault.times

    def release(self) -> None:
        """Let held requests go on, those that come later too."""
        self._released.set()

    async def wait_for_release(self) -> None:
        """Wait for `release`."""
        self.reached.set()
        await self._released.wait()


class Faults:
    """The faults ordered for one server. They strike in the order they were added, one per request."""

    def __init__(self) -> None:
        self._armed: list[ArmedFault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> ArmedFault:
        """Order a fault."""
        armed = ArmedFault(fault)
        with self._lock:
            self._armed.append(armed)
        return armed

    def clear(self) -> None:
        """Cancel all faults; held requests go on."""
        with self._lock:
            for armed in self._armed:
                armed.release()
            self._armed.clear()

    def for_request(self, entry: Entry) -> ArmedFault | None:
        """The fault that strikes this request, used up by one."""
        with self._lock:
            return self._strike(
                one for one in self._armed if one.fault.kind not in CALL_KINDS and one.fault.matches_request(entry)
            )

    def await_calls(self) -> bool:
        """Whether an order for single calls is not carried out yet."""
        with self._lock:
            return any(one.fault.kind in CALL_KINDS and one.is_left for one in self._armed)

    def before_call(self, call: Call) -> None:
        """Raise the error ordered for this call."""
        armed = self._for_call(call, Kind.ERROR)
        if armed is not None:
            raise armed.fault.error

    def after_call(self, call: Call, answer: Answer) -> Answer:
        """The answer, with the warning ordered for this call."""
        armed = self._for_call(call, Kind.WARNING)
        if armed is None or not isinstance(answer, Result):
            return answer
        return replace(answer, warnings=(*answer.warnings, armed.fault.error))

    def _for_call(self, call: Call, kind: Kind) -> ArmedFault | None:
        with self._lock:
            return self._strike(
                one
                for one in self._armed
                if one.fault.kind is kind and one.fault.matches(call.module, call.action, call.params)
            )

    def _strike(self, candidates: Iterable[ArmedFault]) -> ArmedFault | None:
        for armed in candidates:
            if armed.passed < armed.fault.skip:
                armed.passed += 1
                continue
            if armed.is_left:
                armed.hits += 1
                return armed
        return None


FAULTS: web.AppKey[Faults] = web.AppKey("faults", Faults)
