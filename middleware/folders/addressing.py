"""From a folder id in a request to the folder, and from a user's call to his view."""

from __future__ import annotations

from dataclasses import dataclass

from middleware.call import Call
from middleware.context import Context
from middleware.directory.model import User
from middleware.folders.errors import folder_not_found, folder_not_visible
from middleware.folders.ids import FolderId, Form, split_folder_id
from middleware.folders.model import Folder
from middleware.folders.personal import personal_settings
from middleware.folders.views import Viewer
from middleware.generation import Generation
from middleware.scopes import READ, WRITE, changes_folders, opens, require_folders

_FORM_MODULES = {Form.CALENDAR: "calendar", Form.CONTACTS: "contacts"}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A folder, and the id by which it was asked for."""

    folder: Folder
    id: FolderId


def viewer_of(call: Call, ox: Context) -> Viewer:
    """The calling user as the viewer of folders. One query."""
    return Viewer(call.user, call.timezone(), personal_settings(ox.store, call.user))


def existing_folder(ox: Context, text: object) -> Addressed:
    """The folder of an id; FLD-0008 when there is none (in that account), CAL-4044 for a strange account."""
    folder_id = split_folder_id(text)
    if folder_id is None or (folder_id.form is not Form.PLAIN and ox.settings.generation is Generation.SEVEN):
        raise folder_not_found(str(text), ox.id)
    folder = ox.folders.get(folder_id.number)
    module = _FORM_MODULES.get(folder_id.form)
    if module is not None and folder.module != module:
        raise folder_not_found(folder_id.number, ox.id)
    return Addressed(folder, folder_id)


def visible_folder(call: Call, ox: Context, text: object) -> Addressed:
    """The folder of an id, when the caller can see it; FLD-0003 when he cannot, or his session lacks the scope.

    RA-0002 when the call writes and the session is only for reading.
    """
    found = existing_folder(ox, text)
    if not ox.folders.rights(call.user, found.folder).visible:
        raise folder_not_visible(found.folder.id, call.user, ox.id)
    if not opens(call.session, READ, found.folder.module):
        raise folder_not_visible(str(found.id), call.user, ox.id)
    if changes_folders(call.action):
        require_folders(call, WRITE, found.folder.module)
    return found


def owner_of_virtual(ox: Context, text: str) -> User | None:
    """The user in the id of a virtual folder `u:3`, below which his shared folders lie."""
    name = text.removeprefix("u:")
    return ox.users.find(int(name)) if text.startswith("u:") and name.isdigit() else None
