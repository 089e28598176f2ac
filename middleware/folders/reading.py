"""Actions of the module `folders` that read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from middleware.birthdays.account import birthdays_folder
from middleware.birthdays.folder import birthdays_stamp, birthdays_view
from middleware.call import Call
from middleware.context import Context
from middleware.directory.model import User
from middleware.envelope import Result
from middleware.errors import invalid_parameter
from middleware.folders.addressing import owner_of_virtual, viewer_of, visible_folder
from middleware.folders.changes import vanished_since
from middleware.folders.columns import COLUMNS, row
from middleware.folders.errors import folder_not_found
from middleware.folders.ids import Form
from middleware.folders.model import PRIVATE, PRIVATE_ROOT, PUBLIC, SHARED, SHARED_ROOT, SYSTEM, Folder
from middleware.folders.module import module
from middleware.folders.views import Viewer, folder_view, is_standard, parent_for, title_of, type_for
from middleware.generation import Generation
from middleware.scopes import READ, opens, require_folders

# Content type in requests: module of the folders, form of the ids.
CONTENT_TYPES: dict[str, tuple[str, Form]] = {
    "event": ("calendar", Form.CALENDAR),
    "calendar": ("calendar", Form.PLAIN),
    "2": ("calendar", Form.PLAIN),
    "contacts": ("contacts", Form.PLAIN),
    "3": ("contacts", Form.PLAIN),
    "addressdata": ("contacts", Form.CONTACTS),
    "tasks": ("tasks", Form.PLAIN),
    "1": ("tasks", Form.PLAIN),
    "infostore": ("infostore", Form.PLAIN),
    "8": ("infostore", Form.PLAIN),
    "mail": ("mail", Form.PLAIN),
    "7": ("mail", Form.PLAIN),
}
_NEWER = frozenset({"event", "addressdata"})
_GROUPS = {PRIVATE: "private", PUBLIC: "public", SYSTEM: "public", SHARED: "shared"}
ROOTS = (1, 2, 3, 9)
MERGED_TREE = "1"

# A folder and the form of id it is shown with.
Shown = tuple[Folder, Form]


def requested_content(ox: Context, content_type: str) -> tuple[str, Form]:
    """Module and form of the ids of a content type; SVL-0010 for one that this generation does not have."""
    if content_type not in content_types(ox):
        raise invalid_parameter("content_type", content_type)
    return CONTENT_TYPES[content_type]


def content_types(ox: Context) -> frozenset[str]:
    """The content types of this generation: OX 7.8 has none with composite ids."""
    known = frozenset(CONTENT_TYPES)
    return known - _NEWER if ox.settings.generation is Generation.SEVEN else known


@module.action("root", repeatable=True)
def root(call: Call, ox: Context) -> Result:
    """The folders at the top."""
    columns = call.columns()
    return _rows(call, ox, [(ox.folders.get(number), Form.PLAIN) for number in ROOTS], columns)


@module.action("get", repeatable=True)
def get(call: Call, ox: Context) -> Result:
    """One folder as an object with all its members."""
    text = call.require("id")
    owner = owner_of_virtual(ox, text)
    if owner is not None:
        return Result(_virtual_view(ox, owner, call.user))
    if text == birthdays_folder(ox, call.user):
        require_folders(call, READ, "calendar")
        return Result(birthdays_view(ox, viewer_of(call, ox), text), birthdays_stamp(ox, call.user))
    found = visible_folder(call, ox, text)
    view = folder_view(ox, found.folder, viewer_of(call, ox), found.id.form)
    return Result(view, found.folder.modified)


@module.action("allVisible", repeatable=True)
def all_visible(call: Call, ox: Context) -> Result:
    """The folders of one content type, grouped as private, public and shared; empty groups are left out."""
    content_type = call.require("content_type")
    columns = call.columns()
    module_name, form = requested_content(ox, content_type)
    require_folders(call, READ, module_name)
    viewer = viewer_of(call, ox)
    groups: dict[str, list[Folder]] = {"private": [], "public": [], "shared": []}
    for folder in _in_order(ox.folders.visible(call.user, module_name), call.user):
        if folder.module == "infostore" and folder.type == SYSTEM:
            continue
        if call.flag("all") or viewer.settings(folder).subscribed:
            groups[_GROUPS.get(type_for(folder, call.user), "public")].append(folder)
    names = frozenset(COLUMNS.get(column, "") for column in columns)
    data = {
        name: [row(folder_view(ox, folder, viewer, form, names), columns) for folder in members]
        for name, members in groups.items()
        if members
    }
    if form is Form.CALENDAR:
        data.setdefault("private", []).extend(row(view, columns) for view in _birthdays(ox, viewer))
    return Result(data, _greatest_stamp(folder for members in groups.values() for folder in members))


@module.action("list", repeatable=True)
def list_children(call: Call, ox: Context) -> Result:
    """The folders below a parent. Below the private root, calendars and address books are shown in both forms."""
    parent = call.require("parent")
    columns = call.columns()
    if parent == str(SHARED_ROOT):
        owners = {folder.owner for folder in _shared_with(ox, call.user)}
        return Result([row(_virtual_view(ox, ox.users.get(one), call.user), columns) for one in sorted(owners)])
    wanted = _allowed_modules(call) & {*content_types(ox), "system"}
    if owner_of_virtual(ox, parent) is None:
        visible_folder(call, ox, parent)
    viewer = viewer_of(call, ox)
    subscribed_only = call.text("all") not in ("1", "true")
    shown = [
        (folder, form)
        for folder, form in _below(ox, call.user, parent, wanted)
        if opens(call.session, READ, folder.module) and (not subscribed_only or viewer.settings(folder).subscribed)
    ]
    answer = _rows(call, ox, shown, columns)
    if parent == str(PRIVATE_ROOT) and "event" in wanted and opens(call.session, READ, "calendar"):
        place = sum(form is Form.CALENDAR for _, form in shown)
        answer.data[place:place] = [row(view, columns) for view in _birthdays(ox, viewer)]
    return answer


@module.action("path", repeatable=True)
def path(call: Call, ox: Context) -> Result:
    """The folder and those above it, up to the root folder."""
    found = visible_folder(call, ox, call.require("id"))
    columns = call.columns()
    viewer = viewer_of(call, ox)
    views = [folder_view(ox, found.folder, viewer, found.id.form)]
    stamps = [found.folder.modified]
    parent = parent_for(found.folder, call.user, found.id.form)
    while parent != "0":
        owner = owner_of_virtual(ox, parent)
        if owner is not None:
            views.append(_virtual_view(ox, owner, call.user))
            parent = str(SHARED_ROOT)
            continue
        above = visible_folder(call, ox, parent).folder
        view = folder_view(ox, above, viewer)
        if call.text("tree") == MERGED_TREE and above.id == 1:
            view["title"] = "IPM-Root"
        views.append(view)
        stamps.append(above.modified)
        parent = parent_for(above, call.user, Form.PLAIN)
    return Result([row(view, columns) for view in views], max(stamps))


@module.action("updates", repeatable=True)
def updates(call: Call, ox: Context) -> Result:
    """What changed since `timestamp`: rows of changed folders, then the plain ids of those that vanished.

    Ids are plain for every module; without any change the stamp of the request comes back.
    """
    since = call.integer("timestamp")
    columns = call.columns()
    viewer = viewer_of(call, ox)
    changed = [
        folder
        for folder in ox.folders.all()
        if folder.modified > since and ox.folders.rights(call.user, folder).visible
    ]
    shut = [folder for folder in changed if not opens(call.session, READ, folder.module)]
    vanished = [] if call.text("ignore") == "deleted" else vanished_since(ox, call.user, since)
    data: list[Any] = [row(folder_view(ox, folder, viewer), columns) for folder in changed if folder not in shut]
    # What the session may not see looks as if it had vanished.
    data.extend(str(folder_id) for folder_id in (*(one.id for one in shut), *(gone for gone, _ in vanished)))
    stamps = [since, *(folder.modified for folder in changed), *(stamp for _, stamp in vanished)]
    return Result(data, max(stamps))


@module.action("shares", repeatable=True)
def shares(call: Call, ox: Context) -> Result:
    """The caller's own folders of a content type on which others have rights."""
    content_type = call.require("content_type")
    columns = call.columns()
    module_name, form = requested_content(ox, content_type)
    require_folders(call, READ, module_name)
    own = [
        folder
        for folder in ox.folders.visible(call.user, module_name)
        if folder.owner == call.user and len(folder.permissions) > 1
    ]
    return _rows(call, ox, [(folder, form) for folder in _in_order(own, call.user)], columns)


def _rows(call: Call, ox: Context, shown: list[Shown], columns: tuple[int, ...]) -> Result:
    viewer = viewer_of(call, ox)
    rows = [row(folder_view(ox, folder, viewer, form), columns) for folder, form in shown]
    return Result(rows, _greatest_stamp(folder for folder, _ in shown))


def _greatest_stamp(folders: Iterable[Folder]) -> int:
    return max((folder.modified for folder in folders), default=0)


def _in_order(folders: Iterable[Folder], user_id: int) -> list[Folder]:
    """The default folder first, the others by title."""
    return sorted(folders, key=lambda one: (not is_standard(one, user_id), title_of(one).casefold(), one.id))


def _shared_with(ox: Context, user_id: int) -> list[Folder]:
    return [
        folder
        for folder in ox.folders.all()
        if type_for(folder, user_id) == SHARED and ox.folders.rights(user_id, folder).visible
    ]


def _below(ox: Context, user_id: int, parent: str, wanted: frozenset[str]) -> list[Shown]:
    """The visible folders below a parent in the forms and the order in which they are listed."""
    shown: list[Shown] = []
    for content_type, form in (
        ("event", Form.CALENDAR),
        ("addressdata", Form.CONTACTS),
        ("", Form.PLAIN),
    ):
        if content_type and content_type not in wanted:
            continue
        members = [
            folder
            for folder in ox.folders.all()
            if _has_form(folder, form, wanted)
            and parent_for(folder, user_id, form) == parent
            and ox.folders.rights(user_id, folder).visible
        ]
        shown.extend((folder, form) for folder in _in_order(members, user_id))
    return shown


def _has_form(folder: Folder, form: Form, wanted: frozenset[str]) -> bool:
    if form is Form.PLAIN:
        return folder.module in wanted or (folder.module == "calendar" and "event" in wanted)
    return folder.module == ("calendar" if form is Form.CALENDAR else "contacts")


def _allowed_modules(call: Call) -> frozenset[str]:
    named = call.csv("allowed_modules")
    if not named:
        return frozenset({*CONTENT_TYPES, "system"})
    numbers = {number: name for number, (name, _) in CONTENT_TYPES.items() if number.isdigit()}
    return frozenset(numbers.get(name, name) for name in named)


def _birthdays(ox: Context, viewer: Viewer) -> list[dict[str, Any]]:
    """The calendar of birthdays, when the user has one."""
    folder_id = birthdays_folder(ox, viewer.user_id)
    return [] if folder_id is None else [birthdays_view(ox, viewer, folder_id)]


def _virtual_view(ox: Context, owner: User, user_id: int) -> dict[str, Any]:
    """The folder `u:<id>`, below which lies what that user shares."""
    if not any(folder.owner == owner.id for folder in _shared_with(ox, user_id)):
        raise folder_not_found(f"u:{owner.id}", ox.id)
    return {
        "id": f"u:{owner.id}",
        "folder_id": str(SHARED_ROOT),
        "title": owner.display_name,
        "module": "system",
        "type": SYSTEM,
        "subfolders": True,
        "own_rights": 1,
        "permissions": [],
        "standard_folder": False,
        "subscribed": True,
        "subscr_subflds": True,
        "standard_folder_type": 0,
        "folder_name": owner.display_name,
    }
