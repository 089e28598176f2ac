"""Names that are no more: of resources that went, and what others were called before."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.account.names import Names
from gateway.account.told import Gone

_MOST = 2000


class GoneNames:
    """By a key each: that of the resource for what it was called when it went, another one for each former name."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._gone: dict[str, Gone] = {}
        self._changed: dict[str, int] = {}
        """What changed since former names were told last, and when."""
        self.remembers_since = 0
        """Whatever went after this is known here."""

    def __iter__(self) -> Iterator[tuple[str, Gone]]:
        return iter(self._gone.items())

    def get(self, key: str) -> Gone | None:
        return self._gone.get(key)

    def went(self, key: str, name: str, stamp: int) -> None:
        """A resource is gone; ``name`` is what it was called last."""
        self._gone[key] = Gone(stamp, name)
        self.changed(key, stamp)

    def had(self, key: str, name: str, stamp: int) -> None:
        """A resource, which may be gone itself, was called ``name`` before."""
        self._gone[_key_of(key, name)] = Gone(stamp, name)

    def is_back(self, key: str, name: str) -> None:
        """A resource is there again, called ``name``."""
        gone = self._gone.pop(key, None)
        if gone is not None and gone.name != name:
            self.had(key, gone.name, gone.stamp)

    def freed(self, name: str) -> int:
        """When somebody had this name last, 0 if nobody is known to have had it."""
        return max((gone.stamp for _, gone in self if gone.name == name), default=0)

    def changed(self, key: str, stamp: int) -> None:
        """A resource changed, or is known to be gone since."""
        if key in self._names.with_former():
            self._changed[key] = stamp

    def tell_former(self) -> bool:
        """Whoever learns of a change of a resource, or that it is gone, learns of the names that it had: of each with
        the first change after the last moment at which it had that name. Whether anything is new."""
        news = False
        for key, stamp in self._changed.items():
            for name, former in self._names.former_of(key).items():
                told = self._gone.get(_key_of(key, name))
                if former.until < stamp and (told is None or told.stamp <= former.until):
                    self.had(key, name, stamp)
                    news = True
        self._changed.clear()
        return news

    @property
    def is_full(self) -> bool:
        """Whether ``trim`` has something to do."""
        return len(self._gone) > 2 * _MOST

    def trim(self) -> None:
        """Forget the oldest if there are too many."""
        if self.is_full:
            newest_first = sorted(self._gone.items(), key=lambda item: item[1].stamp, reverse=True)
            self._gone = dict(newest_first[:_MOST])
            self.remembers_since = max(self.remembers_since, newest_first[_MOST][1].stamp)


def _key_of(key: str, name: str) -> str:
    """Of a former name of the resource ``key``: no key of a resource has a line feed."""
    return f"{key}\n{name}"
