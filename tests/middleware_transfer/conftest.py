from __future__ import annotations

from typing import Any

import aiohttp

from tests.middleware.client import OXClient
from tests.middleware_chronos.conftest import alice, bob, login, server, settings

__all__ = ["alice", "bob", "login", "server", "settings"]


async def upload(client: OXClient, action: str, folder: str, text: str, **params: str) -> Any:
    """The answer to an import: JSON with `plainJson`, a page without."""
    query = {"action": action, "folder": folder, "session": client.session, **params}
    form = aiohttp.FormData()
    form.add_field("file", text.encode(), filename="file", content_type="text/plain")
    async with client.http.post(client.url + "import", params=query, data=form) as response:
        return await response.json() if "plainJson" in params else await response.text()


async def imported(client: OXClient, action: str, folder: str, text: str) -> list[dict[str, Any]]:
    """The entries of the answer to an import."""
    answer = await upload(client, action, folder, text, plainJson="true")
    entries: list[dict[str, Any]] = answer["data"]
    return entries


async def exported(client: OXClient, action: str, body: Any = None, **params: str) -> str:
    """The text of an export."""
    async with client.raw("export", action, body=body, **params) as response:
        return str((await response.read()).decode())
