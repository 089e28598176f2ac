"""calendar-query (RFC 4791 7.8) and addressbook-query (RFC 6352 8.6): the prefilter narrows, the match decides."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from gateway.dav.context import Context
from gateway.dav.filters import calendar, calendar_hint, calendar_match, card
from gateway.dav.headers import depth, preferences, with_timezones
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus
from gateway.dav.names import caldav, carddav
from gateway.dav.ports import TOGETHER, AddressBook, Calendar, ObjectCollection
from gateway.dav.properties.members import Members
from gateway.dav.reports.judging import ByText, ByTimes, Judge
from gateway.dav.reports.objects import address_data, failed, limit_of, members, only, truncated
from gateway.dav.reports.report import Report
from gateway.dav.reports.zone import zone_of_query
from gateway.dav.values import QueryHint
from gateway.dav.xml import Element
from mappings.contentline import parse_tree
from mappings.vcard.versions import in_version

MAX_FAILURES = 20
"""Members whose text cannot be evaluated, before the query itself fails: each may have cost a lot of time."""


@dataclass(frozen=True, slots=True)
class Query:
    """``verdict``: whether a member of that component matches, None when only its text can tell; then ``judge`` does.
    ``narrow``: the names of members that may match, where the texts themselves are searched.
    ``hint_is_all``: the filter demands nothing that the hint does not say."""

    hint: QueryHint
    verdict: Callable[[str], bool | None]
    judge: Judge
    narrow: Callable[[], Awaitable[Sequence[str]]] | None = None
    hint_is_all: bool = False


class CalendarQuery(Report[Calendar]):
    name = caldav("calendar-query")
    kind = Calendar

    async def answer(self, context: Context, resource: Calendar, element: Element) -> Response:
        wanted = calendar.decode_filter(element.find(caldav("filter")))
        floating = zone_of_query(element, resource)
        hint, hint_is_all = calendar_hint.hint(wanted), calendar_hint.is_whole(wanted)
        by_text = ByText(
            f"{wanted} {floating}", lambda text: calendar_match.matches(wanted, parse_tree(text), floating)
        )
        judge: Judge = by_text
        if hint_is_all and hint.component == "VEVENT" and hint.start is not None:
            judge = ByTimes(hint.start, hint.end, floating, by_text)
        query = Query(hint, partial(calendar_hint.verdict, wanted), judge, hint_is_all=hint_is_all)
        return await _answer(context, query, await members(resource, element, context, floating), None)


class AddressBookQuery(Report[AddressBook]):
    name = carddav("addressbook-query")
    kind = AddressBook

    async def answer(self, context: Context, resource: AddressBook, element: Element) -> Response:
        """The filter is matched against the version of the card that the client asks for."""
        wanted = card.decode_filter(element.find(carddav("filter")))
        version = address_data(element, context).version
        needles = card.needles(wanted)
        query = Query(
            card.hint(wanted),
            lambda component: None if wanted.props else True,
            ByText(f"{wanted} {version}", partial(_card_matches, wanted, needles, version)),
            partial(resource.holding, card.folded, needles.folded) if needles.folded else None,
        )
        limit = limit_of(element, carddav("limit"), carddav("nresults"))
        return await _answer(context, query, await members(resource, element, context), limit)


def _card_matches(wanted: card.CardFilter, needles: card.Needles, version: str, text: str) -> bool:
    return needles.in_text(text) and card.matches(wanted, parse_tree(in_version(text, version)))


async def _answer(context: Context, query: Query, writer: Members, limit: int | None) -> Response:
    """Depth 0 is the collection alone, which matches nothing; members have no members, so more than 1 is 1.
    A request without Depth means the members, too: 0, the default of RFC 3253, would never find anything."""
    if depth(context.request, "1") == "0":
        responses = only()
    else:
        href = context.href_of(writer.collection)
        responses = writer.collection.answer(
            _form(context, writer), lambda: _limited(_matching(context, query, writer), limit, href)
        )
    return await multistatus(responses, headers=preferences(context.request).applied)


def _form(context: Context, writer: Members) -> str:
    """All that an answer is made of beside the members, as a digest: clients ask the same again and again."""
    collection = writer.collection
    timezone = collection.timezone if isinstance(collection, Calendar) else None
    made_of = (writer.form, preferences(context.request), with_timezones(context.request), timezone)
    return hashlib.blake2b(repr(made_of).encode() + context.request.body, digest_size=16).hexdigest()


async def _matching(context: Context, query: Query, writer: Members) -> AsyncIterator[Sequence[str]]:
    """The responses of the members that match, some at a time. Bodies are asked for only where a text must be looked at
    or sent."""
    certain, doubtful = await _candidates(query, writer.collection)
    async for responses in writer.named(certain):
        yield [response for response in responses if response is not None]
    failures = 0
    for start in range(0, len(doubtful), TOGETHER):
        matching: list[str] = []
        async for name, verdict in query.judge.verdicts(writer.collection, doubtful[start : start + TOGETHER]):
            if isinstance(verdict, bool):
                matching += [name] if verdict else []
            else:
                failures += 1
                if failures > MAX_FAILURES:
                    raise verdict
                yield [failed(writer.href(name), verdict, context)]
        async for responses in writer.named(matching):
            yield [response for response in responses if response is not None]


async def _candidates(query: Query, collection: ObjectCollection) -> tuple[Sequence[str], Sequence[str]]:
    """The names of members that match, and of those that may."""
    (component,) = collection.components
    verdict = query.verdict(component)
    if verdict is False:
        return (), ()
    if query.narrow is not None:
        return (), await query.narrow()
    found = await collection.candidates(query.hint)
    if verdict:
        return found.names, ()
    return (found.certain, found.doubtful) if query.hint_is_all else ((), found.names)


async def _limited(some: AsyncIterator[Sequence[str]], limit: int | None, href: str) -> AsyncIterator[str]:
    """At most ``limit`` responses; if there are more, the collection itself says so (RFC 6352 8.6.1)."""
    count = 0
    async for responses in some:
        count += len(responses)
        if limit is not None and count > limit:
            yield "".join([*responses[: limit - count], truncated(href)])
            return
        yield "".join(responses)
