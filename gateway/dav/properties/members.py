"""What is asked of the members of a collection, prepared once and written entry by entry (the hot path).

What every response of the collection has in common is one text before and one behind what differs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Protocol

from gateway.dav import schedule_tag
from gateway.dav.context import Context
from gateway.dav.errors import DAVError, Unavailable
from gateway.dav.multistatus import response
from gateway.dav.paths import encode_segment
from gateway.dav.ports import TOGETHER, ObjectCollection
from gateway.dav.properties import LIVE
from gateway.dav.properties.acl import PRIVILEGES, granted
from gateway.dav.properties.asked import Asked, Kind
from gateway.dav.properties.evaluate import failed_propstat, ordered
from gateway.dav.properties.model import OfBody, OfEntry
from gateway.dav.properties.objects import EMPTY, LENT, OF_ENTRY
from gateway.dav.turns import in_turns
from gateway.dav.values import Body, Entry
from gateway.dav.xml import element

_HERE = "\ue000"
"""Marks a place in a text that is cut there. It cannot be in an href, and properties come after it."""
_NOTHING: Mapping[str, OfBody] = MappingProxyType({})


class Writing(Protocol):
    """A way to write responses for which the texts are needed."""

    def responses(self, writer: Members, names: Sequence[str]) -> AsyncIterator[Sequence[str | None]]:
        """See ``Members.with_bodies``."""


class Members:
    """Writes the DAV:response of any member of one collection.

    ``needs_body``: a property is computed from the text; then ``response`` must be given the body.
    """

    def __init__(
        self,
        collection: ObjectCollection,
        asked: Asked,
        context: Context,
        *,
        minimal: bool,
        writing: Writing | None = None,
    ) -> None:
        self.collection = collection
        self.needs_body = False
        self._asked = asked
        self._minimal = minimal
        self._writing = writing
        self._context = context
        self._prefix = context.href(collection.path)
        self._same: list[str] = []
        self._of_entry: list[OfEntry] = []
        self._computed: list[tuple[str, OfBody]] = []
        self._missing: list[str] = []
        self._failed: list[str] = []
        self._template = ""

    @classmethod
    async def prepare(
        cls,
        collection: ObjectCollection,
        asked: Asked,
        context: Context,
        *,
        computed: Mapping[str, OfBody] = _NOTHING,
        minimal: bool = False,
        writing: Writing | None = None,
    ) -> Members:
        """``computed``: properties that this request defines itself, by Clark name (calendar-data, address-data).
        ``writing``: how members are written for which the texts are needed, if not one by one.
        One call for the signed-in user at most."""
        members = cls(collection, asked, context, minimal=minimal, writing=writing)
        computed = {**computed, **await schedule_tag.computed(collection, asked, context)}
        for name in _names(asked):
            await members._add(name, computed)
        members._prepare_template()
        return members

    def _prepare_template(self) -> None:
        """The response of a member to which nothing happens, with a place for its name and each property of its own."""
        names = [*(prop.name for prop in self._of_entry), *(name for name, _ in self._computed)]
        own = [element(name, _HERE) for name in names]
        found = ordered([*own, *self._same], self._missing, self._failed, minimal=self._minimal)
        parts = response(f"{self._prefix}{_HERE}", *found).split(_HERE, len(own) + 1)
        self._template = "%s".join(part.replace("%", "%%") for part in parts)

    async def _add(self, name: str, computed: Mapping[str, OfBody]) -> None:
        if name in computed:
            self.needs_body = True
            self._computed.append((name, computed[name]))
        elif name in OF_ENTRY and self._asked.kind is not Kind.PROPNAME:
            self._of_entry.append(OF_ENTRY[name])
        elif name in OF_ENTRY or name in EMPTY:
            self._same.append(element(name))
        elif name == PRIVILEGES and not self.collection.alike and self._asked.kind is not Kind.PROPNAME:
            self._of_entry.append(OfEntry(name, self._privileges))
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

    def _privileges(self, entry: Entry) -> str:
        return granted(self.collection.privileges_on(entry.name))

    def href(self, name: str) -> str:
        """The href of a member."""
        return self._prefix + encode_segment(name)

    def response(self, entry: Entry, body: Body | None = None) -> str:
        """The DAV:response of one member. A computed property that fails has its status there, the rest stands."""
        own: list[str | None] = [prop.value(entry) for prop in self._of_entry]
        if self._computed:
            if body is None:
                raise TypeError("a property is computed from the body")
            try:
                own += [prop.value(body) for _, prop in self._computed]
            except DAVError:
                return self._partly(entry, body)
            if None in own:
                return self._partly(entry, body)
        return self._template % (encode_segment(entry.name), *own)

    def _partly(self, entry: Entry, body: Body) -> str:
        """For a member that lacks a property or whose property fails."""
        own = [element(prop.name, prop.value(entry)) for prop in self._of_entry]
        missing, failed = list(self._missing), list(self._failed)
        for name, prop_of_body in self._computed:
            try:
                content = prop_of_body.value(body)
            except DAVError as error:
                failed.append(failed_propstat(name, error, self._context))
                continue
            if content is None:
                missing.append(element(name))
            else:
                own.append(element(name, content))
        return response(self.href(entry.name), *ordered([*own, *self._same], missing, failed, minimal=self._minimal))

    def responses(self, entries: Sequence[Entry]) -> Iterator[str]:
        """The responses of many members, some hundred at a time."""
        for start in range(0, len(entries), TOGETHER):
            yield self._together(entries[start : start + TOGETHER])

    def named(self, names: Sequence[str]) -> AsyncIterator[Sequence[str | None]]:
        """The responses of members, some at a time in the order of ``names``; None for names that do not exist (any
        more). Texts are asked for only where they are needed."""
        if self.needs_body:
            return self.with_bodies(names)
        return in_turns(self.collection.written(names, self._form_of_one, self.response))

    def with_bodies(self, names: Sequence[str]) -> AsyncIterator[Sequence[str | None]]:
        """The responses of members for which the texts are needed, some at a time in the order of ``names``; None for
        names that do not exist (any more)."""
        if self._writing is not None and self.collection.alike:
            return in_turns(self._writing.responses(self, names))
        return self.one_by_one(names)

    def one_by_one(self, names: Sequence[str]) -> AsyncIterator[Sequence[str | None]]:
        """As ``with_bodies``, each made of its text as it was asked for."""
        return in_turns(self.collection.made_of(names, self._form_of_one, lambda body: self.response(body.entry, body)))

    def with_value(self, name: str, value: OfBody) -> Members:
        """The same, but for a computed property."""
        other = copy(self)
        other._computed = [(each, value if each == name else prop) for each, prop in self._computed]
        return other

    @property
    def form(self) -> str:
        """All that the responses are made of beside the members and their texts. What the user may do to a member is
        not in it, where members are not alike."""
        own = [prop.name for prop in self._of_entry] + [f"{name} {prop.form}" for name, prop in self._computed]
        return "\n".join([*own, "minimal" if self._minimal else "whole", self._template])

    @property
    def _form_of_one(self) -> str | None:
        return self.form if self.collection.alike else None

    def listing(self) -> AsyncIterator[str]:
        """The responses of all members; not for properties that need a body."""
        return self.collection.listing(self.form, self._together)

    def _together(self, entries: Sequence[Entry]) -> str:
        template, values = self._template, [prop.value for prop in self._of_entry]
        if len(values) == 1:  # the ETag alone, as in most listings
            (value,) = values
            return "".join([template % (encode_segment(entry.name), value(entry)) for entry in entries])
        return "".join([template % (encode_segment(entry.name), *[v(entry) for v in values]) for entry in entries])


def _names(asked: Asked) -> tuple[str, ...]:
    match asked.kind:
        case Kind.PROP:
            return asked.names
        case Kind.ALLPROP:
            return tuple(dict.fromkeys((*OF_ENTRY, *sorted(EMPTY), *asked.names)))
        case Kind.PROPNAME:
            return tuple(dict.fromkeys((*OF_ENTRY, *sorted(EMPTY), *sorted(LENT))))
