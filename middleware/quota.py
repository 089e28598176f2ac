"""The module `quota`: how much a user has stored and may store."""

from __future__ import annotations

import re
from typing import Any

from middleware.attachments.storage import usage
from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Answer, Binary, Result, incidents
from middleware.registry import Module

module = Module("quota")

COUNT_LIMIT = 250_000
SHARE_LIMIT = 100
FILE_BYTES = 10 * 1024**3

# Quota module: name for humans, name of the account, and the API module that counts its objects.
_COUNTED = {
    "calendar": ("Calendar", "Internal Calendar", "chronos"),
    "task": ("Tasks", "Tasks", "tasks"),
    "contact": ("Contacts", "Contacts", "contacts"),
}


@module.action("get")
def get(call: Call, ox: Context) -> Answer:
    """The quota of one account of a module, or of all modules."""
    quotas = _all_quotas(call.user, ox)
    name = call.params.get("module")
    if name is None:
        return Result(quotas)
    if name not in quotas:
        return _no_provider(name)
    accounts = quotas[name]["accounts"]
    account_id = call.params.get("account")
    if account_id is None:
        return Result(accounts)
    found = [account for account in accounts if account["account_id"] == account_id]
    return Result(found[0]) if found else _no_provider(name)


@module.action("filestore")
def filestore(call: Call, ox: Context) -> Result:
    """The space for files, in bytes."""
    with ox.store.reading() as connection:
        return Result({"quota": FILE_BYTES, "use": usage(connection, call.user)[1]})


def _all_quotas(user_id: int, ox: Context) -> dict[str, dict[str, Any]]:
    quotas = {
        name: _quota(title, account, COUNT_LIMIT, _count(api_module, user_id, ox))
        for name, (title, account, api_module) in _COUNTED.items()
    }
    quotas["attachment"] = _attachments(user_id, ox)
    quotas["share_links"] = _quota("Share links", "Share links", SHARE_LIMIT, 0)
    quotas["invite_guests"] = _quota("Invite guests", "Invite guests", SHARE_LIMIT, 0)
    return quotas


def _attachments(user_id: int, ox: Context) -> dict[str, Any]:
    """The files beside tasks and contacts; those of events are part of them."""
    with ox.store.reading() as connection:
        count, size = usage(connection, user_id)
    quota = _quota("Attachments", "Attachments", COUNT_LIMIT, count)
    quota["accounts"][0].update(quota=FILE_BYTES, use=size)
    return quota


def _count(api_module: str, user_id: int, ox: Context) -> int:
    found = ox.registry.get(api_module)
    return found.count_objects(ox, user_id) if found and found.count_objects else 0


def _quota(title: str, account: str, limit: int, used: int) -> dict[str, Any]:
    accounts = [{"account_id": "0", "account_name": account, "countquota": limit, "countuse": used}]
    return {"display_name": title, "accounts": accounts}


def _no_provider(name: str) -> Binary:
    text = (
        f"SVL-0020 Categories=ERROR Message='Bad request. No provider exists for module '{name}'.' "
        f"exceptionID={incidents.next_id()}\n\tcom.openexchange.exception.locale: en_US"
    )
    page = (
        "<!DOCTYPE html>\n<html><head>\n<title>400 Bad Request</title>\n</head><body>\n"
        f"<h1>Bad Request</h1>\n<p>{_escape(text)}</p>\n</body></html>\n"
    )
    return Binary(page.encode(), "text/html;charset=UTF-8", {"Content-Disposition": "inline"}, status=400)


def _escape(text: str) -> str:
    """As the server escapes: everything but letters, digits and a few marks."""
    return re.sub(r"[^\w ,.\-]", lambda found: f"&#x{ord(found[0]):x};", text).replace("\t", "&#x9;")
