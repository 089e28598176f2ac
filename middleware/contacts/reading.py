"""The reading actions of `contacts` and `addressbooks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from middleware.call import Call
from middleware.contacts import access, storage
from middleware.contacts.errors import bad_identifier, missing_field, not_found
from middleware.contacts.fields import ALL, OLDER_ALL
from middleware.contacts.model import Contact
from middleware.contacts.view import View, latest, view_for
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import unexpected
from middleware.generation import Generation

NULL_DATE = 'Cannot invoke "Object.getClass()" because "date" is null'
SPECIAL_SORT = frozenset({607, 608, 609})


class Reading:
    """Actions that change nothing; `composite` is how folder ids are written."""

    def __init__(self, *, composite: bool) -> None:
        self._composite = composite

    def view(self, call: Call, context: Context) -> View:
        return view_for(call, context, composite=self._composite)

    def all(self, call: Call, context: Context) -> Result:
        columns = call.columns()
        with context.store.reading() as connection:
            folder = access.readable_folder(context, call, call.require("folder"))
            found = storage.in_folders(connection, [folder.id])
        return self._listed(call, context, access.visible(context, call.user, folder, found), columns)

    def get(self, call: Call, context: Context) -> Result:
        text = call.require("id")
        with context.store.reading() as connection:
            folder = access.readable_folder(context, call, call.require("folder"))
            contact = access.existing(context, call, connection, folder, text)
        return Result(self.view(call, context).object(contact), contact.modified)

    def list(self, call: Call, context: Context) -> Result:
        """Unknown ids are left out."""
        columns = call.columns()
        found: list[Contact] = []
        with context.store.reading() as connection:
            for named in call.array():
                if not isinstance(named, dict):
                    raise bad_identifier(str(named))
                folder = access.readable_folder(context, call, named.get("folder") or named.get("folder_id"))
                contact = storage.find(connection, access.identifier(named.get("id")))
                if contact is not None and contact.folder == folder.id:
                    found += access.visible(context, call.user, folder, [contact])
        return Result(self.view(call, context).rows(found, columns), latest(found))

    def updates(self, call: Call, context: Context) -> Result:
        """Modified contacts as rows, deleted ones as bare ids unless `ignore` is `deleted`.

        A real OX 8 fails when there are deletions and nothing else; so does this one unless it is mended.
        """
        if "folder" not in call.params:
            raise missing_field("folder")
        columns = call.columns() if "columns" in call.params else self._all(context)
        since = call.integer("timestamp")
        with context.store.reading() as connection:
            folder = access.readable_folder(context, call, call.require("folder"))
            found = storage.modified_since(connection, folder.id, since)
            gone = [] if call.text("ignore") == "deleted" else storage.deleted_since(connection, folder.id, since)
        modified = access.visible(context, call.user, folder, found)
        if gone and not modified and not context.settings.mend:
            raise unexpected(NULL_DATE)
        stamps = [contact.modified for contact in modified] + [stamp for _, stamp in gone]
        rows: list[Any] = [
            *self.view(call, context).rows(modified, columns),
            *(str(identifier) for identifier, _ in gone),
        ]
        return Result(rows, max(stamps, default=None))

    def getuser(self, call: Call, context: Context) -> Result:
        user = call.integer("id")
        with context.store.reading() as connection:
            contact = storage.by_user(connection, user)
        if contact is None:
            raise not_found(user, context.id)
        return Result(self.view(call, context).object(contact), contact.modified)

    def listuser(self, call: Call, context: Context) -> Result:
        columns = call.columns()
        with context.store.reading() as connection:
            users = (storage.by_user(connection, access.identifier(user)) for user in call.array())
            found = [contact for contact in users if contact is not None]
        return Result(self.view(call, context).rows(found, columns), latest(found))

    def _all(self, context: Context) -> tuple[int, ...]:
        return OLDER_ALL if context.settings.generation is Generation.SEVEN else ALL

    def _listed(self, call: Call, context: Context, found: Sequence[Contact], columns: tuple[int, ...]) -> Result:
        ordered = sort(found, call, self.view(call, context))
        if "right_hand_limit" in call.params or "limit" in call.params:
            first = call.integer("left_hand_limit", 0)
            last = call.integer("limit" if "limit" in call.params else "right_hand_limit")
            ordered = ordered[first:last]
        return Result(self.view(call, context).rows(ordered, columns), latest(found))


def sort(found: Sequence[Contact], call: Call, view: View) -> list[Contact]:
    """By the column of `sort` and the direction of `order`; by sort name without."""
    ordered = sorted(found, key=lambda contact: (contact.sort_name.casefold(), contact.id))
    column = call.integer("sort", 0)
    if not column or column in SPECIAL_SORT or column not in view.columns:
        return ordered
    name = view.columns[column]

    def key(contact: Contact) -> tuple[bool, Any]:
        value = view.members(contact).get(name)
        return (value is None, "" if value is None else value.casefold() if isinstance(value, str) else value)

    return sorted(ordered, key=key, reverse=call.text("order").lower() == "desc")
