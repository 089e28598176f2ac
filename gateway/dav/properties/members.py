"""What is asked of the members of a collection, prepared once and written entry by entry (the hot path).

What every response of the collection has in common is one text before and one behind what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from gateway.dav import schedule_tag
from gateway.dav.context import Context
from gateway.dav.errors import DAVError, Unavailable
from gateway.dav.multistatus import response
from gateway.dav.paths import encode_segment
from gateway.dav.ports import Body, Entry, ObjectCollection
from gateway.dav.properties import LIVE
from gateway.dav.properties.asked import Asked, Kind
from gateway.dav.properties.evaluate import failed_propstat, ordered
from gateway.dav.properties.model import ComputedFromBody, OfEntry
from gateway.dav.properties.objects import EMPTY, LENT, OF_ENTRY
from gateway.dav.xml import element

_TOGETHER = 256
_HERE = "\ue000"
"""Marks a place in a text that is cut there. It cannot be in an href, and properties come after it."""
_NOTHING: Mapping[str, ComputedFromBody] = MappingProxyType({})


class Members:
    """Writes the DAV:response of any member of one collection.

    ``needs_body``: a property is computed from the text; then ``response`` must be given the body.
    """

    def __init__(self, collection: ObjectCollection, asked: Asked, context: Context, *, minimal: bool) -> None:
        self.collection = collection
        self.needs_body = False
        self._asked = asked
        self._minimal = minimal
        self._context = context
        self._prefix = context.href(collection.path)
        self._same: list[str] = []
        self._of_entry: list[OfEntry] = []
        self._computed: list[tuple[str, ComputedFromBody]] = []
        self._missing: list[str] = []
        self._failed: list[str] = []
        self._frame = ("", "", "")

    @classmethod
    async def prepare(
        cls,
        collection: ObjectCollection,
        asked: Asked,
        context: Context,
        *,
        computed: Mapping[str, ComputedFromBody] = _NOTHING,
        minimal: bool = False,
    ) -> Members:
        """``computed``: properties that this request defines itself, by Clark name (calendar-data, address-data).
        One call for the signed-in user at most."""
        members = cls(collection, asked, context, minimal=minimal)
        computed = {**computed, **await schedule_tag.computed(collection, asked, context)}
        for name in _names(asked):
            await members._add(name, computed)
        members._prepare_frame()
        return members

    def _prepare_frame(self) -> None:
        """Cut the response of a member in three: its name and its own properties go in between."""
        found = ordered(["".join([_HERE, *self._same])], self._missing, self._failed, minimal=self._minimal)
        before, middle, behind = response(f"{self._prefix}{_HERE}", *found).split(_HERE, 2)
        self._frame = (before, middle, behind)

    async def _add(self, name: str, computed: Mapping[str, ComputedFromBody]) -> None:
        if name in computed:
            self.needs_body = True
            self._computed.append((name, computed[name]))
        elif name in OF_ENTRY and self._asked.kind is not Kind.PROPNAME:
            self._of_entry.append(OF_ENTRY[name])
        elif name in OF_ENTRY or name in EMPTY:
            self._same.append(element(name))
        elif name in LENT:
            await self._add_lent(name)
        else:
            self._missing.append(element(name))

    async def _add_lent(self, name: str) -> None:
        try:
            content = await LIVE[name].value(self.collection, self._context)
        except Unavailable:
            raise
        except DAVError as error:
            self._failed.append(failed_propstat(name, error, self._context))
            return
        if content is None:
            self._missing.append(element(name))
        else:
            self._same.append(element(name, "" if self._asked.kind is Kind.PROPNAME else content))

    def href(self, name: str) -> str:
        """The href of a member."""
        return self._prefix + encode_segment(name)

    def response(self, entry: Entry, body: Body | None = None) -> str:
        """The DAV:response of one member. A computed property that fails has its status there, the rest stands."""
        own = [element(prop.name, prop.value(entry)) for prop in self._of_entry]
        missing, failed = [], []
        if body is not None:
            for name, compute in self._computed:
                try:
                    content = compute(body)
                except DAVError as error:
                    failed.append(failed_propstat(name, error, self._context))
                    continue
                if content is None:
                    missing.append(element(name))
                else:
                    own.append(element(name, content))
        if missing or failed or not (own or self._same):
            missing, failed = [*self._missing, *missing], [*self._failed, *failed]
            found = ordered([*own, *self._same], missing, failed, minimal=self._minimal)
            return response(self.href(entry.name), *found)
        before, middle, behind = self._frame
        return f"{before}{encode_segment(entry.name)}{middle}{''.join(own)}{behind}"

    def responses(self, entries: Sequence[Entry]) -> Iterator[str]:
        """The responses of many members, some hundred at a time."""
        for start in range(0, len(entries), _TOGETHER):
            yield "".join(map(self.response, entries[start : start + _TOGETHER]))


def _names(asked: Asked) -> tuple[str, ...]:
    match asked.kind:
        case Kind.PROP:
            return asked.names
        case Kind.ALLPROP:
            return tuple(dict.fromkeys((*OF_ENTRY, *sorted(EMPTY), *asked.names)))
        case Kind.PROPNAME:
            return tuple(dict.fromkeys((*OF_ENTRY, *sorted(EMPTY), *sorted(LENT))))
