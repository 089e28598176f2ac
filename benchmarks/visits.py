"""What calendar programs do when they look for news, each in its own way, on one account."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from benchmarks import answers, requests
from benchmarks.connection import PASSWORD, Answer, Request
from benchmarks.objects import MONTH

_DAVX5_BATCH = 10
_BATCH = 50


class TooSlow(Exception):
    """The gateway asks to come again, because OX does not answer in time."""


@dataclass(slots=True)
class Visitor:
    """One user with one program. ``times``: seconds of each request, where all visitors put them."""

    http: aiohttp.ClientSession
    url: str
    login: str
    times: list[float]
    home: str = ""
    calendar: str = ""
    book: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    written: int = 0

    async def ask(self, request: Request) -> Answer:
        """The answer, which must be a success. Raises Unexpected, TooSlow."""
        auth = aiohttp.BasicAuth(self.login, PASSWORD)
        started = time.perf_counter()
        async with self.http.request(
            request.method,
            URL(self.url + request.path, encoded=True),
            data=request.body,
            headers=dict(request.headers),
            auth=auth,
        ) as response:
            body = await response.read()
        self.times.append(time.perf_counter() - started)
        if response.status == 503:
            raise TooSlow
        if response.status >= 300:
            raise answers.Unexpected(f"{request.method} {request.path}: {response.status} {body[:200]!r}")
        return Answer(response.status, {}, body)

    async def find(self) -> None:
        """The homes and what is in them, as when an account is set up."""
        principal = answers.href_in(await self.ask(requests.principal("/")), "{DAV:}current-user-principal")
        homes = await self.ask(requests.homes(principal))
        self.home = answers.href_in(homes, "{urn:ietf:params:xml:ns:caldav}calendar-home-set")
        books = answers.href_in(homes, "{urn:ietf:params:xml:ns:carddav}addressbook-home-set")
        self.calendar = answers.hrefs(await self.ask(requests.home(self.home)))[1]
        self.book = answers.hrefs(await self.ask(requests.home(books)))[1]

    async def write(self) -> None:
        """A new event of the user's."""
        self.written += 1
        uid = f"written-{self.login}-{self.written}-{time.time_ns()}"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Benchmark//EN", "BEGIN:VEVENT", f"UID:{uid}"]
        lines += ["DTSTAMP:20270101T000000Z", f"DTSTART:{MONTH[0]}", "DURATION:PT1H", "SUMMARY:Written"]
        text = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
        await self.ask(requests.put(f"{self.calendar}{uid}.ics", text, ("If-None-Match", "*")))

    async def follow(self, collection: str, batch: int) -> None:
        """sync-collection, then the texts of what changed."""
        changed = await self.ask(requests.sync(collection, self.tokens.get(collection, "")))
        self.tokens[collection] = answers.token(changed)
        await self._load(collection, answers.members(changed), batch)

    async def _load(self, collection: str, hrefs: Sequence[str], batch: int) -> None:
        multiget = requests.card_multiget if collection == self.book else requests.multiget
        for start in range(0, len(hrefs), batch):
            await self.ask(multiget(collection, hrefs[start : start + batch]))

    async def compare(self, collection: str) -> None:
        """All ETags, then the texts of what changed."""
        listed = answers.members(await self.ask(requests.listing(collection)))
        news = [href for href in listed if href not in self.etags]
        self.etags.update(dict.fromkeys(news, ""))
        await self._load(collection, news, _BATCH)


async def thunderbird(visitor: Visitor) -> None:
    for collection in (visitor.calendar, visitor.book):
        await visitor.ask(requests.poll(collection))
        await visitor.follow(collection, _BATCH)


async def davx5(visitor: Visitor) -> None:
    for collection in (visitor.calendar, visitor.book):
        await visitor.ask(requests.poll(collection))
        await visitor.follow(collection, _DAVX5_BATCH)
    if not visitor.etags:  # events from some day on, without an end, as with its setting for past events
        found = answers.members(await visitor.ask(requests.since(visitor.calendar)))
        visitor.etags.update(dict.fromkeys(found, ""))


async def ios(visitor: Visitor) -> None:
    home = await visitor.ask(requests.home(visitor.home))
    state = str(hash(home.body))
    if visitor.etags.get(visitor.home) != state:
        visitor.etags[visitor.home] = state
        await visitor.follow(visitor.calendar, _BATCH)
    await visitor.follow(visitor.book, _BATCH)


async def vdirsyncer(visitor: Visitor) -> None:
    for collection in (visitor.calendar, visitor.book):
        await visitor.compare(collection)


Program = Callable[[Visitor], Awaitable[None]]
MIX: tuple[Program, ...] = (ios, ios, davx5, davx5, thunderbird, thunderbird, thunderbird, vdirsyncer)
"""Programs as often as they are met."""
