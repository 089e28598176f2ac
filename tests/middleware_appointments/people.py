"""Users of the module `calendar`, and the numbers they send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.middleware.client import OXClient

FAR = 2**53 - 1
HOUR, DAY = 3_600_000, 86_400_000


def ms(*date: int) -> int:
    """A moment in UTC: `ms(2027, 4, 5, 9)`."""
    year, month, day, *rest = date
    hour, minute = (*rest, 0, 0)[:2]
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


# A Monday morning, 09:00 in Berlin.
START = ms(2027, 4, 5, 7)


@dataclass(frozen=True, slots=True)
class Person:
    """One user with his session; times are sent and read in UTC."""

    client: OXClient
    id: int
    folder: int

    async def call(self, action: str, body: Any = None, /, module: str = "calendar", **params: Any) -> Any:
        """The envelope of one call."""
        return await self.client.call(module, action, body=body, **{"timezone": "UTC", **params})

    async def new(self, body: dict[str, Any] | None = None, **members: Any) -> int:
        """The number of a new appointment, by default an hour on a Monday morning."""
        answer = await self.call("new", {**self.appointment(), **(body or {}), **members})
        assert "error" not in answer, answer
        return int(answer["data"]["id"])

    def appointment(self, **members: Any) -> dict[str, Any]:
        """The body of a new appointment."""
        plain = {"folder_id": self.folder, "title": "Call", "start_date": START, "end_date": START + HOUR}
        return {**plain, "timezone": "Europe/Berlin", "ignore_conflicts": True, **members}

    async def get(self, number: int, folder: int | None = None, **params: Any) -> Any:
        """An appointment."""
        answer = await self.call("get", id=number, folder=folder or self.folder, **params)
        assert "data" in answer, answer
        return answer["data"]

    async def update(self, number: int, folder: int | None = None, /, **members: Any) -> Any:
        """The envelope of an update that does not ask what was changed meanwhile."""
        body = {"ignore_conflicts": True, **members}
        return await self.call("update", body, id=number, folder=folder or self.folder, timestamp=FAR)

    async def delete(self, number: int, **named: Any) -> Any:
        """The envelope of a deletion."""
        return await self.call("delete", [{"id": number, "folder": self.folder, **named}], timestamp=FAR)

    async def all(self, columns: str = "1,200,201", **params: Any) -> Any:
        """Rows of April and May 2027."""
        span = {"start": ms(2027, 4, 1), "end": ms(2027, 6, 1)}
        answer = await self.call("all", **{"folder": self.folder, "columns": columns, **span, **params})
        assert "data" in answer, answer
        return answer["data"]

    async def updates(self, since: int, columns: str = "1,200", **params: Any) -> Any:
        """What changed since a stamp: the envelope."""
        return await self.call("updates", folder=self.folder, timestamp=since, columns=columns, **params)
