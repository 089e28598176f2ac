"""Users of an embedded OX as tests write about them."""

from __future__ import annotations

from typing import Any

from tests.middleware.client import OXClient

FAR_FUTURE = 9007199254740991
BERLIN = "Europe/Berlin"


def at(value: str, zone: str | None = BERLIN) -> dict[str, str]:
    """A DateTime object."""
    return {"value": value} if zone is None else {"value": value, "tzid": zone}


def meeting(summary: str = "Meeting", **more: Any) -> dict[str, Any]:
    """An event on Monday 2027-04-05 from 9 to 10 in Berlin, far enough ahead to conflict."""
    return {"summary": summary, "startDate": at("20270405T090000"), "endDate": at("20270405T100000"), **more}


def weekly(summary: str = "Weekly", **more: Any) -> dict[str, Any]:
    """The same event on six Mondays."""
    return meeting(summary, rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=6", **more)


class Person:
    """A logged in user with his default calendar."""

    def __init__(self, client: OXClient, entity: int, folder: str) -> None:
        self.client = client
        self.entity = entity
        self.folder = folder

    async def call(self, action: str, body: Any = None, **params: Any) -> dict[str, Any]:
        """The envelope of a call of chronos."""
        answer: dict[str, Any] = await self.client.call("chronos", action, body=body, **params)
        return answer

    async def code(self, action: str, body: Any = None, **params: Any) -> str:
        """The error code of a call that must fail."""
        answer = await self.call(action, body, **params)
        assert "data" not in answer, answer
        return str(answer["code"])

    async def new(self, event: dict[str, Any], **params: Any) -> dict[str, Any]:
        """Create an event; the created one."""
        answer = await self.call("new", event, **{"folder": self.folder, **params})
        assert "data" in answer, answer
        created: dict[str, Any] = answer["data"]["created"][0]
        return created

    async def update(self, event_id: str, event: Any, **params: Any) -> dict[str, Any]:
        """Change an event; the calendar result."""
        wanted = {"folder": self.folder, "id": event_id, "timestamp": FAR_FUTURE, **params}
        answer = await self.call("update", {"event": event}, **wanted)
        assert "data" in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def answer(self, event_id: str, part_stat: str | None = None, **params: Any) -> dict[str, Any]:
        """Answer an invitation; the calendar result."""
        attendee = {"entity": self.entity, **({"partStat": part_stat} if part_stat else {})}
        body = {"attendee": {**attendee, **params.pop("attendee", {})}}
        if "alarms" in params:
            body["alarms"] = params.pop("alarms")
        wanted = {"folder": self.folder, "id": event_id, "timestamp": FAR_FUTURE, **params}
        answer = await self.call("updateAttendee", body, **wanted)
        assert "data" in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def delete(self, event_id: str, **entry: Any) -> dict[str, Any]:
        """Delete an event or occurrence; the result entry, which may hold an error."""
        wanted = {"folder": self.folder, "id": event_id, **entry}
        answer = await self.call("delete", {"events": [wanted]}, timestamp=FAR_FUTURE)
        results: list[dict[str, Any]] = answer["data"]
        assert len(results) == 1
        return results[0]

    async def get(self, event_id: str, **params: Any) -> dict[str, Any]:
        """One event."""
        answer = await self.call("get", **{"folder": self.folder, "id": event_id, **params})
        assert "data" in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def sees(self, event_id: str) -> bool:
        """Whether the event is in the default calendar."""
        return "data" in await self.call("get", folder=self.folder, id=event_id)

    async def all(self, **params: Any) -> list[dict[str, Any]]:
        """The events of the default calendar in the years 2020 to 2036."""
        wanted = {"folder": self.folder, "rangeStart": "20200101T000000Z", "rangeEnd": "20370101T000000Z", **params}
        answer = await self.call("all", **wanted)
        assert "data" in answer, answer
        data: list[dict[str, Any]] = answer["data"]
        return data

    async def updates(self, since: int, **params: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
        """(new and modified, deleted, stamp) since a stamp."""
        answer = await self.call("updates", **{"folder": self.folder, "timestamp": since, **params})
        assert "data" in answer, answer
        return answer["data"]["newAndModified"], answer["data"]["deleted"], answer["timestamp"]

    async def calendar(self, title: str, permissions: list[dict[str, Any]] | None = None) -> str:
        """A new calendar of the user; its composite id."""
        body: dict[str, Any] = {"title": title, "module": "event"}
        if permissions is not None:
            body["permissions"] = permissions
        folder: str = await self.client.data("folders", "new", folder_id="1", body=body)
        return folder


def part_stats(event: dict[str, Any]) -> dict[Any, str | None]:
    """The answers by entity, or by uri of external attendees."""
    return {one.get("entity", one.get("uri")): one.get("partStat") for one in event["attendees"]}


def ids(events: list[dict[str, Any]]) -> list[str]:
    """The ids of events, in their order."""
    return [event["id"] for event in events]
