"""Members of distribution lists: contacts by UID in a vCard, by id and folder in OX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gateway.ox import contacts
from gateway.ox.contacts import Contact
from gateway.ox.errors import ObjectNotFound, OXError, PermissionDenied
from mappings.contacts.card import Member
from mappings.contacts.groups import plain_uid
from mappings.contacts.wanted import is_mail

if TYPE_CHECKING:
    from gateway.account.account import Account

_MAILS = ("email1", "email2", "email3")
_SEARCHED = 50
"""UIDs per search."""


async def resolved_members(account: Account, rows: Iterable[Contact]) -> dict[str, tuple[Member, ...]]:
    """The members of each list among ``rows``, by the list's id, with the UIDs of the contacts they refer to.

    No upstream call for members in folders that are indexed, else one for all. A member that cannot be looked up is
    a plain address. Raises OXError when OX does not answer.
    """
    lists = {row["id"]: row["distribution_list"] for row in rows if row.get("distribution_list")}
    wanted: dict[str, set[str]] = {}
    for entries in lists.values():
        for entry in entries:
            if entry.get("id") and entry.get("folder_id"):
                wanted.setdefault(entry["folder_id"], set()).add(entry["id"])
    uids = await _uids(account, wanted)
    return {
        key: tuple(
            Member(
                entry.get("mail") or "",
                entry.get("display_name") or "",
                uids.get((entry.get("folder_id") or "", entry.get("id") or "")),
            )
            for entry in entries
        )
        for key, entries in lists.items()
    }


async def _uids(account: Account, wanted: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    unknown: dict[str, list[str]] = {}
    for folder, ids in wanted.items():
        state = account.synced(folder)
        for contact_id in sorted(ids):
            member = None if state is None else state.index.holding(contact_id)
            if member is None:
                unknown.setdefault(folder, []).append(contact_id)
            elif member.uid is not None:
                found[folder, contact_id] = member.uid
    calls = [contacts.by_id(folder, ids, ("uid",)) for folder, ids in unknown.items()]
    for rows in await account.session.run_all(calls) if calls else ():
        if isinstance(rows, ObjectNotFound | PermissionDenied):
            continue
        if isinstance(rows, OXError):
            raise rows
        found.update(((row["folder_id"], row["id"]), row["uid"]) for row in rows if row.get("uid"))
    return found


async def as_entries(
    account: Account, folder: str, members: Sequence[Member], current: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], tuple[Member, ...]]:
    """``distribution_list`` for OX, and the members that OX cannot hold: unknown UIDs, contacts without a mail
    address, addresses that are none. References OX has already (``current``) stay as they are; of several contacts
    with one UID the one in ``folder`` is meant. One upstream call for every fifty references."""
    by_uid = await _contacts_by_uid(
        account, contacts.module_of(folder), [member.uid for member in members if member.uid]
    )
    entries: list[dict[str, Any]] = []
    left = []
    for member in members:
        if not member.uid:
            if not is_mail(member.mail):
                left.append(member)
                continue
            entries.append({"mail_field": 0, "mail": member.mail, "display_name": member.display_name})
            continue
        candidates = by_uid.get(plain_uid(member.uid), [])
        candidates.sort(key=lambda contact: contact["folder_id"] != folder)
        entry = _known(candidates, member.mail, current) or _reference(candidates, member.mail)
        if entry is None:
            left.append(member)
        else:
            entries.append(entry)
    return entries, tuple(left)


def same_entries(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two ``distribution_list`` mean the same; OX keeps no order."""
    return sorted(map(_meaning, one)) == sorted(map(_meaning, other))


def _meaning(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    contact = str(entry.get("id") or "")
    return contact, str(entry.get("mail") or "").casefold(), "" if contact else str(entry.get("display_name") or "")


def _known(candidates: Sequence[Contact], mail: str, current: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The reference that the list has already."""
    ids = {contact["id"] for contact in candidates}
    for entry in current:
        if entry.get("id") in ids and mail.casefold() in ("", str(entry.get("mail")).casefold()):
            return {name: entry[name] for name in ("id", "folder_id", "mail_field", "mail") if name in entry}
    return None


def _reference(candidates: Sequence[Contact], mail: str) -> dict[str, Any] | None:
    """A new reference to the first contact with that address, or with any when none is asked for."""
    for contact in candidates:
        for number, field in enumerate(_MAILS, 1):
            address = contact.get(field)
            if address and mail.casefold() in ("", address.casefold()):
                return {
                    "id": contact["id"],
                    "folder_id": contact["folder_id"],
                    "mail_field": number,
                    "mail": address,
                }
    return None


async def _contacts_by_uid(account: Account, module: str, uids: Sequence[str]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    spelled = sorted({uid for each in uids for uid in (each, plain_uid(each))})
    for start in range(0, len(spelled), _SEARCHED):
        terms = [["=", {"field": "uid"}, _literal(uid)] for uid in spelled[start : start + _SEARCHED]]
        term = terms[0] if len(terms) == 1 else ["or", *terms]
        for row in await account.session.run(contacts.search(term, None, ("uid", *_MAILS), module)):
            found.setdefault(plain_uid(row.get("uid") or ""), []).append(row)
    return found


def _literal(text: str) -> str:
    """Without a meaning for ``*``; what a wildcard finds beyond the UID that was asked for is passed over."""
    return text.replace("*", "?")
