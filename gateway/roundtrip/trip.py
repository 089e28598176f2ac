"""One resource through the gateway: PUT, GET, compare, PUT again what came, remove."""

from __future__ import annotations

from dataclasses import dataclass, field

import aiohttp
from lxml import etree
from yarl import URL

from gateway.roundtrip import calendars, cards
from gateway.roundtrip.findings import Finding, Verdict
from gateway.roundtrip.split import Resource
from mappings.contentline import Component, decode, parse_tree
from mappings.errors import InvalidData
from middleware.journal import Journal

READING = frozenset(["all", "allVisible", "get", "list", "updates", "search", "advancedSearch", "visible", "image"])
"""Actions of OX that change nothing."""


@dataclass(slots=True)
class Journey:
    """What became of one resource.

    `refused` is the status and precondition of a PUT that was not accepted; `failure` what must never happen: an
    error of the server, a resource that cannot be read afterwards; `rewritten` the writes that reached OX when the
    client sent back what it had got.
    """

    resource: Resource
    refused: str = ""
    failure: str = ""
    findings: list[Finding] = field(default_factory=list)
    rewritten: tuple[str, ...] = ()
    answer: str = ""

    @property
    def lost(self) -> bool:
        return bool(self.failure) or any(one.verdict is Verdict.LOST for one in self.findings)

    @property
    def unchanged(self) -> bool:
        return not (self.refused or self.failure) and all(one.verdict is Verdict.EQUAL for one in self.findings)


@dataclass(frozen=True, slots=True)
class Traveller:
    """A client of the gateway. `calendar`, `tasks` and `book` are the URLs of its collections; `journal` is that of
    OX, `users` are the mail addresses of OX's users."""

    session: aiohttp.ClientSession
    calendar: str
    tasks: str
    book: str
    journal: Journal
    users: frozenset[str]

    async def send(self, number: int, resource: Resource) -> Journey:
        """The journey of one resource; leaves nothing behind."""
        journey = Journey(resource)
        home, ending, kind = self.tasks if resource.is_task else self.calendar, "ics", "calendar"
        if resource.is_card:
            home, ending, kind = self.book, "vcf", "vcard"
        url = f"{home}roundtrip-{number}.{ending}"
        headers = {"Content-Type": f"text/{kind}; charset=utf-8"}
        try:
            await self._there_and_back(url, headers, journey)
        except (aiohttp.ClientError, TimeoutError) as error:
            journey.failure = f"no answer ({type(error).__name__})"
        if journey.failure or not journey.refused:
            await self._remove(url, journey)
        return journey

    async def _there_and_back(self, url: str, headers: dict[str, str], journey: Journey) -> None:
        status, body = await self._ask("PUT", url, headers, journey.resource.content)
        if status not in (201, 204):
            problem = f"{status} {_precondition(body)}".strip()
            journey.refused, journey.failure = (problem, "") if status < 500 else ("", f"PUT: {problem}")
            status, _ = await self._ask("GET", url, {}, None)
            if status != 404:
                journey.failure = f"{problem}, but GET: {status}"
            return
        status, body = await self._ask("GET", url, {}, None)
        if status != 200:
            journey.failure = f"GET: {status} {_precondition(body)}".strip()
            return
        journey.answer = body.decode()
        journey.findings, journey.failure = _compared(journey.resource.tree, journey.answer, self.users)
        self.journal.clear()
        status, answer = await self._ask("PUT", url, headers, body)
        if status not in (201, 204):
            journey.failure = journey.failure or f"PUT of what came back: {status} {_precondition(answer)}".strip()
        calls = [f"{module}?{action}" for module, action in self.journal.calls() if action not in READING]
        journey.rewritten = tuple(call for call in calls if call != "login?login")

    async def _remove(self, url: str, journey: Journey) -> None:
        try:
            status, body = await self._ask("DELETE", url, {}, None)
        except (aiohttp.ClientError, TimeoutError) as error:
            journey.failure = journey.failure or f"DELETE: no answer ({type(error).__name__})"
            return
        if status not in (200, 204, 404):
            journey.failure = journey.failure or f"DELETE: {status} {_precondition(body)}".strip()

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        address = URL(url, encoded=True)
        async with self.session.request(method, address, headers=headers, data=body) as answer:
            return answer.status, await answer.read()


def _compared(sent: Component | None, text: str, users: frozenset[str]) -> tuple[list[Finding], str]:
    """Findings, or what is wrong with what came back."""
    if sent is None:
        return [Finding("(unreadable object)", Verdict.REPAIRED, "the gateway could read it; it is not compared")], ""
    try:
        got = parse_tree(decode(text.encode()))
    except InvalidData as error:
        return [], f"what came back cannot be read: {error.reason}"
    if sent.name != got.name:
        return [], f"a {got.name} came back"
    return cards.compare(sent, got) if sent.name == "VCARD" else calendars.compare(sent, got, users), ""


def _precondition(body: bytes) -> str:
    """The name of the first precondition in an error body, and the reason beside it."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return body[:80].decode(errors="replace").strip()
    names = [etree.QName(child).localname for child in root]
    reason = root.findtext("{http://calendarserver.org/ns/}error-description") or ""
    return f"{names[0]} ({reason})" if reason and names else "".join(names[:1])
