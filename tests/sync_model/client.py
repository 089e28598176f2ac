"""A DAV client of a user at one gateway. A status tells what it was refused; a failure is an AssertionError."""

from __future__ import annotations

from tests.davclient import DAV, Answer, Sync

NUMBERS = {"alice": "3", "bob": "4"}
"""Of users."""
_VISIBLE = ("D:displayname", "CS:getctag", "D:current-user-privilege-set")


class Client:
    """At ``url``, in ``calendars`` or ``addressbooks``."""

    def __init__(self, url: str, home: str, password: str, user: str = "alice") -> None:
        self.dav = DAV(url, user, password)
        self.home = f"/{home}/{NUMBERS[user]}/"
        self._books = home == "addressbooks"

    async def close(self) -> None:
        await self.dav.__aexit__(None, None, None)

    def href(self, segment: str, name: str = "") -> str:
        return f"{self.home}{segment}/{name}"

    # -- reading -------------------------------------------------------------------------------------------------

    async def collections(self) -> dict[str, str]:
        """Segments of all collections but scheduling boxes, with what is shown of each."""
        answer = tolerated(await self.dav.propfind(self.home, *_VISIBLE, depth=1)).expect(207)
        shown = {}
        for href, one in answer.responses.items():
            segment = href.removeprefix(self.home).rstrip("/")
            if segment and one.has("CS:getctag"):
                shown[segment] = one.text("D:displayname") + one.text("CS:getctag")
        return shown

    async def listing(self, segment: str) -> dict[str, str] | None:
        """Names and ETags; None when there is no such collection."""
        href = self.href(segment)
        answer = tolerated(await self.dav.propfind(href, "D:getetag", depth=1))
        if answer.status in (403, 404):
            return None
        members = answer.responses.items()
        return {each.removeprefix(href): one.text("D:getetag") for each, one in members if each != href}

    async def changes(self, segment: str, token: str, limit: int | None) -> Sync | None:
        """None when there is no such collection. Raises TokenRefused."""
        href = self.href(segment) if segment else self.home
        answer = tolerated(await self.dav.sync_report(href, token, limit=limit))
        if answer.status in (403, 404, 409, 412) and b"valid-sync-token" in answer.body:
            raise TokenRefused
        if answer.status in (403, 404):
            return None
        found = Sync.of(answer)
        found.changed = {each.removeprefix(href): etag for each, etag in found.changed.items()}
        found.removed = [each.removeprefix(href) for each in found.removed]
        return found

    async def text(self, segment: str, name: str) -> str | None:
        answer = tolerated(await self.dav.get(self.href(segment, name)))
        return answer.text if answer.status == 200 else None

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, segment: str, name: str, body: bytes, etag: str | None = None) -> int:
        """The status. Without ``etag`` nothing may be there."""
        condition = {"if_none_match": "*"} if etag is None else {"if_match": etag}
        return tolerated(await self.dav.put(self.href(segment, name), body, **condition)).status

    async def delete(self, segment: str, name: str, etag: str) -> int:
        return tolerated(await self.dav.delete(self.href(segment, name), if_match=etag)).status

    async def move(self, segment: str, name: str, target: str, target_name: str, overwrite: str = "F") -> int:
        """Onto nothing, unless ``overwrite`` is ``T``."""
        here, there = self.href(segment, name), self.href(target, target_name)
        return tolerated(await self.dav.move(here, there, overwrite=overwrite)).status

    async def make(self, segment: str, component: str) -> int:
        if self._books:
            return tolerated(await self.dav.mkcol(self.href(segment), "CR:addressbook", segment)).status
        kind = f'<C:supported-calendar-component-set><C:comp name="{component}"/></C:supported-calendar-component-set>'
        return tolerated(await self.dav.mkcalendar(self.href(segment), segment, more=kind)).status

    async def remove(self, segment: str) -> int:
        return tolerated(await self.dav.delete(self.href(segment))).status


class TokenRefused(Exception):
    """The client has to start anew."""


def tolerated(answer: Answer) -> Answer:
    """A client may be refused something, but not because of a failure."""
    assert answer.status < 500 or answer.status == 507, f"{answer.status}: {answer.body[:600]!r}"
    return answer
