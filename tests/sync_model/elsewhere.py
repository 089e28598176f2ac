"""What other clients of OX do to the objects of a folder; what OX refuses does not happen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from tests.account.test_contacts import card
from tests.account.test_events import ics, vevent
from tests.davclient import todo
from tests.middleware.client import OXClient
from tests.middleware_appointments.people import DAY, HOUR, START
from tests.sync_model.site import FAR, accepted


class Objects(ABC):
    """The objects of one kind. ``module``: that of their folders."""

    module: str
    component = "VEVENT"
    home = "calendars"
    suffix = ".ics"

    @abstractmethod
    async def ids(self, ox: OXClient, folder: str) -> list[str]:
        """Of the resources that a user sees in a folder: series are one."""

    @abstractmethod
    async def new(self, ox: OXClient, folder: str, number: int) -> None: ...

    @abstractmethod
    async def change(self, ox: OXClient, folder: str, object_id: str, number: int) -> None: ...

    @abstractmethod
    async def delete(self, ox: OXClient, folder: str, object_id: str, number: int) -> None: ...

    @abstractmethod
    async def move(self, ox: OXClient, folder: str, object_id: str, target: str) -> None: ...


class Chronos(Objects):
    module = "event"

    async def ids(self, ox: OXClient, folder: str) -> list[str]:
        answer = await ox.data("chronos", "updates", folder=folder, timestamp=0)
        return sorted({event.get("seriesId", event["id"]) for event in answer["newAndModified"]})

    async def new(self, ox: OXClient, folder: str, number: int) -> None:
        event: dict[str, Any] = {
            "summary": f"made {number}",
            "startDate": {"value": "20270301T090000", "tzid": "Europe/Berlin"},
            "endDate": {"value": "20270301T100000", "tzid": "Europe/Berlin"},
        }
        if number % 2:
            event["rrule"] = "FREQ=DAILY;COUNT=4"
        if number % 3 == 1:
            event["uid"] = f"uid-{number % 4}"
        if number % 5 == 1:
            event["filename"] = f"name-{number % 4}"
        await accepted(ox, "chronos", "new", event, folder=folder, checkConflicts=False)

    async def change(self, ox: OXClient, folder: str, object_id: str, number: int) -> None:
        where = {"folder": folder, "id": object_id, "timestamp": FAR}
        if number % 4 == 0:
            await accepted(ox, "chronos", "update", {"filename": f"name-{number % 3}"}, **where)
        elif number % 4 == 1:
            occurrence = f"2027030{1 + number % 3}T080000Z"
            await accepted(ox, "chronos", "update", {"summary": "instance"}, recurrenceId=occurrence, **where)
        else:
            await accepted(ox, "chronos", "update", {"summary": f"changed {number}"}, **where)

    async def delete(self, ox: OXClient, folder: str, object_id: str, number: int) -> None:
        occurrence = {"recurrenceId": f"2027030{1 + number % 3}T080000Z"} if number % 3 == 0 else {}
        named = {"events": [{"folder": folder, "id": object_id, **occurrence}]}
        await accepted(ox, "chronos", "delete", named, timestamp=FAR)

    async def move(self, ox: OXClient, folder: str, object_id: str, target: str) -> None:
        where = {"folder": folder, "id": object_id, "targetFolder": target, "timestamp": FAR}
        await ox.call("chronos", "move", body={}, **where)


_UTC = {"timezone": "UTC"}


class Rows(Objects):
    """Objects of the older modules, which OX lists as rows."""

    object_module: str

    async def ids(self, ox: OXClient, folder: str) -> list[str]:
        answer = await ox.data(self.object_module, "all", folder=folder, columns="1,20")
        return sorted(str(row[0]) for row in answer)

    @abstractmethod
    def fields(self, number: int) -> dict[str, Any]:
        """Of a new object."""

    @abstractmethod
    def changed(self, number: int) -> dict[str, Any]: ...

    async def new(self, ox: OXClient, folder: str, number: int) -> None:
        await accepted(ox, self.object_module, "new", {"folder_id": folder, **self.fields(number)}, **_UTC)

    async def change(self, ox: OXClient, folder: str, object_id: str, number: int) -> None:
        await self._update(ox, folder, object_id, self.changed(number))

    async def delete(self, ox: OXClient, folder: str, object_id: str, number: int) -> None:
        named = [{"id": object_id, "folder": folder}]
        await accepted(ox, self.object_module, "delete", named, timestamp=FAR)

    async def move(self, ox: OXClient, folder: str, object_id: str, target: str) -> None:
        await self._update(ox, folder, object_id, {"folder_id": target})

    async def _update(self, ox: OXClient, folder: str, object_id: str, fields: dict[str, Any]) -> None:
        where = {"folder": folder, "id": object_id, "timestamp": FAR, **_UTC}
        await accepted(ox, self.object_module, "update", fields, **where)


class Contacts(Rows):
    module = object_module = "contacts"
    component = "VCARD"
    home = "addressbooks"
    suffix = ".vcf"

    def fields(self, number: int) -> dict[str, Any]:
        return {"display_name": f"made {number}"} | ({"uid": f"uid-{number % 4}"} if number % 3 == 1 else {})

    def changed(self, number: int) -> dict[str, Any]:
        return {"note": str(number)}


class Tasks(Rows):
    module = object_module = "tasks"
    component = "VTODO"

    def fields(self, number: int) -> dict[str, Any]:
        return {"title": f"made {number}"} | ({"uid": f"uid-{number % 4}"} if number % 3 == 1 else {})

    def changed(self, number: int) -> dict[str, Any]:
        return {"note": str(number)}


class Appointments(Rows):
    """Events of OX 7.8."""

    module = object_module = "calendar"

    async def ids(self, ox: OXClient, folder: str) -> list[str]:
        span = {"start": START - 400 * DAY, "end": START + 400 * DAY, "recurrence_master": True}
        answer = await ox.data("calendar", "all", folder=folder, columns="1,20,206", **span)
        return sorted({str(row[2] or row[0]) for row in answer})

    def fields(self, number: int) -> dict[str, Any]:
        times = {"start_date": START, "end_date": START + HOUR, "ignore_conflicts": True}
        rule = {"recurrence_type": 1, "interval": 1, "occurrences": 4} if number % 2 else {}
        return {"title": f"made {number}", **times, **rule}

    def changed(self, number: int) -> dict[str, Any]:
        position = {"recurrence_position": 1 + number % 3} if number % 4 == 1 else {}
        return {"title": f"changed {number}", "ignore_conflicts": True, **position}

    async def delete(self, ox: OXClient, folder: str, object_id: str, number: int) -> None:
        position = {"recurrence_position": 1 + number % 3} if number % 3 == 0 else {}
        named = [{"id": object_id, "folder": folder, **position}]
        await accepted(ox, "calendar", "delete", named, timestamp=FAR)


def body_of(component: str, uid: str, summary: str, *lines: str) -> bytes:
    match component:
        case "VCARD":
            return card(uid, summary, *lines)
        case "VTODO":
            return todo(uid, summary, *lines).encode()
    return ics(vevent(uid, summary, *lines))
