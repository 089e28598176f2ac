"""Failed log-ins, remembered for a while."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST = 10_000


class SignInGuard:
    """``failures`` of one login within ``window`` seconds are sent to OX, no more. Refused credentials (known by a
    keyed hash) are refused again for ``again`` seconds without asking OX. Bounded in size."""

    def __init__(self, failures: int, window: float, again: float, clock: Callable[[], float]) -> None:
        self._failures = failures
        self._window = window
        self._again = again
        self._clock = clock
        self._refused: OrderedDict[bytes, tuple[float, str]] = OrderedDict()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def refused(self, key: bytes) -> str | None:
        """Why these credentials were refused a moment ago."""
        at, reason = self._refused.get(key, (0.0, ""))
        if not reason:
            return None
        if self._clock() - at > self._again:
            del self._refused[key]
            return None
        return reason

    def retry_after(self, login: str) -> int | None:
        """Seconds until this login may be tried again, None for at once."""
        times = self._times.get(login)
        if times is None or len(times) < self._failures:
            return None
        left = times[0] + self._window - self._clock()
        return max(1, math.ceil(left)) if left > 0 else None

    def failed(self, key: bytes, reason: str, login: str | None) -> None:
        """OX refused ``key``. ``login``: count it as a guess for this login."""
        self._refused[key] = (self._clock(), reason)
        if login is not None:
            self._times.setdefault(login, deque(maxlen=self._failures)).append(self._clock())
            self._times.move_to_end(login)
        for remembered in (self._refused, self._times):
            while len(remembered) > _MOST:
                remembered.popitem(last=False)
