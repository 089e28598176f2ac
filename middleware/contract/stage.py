"""Where a scenario plays: signed-in users and folders of its own, which are gone afterwards."""

from __future__ import annotations

from typing import Any

from middleware.contract.answers import Answer
from middleware.contract.checks import Checks
from middleware.contract.client import FAR_FUTURE, Person, Unreachable

PRIVATE_ROOT = "1"
TITLE = "oxdav contract"


class Actor:
    """A user in a scenario: his calls are checked on the way."""

    def __init__(self, person: Person, checks: Checks) -> None:
        self.person = person
        self.user_id = person.user_id
        self.call = person.call
        self._checks = checks

    async def done(self, what: str, module: str, action: str = "", /, body: Any = None, **params: Any) -> Answer:
        """A call that must succeed; else the scenario stops."""
        return self._checks.success(what, await self.person.call(module, action, body, **params))

    async def refused(
        self, what: str, code: str, category: str, module: str, action: str = "", /, body: Any = None, **params: Any
    ) -> Answer:
        """A call that must fail with this error."""
        answer = await self.person.call(module, action, body, **params)
        self._checks.error(what, answer, code, category)
        return answer

    async def events(self, what: str, folder: str, since: int = 0, **params: Any) -> Any:
        """The data of chronos `updates`."""
        return (await self.done(what, "chronos", "updates", folder=folder, timestamp=since, **params)).data

    async def event(self, what: str, folder: str, event_id: str, **params: Any) -> Any:
        """One event."""
        return (await self.done(what, "chronos", "get", folder=folder, id=event_id, **params)).data

    async def change(self, what: str, event: Any, fields: Any, **params: Any) -> Any:
        """The calendar result of an update of an event."""
        wanted = {"folder": event["folder"], "id": event["id"], "timestamp": FAR_FUTURE, "scheduling": "none"}
        return (await self.done(what, "chronos", "update", {"event": fields}, **{**wanted, **params})).data

    async def remove(self, what: str, *events: Any, stamp: int = FAR_FUTURE, **entry: Any) -> Any:
        """The result entries of a deletion of events or, with `recurrenceId`, occurrences."""
        named = [{"folder": one["folder"], "id": one["id"], **entry} for one in events]
        body = {"events": named}
        answer = await self.done(what, "chronos", "delete", body, timestamp=stamp, scheduling="none")
        self._checks.need(f"{what}: one entry per event", isinstance(answer.data, list), answer.data)
        self._checks.need(f"{what}: one entry per event", len(answer.data) == len(events), answer.data)
        return answer.data


class Stage:
    """What a scenario works with. Every title it gives begins with `prefix`, by which its folders are found again."""

    def __init__(self, checks: Checks, first: Person, second: Person | None, mark: str) -> None:
        self.check = checks
        self.first = Actor(first, checks)
        self.prefix = f"{TITLE} {mark}"
        self._second = Actor(second, checks) if second is not None else None
        self._folders: list[tuple[Person, str]] = []
        self._meetings: list[tuple[Person, str, str]] = []
        self._appointments: list[tuple[Person, str, str]] = []
        self._titles = 0

    @property
    def second(self) -> Actor:
        """The second user; only for scenarios that need one."""
        if self._second is None:
            raise LookupError("this scenario has to say that it needs a second user")
        return self._second

    def title(self, text: str) -> str:
        """A title for a folder that no other folder has."""
        self._titles += 1
        return f"{self.prefix} {text} {self._titles}"

    async def calendar(self, owner: Actor | None = None) -> str:
        """A new calendar; its composite id."""
        return await self._folder(owner or self.first, "event", "calendar")

    async def appointment_calendar(self) -> str:
        """A new calendar for the module `calendar`; its plain id."""
        return await self._folder(self.first, "calendar", "appointment calendar")

    async def address_book(self) -> str:
        """A new address book; its id."""
        return await self._folder(self.first, "contacts", "address book")

    async def task_list(self) -> str:
        """A new task folder; its id."""
        return await self._folder(self.first, "tasks", "task list")

    async def _folder(self, owner: Actor, module: str, text: str) -> str:
        body = {"title": self.title(text), "module": module}
        answer = await owner.done(f"a new {text}", "folders", "new", body, folder_id=PRIVATE_ROOT)
        self.check.need(f"the answer is the id of the {text}", isinstance(answer.data, str), answer.data)
        self.keep_track(owner, answer.data)
        return str(answer.data)

    def keep_track(self, owner: Actor, folder: str) -> None:
        """Remove a folder at the end that the scenario made itself."""
        self._folders.append((owner.person, folder))

    async def event(self, folder: str, event: Any, owner: Actor | None = None, **params: Any) -> Any:
        """A new event; the created one."""
        owner = owner or self.first
        query = {"folder": folder, "scheduling": "none", **params}
        answer = await owner.done("a new event", "chronos", "new", event, **query)
        created = answer.data.get("created") if isinstance(answer.data, dict) else None
        self.check.need("the answer holds the created event", isinstance(created, list) and len(created) == 1, created)
        made = answer.data["created"][0]
        if len(made.get("attendees", ())) > 1:
            self._meetings.append((owner.person, folder, made["id"]))
        return made

    async def appointment(self, folder: str, body: Any, owner: Actor | None = None) -> str:
        """The id of a new appointment."""
        owner = owner or self.first
        members = {"folder_id": folder, "notification": False, "ignore_conflicts": True, **body}
        answer = await owner.done("a new appointment", "calendar", "new", members, timezone="UTC")
        made = answer.data.get("id") if isinstance(answer.data, dict) else None
        self.check.need("the answer is the id of the appointment", isinstance(made, str | int), answer.data)
        if len(body.get("participants", ())) > 1:
            self._appointments.append((owner.person, folder, str(made)))
        return str(made)

    async def close(self) -> list[str]:
        """Remove meetings, then folders; what could not be removed."""
        left: list[str] = []
        for person, folder, event_id in self._meetings:
            body = {"events": [{"folder": folder, "id": event_id}]}
            params = {"timestamp": FAR_FUTURE, "scheduling": "none"}
            await _attempt(left, f"event {event_id}", person, "chronos", "delete", body, **params)
        for person, folder, number in self._appointments:
            gone = [{"folder": folder, "id": number}]
            await _attempt(left, f"appointment {number}", person, "calendar", "delete", gone, timestamp=FAR_FUTURE)
        for person, folder in self._folders:
            await _attempt(left, f"folder {folder}", person, "folders", "delete", [folder], timestamp=FAR_FUTURE)
        return left


_GONE = "OX-0001"


async def _attempt(left: list[str], what: str, person: Person, *call: Any, **params: Any) -> None:
    """Removing what is gone already is no failure; most modules tell it in an entry or a warning, one by this code."""
    try:
        answer = await person.call(*call, **params)
    except Unreachable as error:
        left.append(f"{what} of {person.name}: {error}")
        return
    if answer.failed and answer.code != _GONE:
        left.append(f"{what} of {person.name}: {answer.describe()}")


async def sweep(person: Person, prefix: str) -> list[str]:
    """Remove folders of a run that were made, but whose making was interrupted; what is left afterwards."""
    left: list[str] = []
    for folder in await made_by(person, prefix):
        await _attempt(left, f"folder {folder}", person, "folders", "delete", [folder], timestamp=FAR_FUTURE)
    return left or [f"folder {folder} of {person.name}" for folder in await made_by(person, prefix)]


async def made_by(person: Person, prefix: str) -> list[str]:
    """The own folders of a user whose titles begin like that."""
    found: list[str] = []
    for content_type in ("calendar", "contacts", "tasks"):
        answer = await person.call("folders", "allVisible", content_type=content_type, columns="1,300")
        groups = answer.data if isinstance(answer.data, dict) else {}
        rows = [row for name in ("private", "public") for row in groups.get(name, ())]
        found.extend(str(row[0]) for row in rows if str(row[1]).startswith(prefix))
    return found
