"""What the tests of tasks do again and again."""

from __future__ import annotations

from typing import Any

from tests.middleware.client import OXClient

FAR_FUTURE = 9007199254740991
MINE = "33"  # the default task lists of alice, bob and carol
BOBS = "43"
CAROLS = "53"
START = 1_804_032_000_000  # 2027-03-03, midnight UTC, a Wednesday
DAY = 86_400_000


async def add(client: OXClient, folder: str = MINE, **fields: Any) -> int:
    """A new task; its id."""
    body = {"folder_id": folder, "title": "Report", **fields}
    data = await client.data("tasks", "new", timezone="UTC", body=body)
    return int(data["id"])


async def get(client: OXClient, task: int, folder: str = MINE) -> Any:
    """The task as the client sees it, in UTC."""
    return await client.data("tasks", "get", id=task, folder=folder, timezone="UTC")


async def update(client: OXClient, task: int, folder: str = MINE, **fields: Any) -> Any:
    """The envelope of an update."""
    return await client.call(
        "tasks", "update", id=task, folder=folder, timestamp=FAR_FUTURE, timezone="UTC", body=fields
    )


async def remove(client: OXClient, task: int, folder: str = MINE) -> Any:
    """The envelope of a deletion."""
    return await client.call("tasks", "delete", timestamp=FAR_FUTURE, body=[{"id": task, "folder": folder}])


async def since(client: OXClient, stamp: int = 0, folder: str = MINE, columns: str = "1,20,200") -> Any:
    """The envelope of `updates` with deletions."""
    return await client.call(
        "tasks", "updates", folder=folder, timestamp=stamp, columns=columns, ignore="none", timezone="UTC"
    )


async def new_list(client: OXClient, title: str = "More", permissions: Any = None, parent: str = "1") -> str:
    """A new task folder; its id."""
    body = {"title": title, "module": "tasks", **({"permissions": permissions} if permissions else {})}
    return str(await client.data("folders", "new", folder_id=parent, body=body))
