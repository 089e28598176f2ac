"""Another client of OX: speaks the HTTP API directly, knows nothing of the gateway."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any

import aiohttp

FAR_FUTURE = 9007199254740991


class OX:
    """One signed-in user of the HTTP API below ``url`` (``http://.../ajax/``)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"User-Agent": "another client"}
        )
        self._session = ""
        self.user_id = 0

    @classmethod
    async def signed_in(cls, url: str, login: str, password: str = "demo") -> OX:
        ox = cls(url)
        form = {"name": login, "password": password, "client": "stories", "version": "1"}
        async with ox._http.post(f"{url}login", params={"action": "login"}, data=form) as response:
            answer = await response.json(content_type=None)
        ox._session, ox.user_id = answer["session"], answer["user_id"]
        return ox

    async def __aenter__(self) -> OX:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def envelope(self, module: str, action: str, /, body: Any = None, **params: Any) -> Any:
        query = {"action": action, "session": self._session, **{key: str(value) for key, value in params.items()}}
        if body is None:
            request = self._http.get(self._url + module, params=query)
        else:
            request = self._http.put(self._url + module, params=query, json=body)
        async with request as response:
            return await response.json(content_type=None)

    async def call(self, module: str, action: str, /, body: Any = None, **params: Any) -> Any:
        """The ``data`` of an answer that must be a success."""
        answer = await self.envelope(module, action, body, **params)
        assert "error" not in answer or answer.get("categories") == "WARNING", answer
        return answer.get("data")

    # -- what stories do most -----------------------------------------------------------------------------------

    async def calendar(self) -> str:
        """Composite id of the default calendar."""
        return f"cal://0/{await self.setting('folder/calendar')}"

    async def address_book(self) -> str:
        return str(await self.setting("folder/contacts"))

    async def setting(self, path: str) -> Any:
        async with self._http.get(f"{self._url}config/{path}", params={"session": self._session}) as response:
            return (await response.json(content_type=None))["data"]

    async def events(self, folder: str | None = None) -> list[dict[str, Any]]:
        changes = await self.call("chronos", "updates", folder=folder or await self.calendar(), timestamp=0)
        found: list[dict[str, Any]] = changes["newAndModified"]
        return found

    async def event(self, uid: str, folder: str | None = None) -> dict[str, Any]:
        """The master or single event with that uid."""
        (one,) = [found for found in await self.events(folder) if found["uid"] == uid and "recurrenceId" not in found]
        return one

    async def add_event(self, folder: str | None = None, **fields: Any) -> dict[str, Any]:
        event = {
            "startDate": {"value": "20270301T090000", "tzid": "Europe/Berlin"},
            "endDate": {"value": "20270301T100000", "tzid": "Europe/Berlin"},
            **fields,
        }
        data = await self.call("chronos", "new", event, folder=folder or await self.calendar())
        created: dict[str, Any] = data["created"][0]
        return created

    async def add_event_with_files(self, *files: tuple[str, str, bytes], **fields: Any) -> dict[str, Any]:
        """As the web client does it; each file is a name, a type and its bytes."""
        attachments = [
            {"filename": name, "fmtType": kind, "uri": f"cid:file_{place}"}
            for place, (name, kind, _) in enumerate(files)
        ]
        event = {
            "startDate": {"value": "20270301T090000", "tzid": "Europe/Berlin"},
            "endDate": {"value": "20270301T100000", "tzid": "Europe/Berlin"},
            "attachments": attachments,
            **fields,
        }
        form = aiohttp.FormData()
        form.add_field("json_0", json.dumps(event))
        for place, (name, _, data) in enumerate(files):
            form.add_field(f"file_{place}", data, filename=name, content_type="application/octet-stream")
        query = {"action": "new", "session": self._session, "folder": await self.calendar(), "plainJson": "true"}
        async with self._http.post(f"{self._url}chronos", params=query, data=form) as response:
            answer = await response.json(content_type=None)
        created: dict[str, Any] = answer["data"]["created"][0]
        return created

    async def file(self, event: dict[str, Any], managed_id: int) -> bytes:
        """The bytes of an attachment."""
        where = {"folder": event["folder"], "id": event["id"], "managedId": str(managed_id)}
        query = {"action": "getAttachment", "session": self._session, **where}
        async with self._http.get(f"{self._url}chronos", params=query) as response:
            assert response.content_type == "application/octet-stream", await response.text()
            return await response.read()

    async def attach(self, module: int, folder: str, attached: str, *files: tuple[str, str, bytes]) -> list[int]:
        """Files beside an object (module ``attachment``); the ids they get."""
        form = aiohttp.FormData(quote_fields=False)
        named = {"module": module, "folder": int(folder), "attached": int(attached)}
        for place, (name, kind, data) in enumerate(files):
            form.add_field(f"json_{place}", json.dumps(named))
            form.add_field(f"file_{place}", data, filename=name, content_type=kind)
        query = {"action": "attach", "session": self._session, "force_json_response": "true"}
        async with self._http.post(f"{self._url}attachment", params=query, data=form) as response:
            ids: list[int] = (await response.json(content_type=None))["data"]
        return ids

    async def attached(self, module: int, folder: str, attached: str) -> dict[str, bytes]:
        """The files beside an object, by name."""
        named = {"module": str(module), "folder": folder, "attached": attached}
        found = {}
        for number, name in await self.call("attachment", "all", columns="1,803", **named):
            query = {"action": "document", "id": str(number), "session": self._session, **named}
            async with self._http.get(f"{self._url}attachment", params=query) as response:
                found[name] = await response.read()
        return found

    async def detach(self, module: int, folder: str, attached: str, *ids: int) -> None:
        named = {"module": str(module), "folder": folder, "attached": attached}
        await self.call("attachment", "detach", list(ids), **named)

    async def change_event(self, event: dict[str, Any], **fields: Any) -> Any:
        return await self.call(
            "chronos", "update", {"event": fields}, folder=event["folder"], id=event["id"], timestamp=FAR_FUTURE
        )

    async def delete_event(self, event: dict[str, Any]) -> None:
        named = [{"folder": event["folder"], "id": event["id"]}]
        (outcome,) = await self.call("chronos", "delete", {"events": named}, timestamp=FAR_FUTURE)
        assert "error" not in outcome, outcome

    async def add_contact(self, folder: str | None = None, **fields: Any) -> str:
        data = await self.call("contacts", "new", {"folder_id": folder or await self.address_book(), **fields})
        return str(data["id"])

    async def contact(self, identifier: str, folder: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = await self.call(
            "contacts", "get", folder=folder or await self.address_book(), id=identifier, timezone="UTC"
        )
        return found

    async def contacts(self, folder: str | None = None) -> dict[str, str]:
        """uid -> id."""
        rows = await self.call("contacts", "all", folder=folder or await self.address_book(), columns="1,223")
        return {row[1]: str(row[0]) for row in rows}

    async def task_list(self) -> str:
        return str(await self.setting("folder/tasks"))

    async def add_task(self, folder: str | None = None, **fields: Any) -> str:
        data = await self.call(
            "tasks", "new", {"folder_id": folder or await self.task_list(), **fields}, timezone="UTC"
        )
        return str(data["id"])

    async def tasks(self, folder: str | None = None) -> dict[str, str]:
        """uid -> id."""
        rows = await self.call("tasks", "all", folder=folder or await self.task_list(), columns="1,223")
        return {row[1]: str(row[0]) for row in rows}

    async def task(self, identifier: str, folder: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = await self.call(
            "tasks", "get", folder=folder or await self.task_list(), id=identifier, timezone="UTC"
        )
        return found

    async def change_task(self, identifier: str, folder: str | None = None, **fields: Any) -> None:
        where = {"folder": folder or await self.task_list(), "id": identifier}
        await self.call("tasks", "update", fields, timestamp=FAR_FUTURE, timezone="UTC", **where)

    async def delete_task(self, identifier: str, folder: str | None = None) -> None:
        named = [{"folder": folder or await self.task_list(), "id": identifier}]
        await self.call("tasks", "delete", named, timestamp=FAR_FUTURE)
