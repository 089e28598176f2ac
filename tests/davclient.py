"""A small fluent DAV client for stories: says what a client does, shows what it got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import quote, urljoin

import aiohttp
from lxml import etree
from yarl import URL

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CR": "urn:ietf:params:xml:ns:carddav",
    "CS": "http://calendarserver.org/ns/",
    "A": "http://apple.com/ns/ical/",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def clark(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@dataclass(slots=True)
class Propstats:
    """One response of a multistatus: properties by status, and the response-level status if there is one."""

    href: str
    status: int | None
    by_status: dict[int, dict[str, etree._Element]] = field(default_factory=dict)

    def element(self, name: str) -> etree._Element:
        return self.by_status[200][clark(name)]

    def text(self, name: str) -> str:
        return self.element(name).text or ""

    def href_in(self, name: str) -> str:
        found = self.element(name).findtext(clark("D:href"))
        assert found is not None, f"{name} holds no href"
        return found

    def has(self, name: str) -> bool:
        return clark(name) in self.by_status.get(200, {})

    def missing(self, name: str) -> bool:
        return clark(name) in self.by_status.get(404, {})


@dataclass(slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def etag(self) -> str | None:
        return self.headers.get("ETag")

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.body)

    def expect(self, *statuses: int) -> Answer:
        assert self.status in statuses, f"{self.status}, not {statuses}: {self.body[:600]!r}"
        return self

    def precondition(self, name: str) -> bool:
        return self.xml.find(f"{clark(name)}") is not None

    @property
    def responses(self) -> dict[str, Propstats]:
        """By href, in the answer's order."""
        assert self.status == 207, f"{self.status}: {self.body[:600]!r}"
        found = {}
        for response in self.xml.iterfind(clark("D:response")):
            one = _propstats(response)
            found[one.href] = one
        return found

    @property
    def only(self) -> Propstats:
        (one,) = self.responses.values()
        return one

    @property
    def sync_token(self) -> str:
        token = self.xml.findtext(clark("D:sync-token"))
        assert token, "no sync-token"
        return token


@dataclass(slots=True)
class Sync:
    """``changed``: ETags by href, empty for what has none, as collections."""

    token: str
    changed: dict[str, str]
    removed: list[str]
    truncated: bool

    @classmethod
    def of(cls, answer: Answer) -> Sync:
        found = cls(answer.sync_token, {}, [], truncated=False)
        for one in answer.responses.values():
            if one.status == 404:
                found.removed.append(one.href)
            elif one.status == 507:
                found.truncated = True
            else:
                found.changed[one.href] = "" if one.missing("D:getetag") else one.text("D:getetag")
        return found


def _propstats(response: etree._Element) -> Propstats:
    href = response.findtext(clark("D:href")) or ""
    status = response.findtext(clark("D:status"))
    one = Propstats(href, int(status.split()[1]) if status else None)
    for propstat in response.iterfind(clark("D:propstat")):
        code = int((propstat.findtext(clark("D:status")) or "").split()[1])
        prop = propstat.find(clark("D:prop"))
        assert prop is not None, "a propstat without prop"
        one.by_status.setdefault(code, {}).update({str(child.tag): child for child in prop})
    return one


class DAV:
    """One client of one account. ``url`` is the server's root."""

    def __init__(self, url: str, login: str, password: str, *, agent: str = "stories/1") -> None:
        self.url = url
        self._session = aiohttp.ClientSession(
            auth=aiohttp.BasicAuth(login, password, encoding="utf-8") if login else None,
            headers={"User-Agent": agent},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def __aenter__(self) -> DAV:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def request(
        self, method: str, href: str, body: str | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        url = URL(self.url.rstrip("/") + href, encoded=True)
        async with self._session.request(
            method, url, data=body, headers=dict(headers or {}), allow_redirects=False
        ) as response:
            return Answer(response.status, response.headers, await response.read())

    # -- properties ---------------------------------------------------------------------------------------------

    async def propfind(
        self, href: str, *names: str, depth: int | str = 0, headers: Mapping[str, str] | None = None
    ) -> Answer:
        props = "".join(f"<{name}/>" for name in names)
        body = f"<D:propfind {DECLARATIONS}><D:prop>{props}</D:prop></D:propfind>" if names else None
        return await self._xml("PROPFIND", href, body, {"Depth": str(depth), **(headers or {})})

    async def proppatch(self, href: str, *changes: str) -> Answer:
        body = f"<D:propertyupdate {DECLARATIONS}>{''.join(changes)}</D:propertyupdate>"
        return await self._xml("PROPPATCH", href, body)

    # -- collections --------------------------------------------------------------------------------------------

    async def mkcalendar(self, href: str, name: str | None = None, *, more: str = "") -> Answer:
        inner = (f"<D:displayname>{name}</D:displayname>" if name else "") + more
        body = f"<C:mkcalendar {DECLARATIONS}><D:set><D:prop>{inner}</D:prop></D:set></C:mkcalendar>"
        return await self._xml("MKCALENDAR", href, body if inner else None)

    async def mkcol(self, href: str, kind: str, name: str) -> Answer:
        body = (
            f"<D:mkcol {DECLARATIONS}><D:set><D:prop><D:resourcetype><D:collection/><{kind}/></D:resourcetype>"
            f"<D:displayname>{name}</D:displayname></D:prop></D:set></D:mkcol>"
        )
        return await self._xml("MKCOL", href, body)

    # -- objects ------------------------------------------------------------------------------------------------

    async def get(self, href: str, **headers: str) -> Answer:
        return await self.request("GET", href, headers=_conditions(headers))

    async def put(self, href: str, text: str | bytes, **headers: str) -> Answer:
        kind = "text/vcard" if href.endswith(".vcf") else "text/calendar"
        return await self.request("PUT", href, text, {"Content-Type": f"{kind}; charset=utf-8", **_conditions(headers)})

    async def delete(self, href: str, **headers: str) -> Answer:
        return await self.request("DELETE", href, headers=_conditions(headers))

    async def move(self, href: str, target: str, *, overwrite: str | None = None) -> Answer:
        headers = {"Destination": urljoin(self.url, target)}
        if overwrite is not None:
            headers["Overwrite"] = overwrite
        return await self.request("MOVE", href, headers=headers)

    # -- reports ------------------------------------------------------------------------------------------------

    async def report(self, href: str, body: str, *, depth: int | str | None = 1) -> Answer:
        return await self._xml("REPORT", href, body, {} if depth is None else {"Depth": str(depth)})

    async def multiget(self, href: str, hrefs: Iterable[str], *, card: bool = False) -> Answer:
        kind, data = (
            ("CR:addressbook-multiget", "CR:address-data") if card else ("C:calendar-multiget", "C:calendar-data")
        )
        wanted = "".join(f"<D:href>{one}</D:href>" for one in hrefs)
        body = f"<{kind} {DECLARATIONS}><D:prop><D:getetag/><{data}/></D:prop>{wanted}</{kind}>"
        return await self.report(href, body)

    async def query(self, href: str, filters: str, *props: str) -> Answer:
        wanted = "".join(f"<{name}/>" if not name.startswith("<") else name for name in props or ("D:getetag",))
        body = (
            f"<C:calendar-query {DECLARATIONS}><D:prop>{wanted}</D:prop>"
            f"<C:filter>{filters}</C:filter></C:calendar-query>"
        )
        return await self.report(href, body)

    async def card_query(self, href: str, filters: str, *props: str, test: str = "anyof", more: str = "") -> Answer:
        wanted = "".join(f"<{name}/>" for name in props or ("D:getetag",))
        body = (
            f"<CR:addressbook-query {DECLARATIONS}><D:prop>{wanted}</D:prop>"
            f'<CR:filter test="{test}">{filters}</CR:filter>{more}</CR:addressbook-query>'
        )
        return await self.report(href, body)

    async def sync_report(
        self, href: str, token: str = "", *, limit: int | None = None, depth: int | None = 0
    ) -> Answer:
        bound = f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>" if limit else ""
        body = (
            f"<D:sync-collection {DECLARATIONS}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
            f"{bound}<D:prop><D:getetag/></D:prop></D:sync-collection>"
        )
        return await self.report(href, body, depth=depth)

    async def sync(self, href: str, token: str = "", *, limit: int | None = None) -> Sync:
        return Sync.of(await self.sync_report(href, token, limit=limit))

    # -- finding one's way --------------------------------------------------------------------------------------

    async def calendars(self) -> dict[str, str]:
        """Display name -> href of the calendars of the signed-in user, found as a client finds them."""
        return await self._collections("C:calendar-home-set", "C:calendar")

    async def address_books(self) -> dict[str, str]:
        return await self._collections("CR:addressbook-home-set", "CR:addressbook")

    async def _collections(self, home_set: str, kind: str) -> dict[str, str]:
        root = await self.propfind("/", "D:current-user-principal")
        principal = await self.propfind(root.only.href_in("D:current-user-principal"), home_set)
        home = await self.propfind(principal.only.href_in(home_set), "D:resourcetype", "D:displayname", depth=1)
        return {
            one.text("D:displayname"): href
            for href, one in home.responses.items()
            if one.element("D:resourcetype").find(clark(kind)) is not None
        }

    async def _xml(self, method: str, href: str, body: str | None, headers: Mapping[str, str] | None = None) -> Answer:
        extra = {"Content-Type": "application/xml; charset=utf-8"} if body else {}
        return await self.request(method, href, body, {**extra, **(headers or {})})


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def child(collection: str, name: str) -> str:
    """The href of a member of a collection."""
    return collection + quote(name, safe="")


def event(uid: str, summary: str = "Event", *, start: str = "20270301T090000", lines: Sequence[str] = ()) -> str:
    """A calendar object with one event in Berlin, an hour long."""
    hour = int(start[9:11]) + 1
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Stories//EN",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20270101T000000Z",
            f"DTSTART;TZID=Europe/Berlin:{start}",
            f"DTEND;TZID=Europe/Berlin:{start[:9]}{hour:02d}{start[11:]}",
            f"SUMMARY:{summary}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def todo(uid: str, summary: str = "Task", *lines: str) -> str:
    """A calendar object with one task."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stories//EN", "BEGIN:VTODO", f"UID:{uid}"]
    tail = ["END:VTODO", "END:VCALENDAR", ""]
    return "\r\n".join([*head, "DTSTAMP:20270101T000000Z", f"SUMMARY:{summary}", *lines, *tail])


def card(uid: str, name: str = "Ada Lovelace", *lines: str) -> str:
    given, _, family = name.partition(" ")
    return "\r\n".join(
        [
            "BEGIN:VCARD",
            "VERSION:3.0",
            f"UID:{uid}",
            f"FN:{name}",
            f"N:{family};{given};;;",
            *lines,
            "END:VCARD",
            "",
        ]
    )
