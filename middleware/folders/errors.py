"""Errors of the module `folders` and of folder permissions."""

from __future__ import annotations

from middleware.errors import GENERAL, OXError

MAX_NAME = 767
TITLE_COLUMN = 300


def folder_not_found(folder_id: int | str, context_id: int) -> OXError:
    """No folder has that id."""
    return OXError(
        "FLD-0008",
        "ERROR",
        "Such a folder does not exist.",
        f"Folder {folder_id} does not exist in context {context_id}",
        [folder_id, context_id],
    )


def folder_not_visible(folder_id: int | str, user_id: int, context_id: int) -> OXError:
    """The user may not see the folder."""
    return OXError(
        "FLD-0003",
        "PERMISSION_DENIED",
        "You do not have appropriate permissions to view the folder.",
        f'Folder "{folder_id}" is not visible to user "{user_id}" in context "{context_id}"',
        [str(folder_id), str(user_id), str(context_id)],
    )


def no_subfolder_right(user_id: int, folder_id: int, context_id: int) -> OXError:
    """The user may not create folders below this one."""
    return OXError(
        "FLD-0006",
        "PERMISSION_DENIED",
        "You do not have appropriate permissions to create a subfolder.",
        f"User {user_id} has no create-subfolder permission on folder {folder_id} in context {context_id}",
        [user_id, folder_id, context_id],
    )


def missing_title(context_id: int) -> OXError:
    """A folder needs a name."""
    return OXError(
        "FLD-0007",
        "USER_INPUT",
        "You must enter a folder name.",
        f"Missing field title in folder in context {context_id}",
        ["title", "", context_id],
    )


def missing_field(name: str) -> OXError:
    """A member of the body is absent."""
    text = f"Missing the following field in JSON data: {name}"
    return OXError("SVL-0002", "ERROR", text, params=[name])


def title_too_long(length: int) -> OXError:
    """The name does not fit the store."""
    return OXError(
        "FLD-0064",
        "TRUNCATED",
        f"The specified folder name exceeds the limit of {MAX_NAME} characters. Please shorten the name and try again.",
        f"The value for attribute fname contains more than the allowed number of {MAX_NAME} characters. "
        f"Current length: {length} characters.",
        ["fname", MAX_NAME, length],
        {
            "problematic": [{"id": TITLE_COLUMN, "length": length, "max_size": MAX_NAME}],
            "truncated": [TITLE_COLUMN],
        },
    )


def title_taken(title: str, parent_title: str, tree: str) -> OXError:
    """Another folder below the parent has that name."""
    text = f'A folder named "{title}" already exists.'
    desc = f'A folder named "{title}" already exists below parent folder "{parent_title}" in tree "{tree}".'
    return OXError("FLD-1014", "PERMISSION_DENIED", text, desc, [title, parent_title, tree])


def content_type_not_allowed(parent: str, content_type: str, tree: str, user_id: int, context_id: int) -> OXError:
    """Folders of this kind cannot be created below the parent."""
    return OXError(
        "FLD-1012",
        "ERROR",
        "The content type you provided is not allowed for the given folder.",
        f'Parent folder "{parent}" does not allow folder content type "{content_type}" in tree "{tree}" '
        f"for user {user_id} in context {context_id}.",
        [parent, content_type, tree, user_id, context_id],
    )


def unknown_content_type(name: str) -> OXError:
    """There is no such module of folders."""
    desc = f"Unknown module {name}."
    return OXError("FLD-0042", "ERROR", GENERAL, desc, [name])


def no_admin_right(user_id: int, folder_id: int, context_id: int) -> OXError:
    """Only who administers the folder may do this."""
    return OXError(
        "FLD-0010",
        "PERMISSION_DENIED",
        "This operation requires administrative permissions for the folder.",
        f"User {user_id} has no admin access to folder {folder_id} in context {context_id}",
        [user_id, folder_id, context_id],
    )


def default_not_renamed(folder_id: int, context_id: int) -> OXError:
    """Default folders keep their names."""
    return OXError(
        "FLD-0011",
        "PERMISSION_DENIED",
        "The folder is a default folder and cannot be renamed.",
        f"Default folder {folder_id} cannot be renamed in context {context_id}",
        [folder_id, context_id],
    )


def default_not_moved(user_id: int, folder_id: int, context_id: int) -> OXError:
    """Default folders keep their place."""
    return OXError(
        "FLD-0021",
        "PERMISSION_DENIED",
        "The folder is a default folder and cannot be moved.",
        f"User {user_id} is not allowed to move default folder {folder_id} in context {context_id}",
        [user_id, folder_id, context_id],
    )


def default_not_deleted(user_id: int, folder_id: int, context_id: int) -> OXError:
    """Default folders stay."""
    return OXError(
        "FLD-0031",
        "PERMISSION_DENIED",
        "The folder is a default folder and cannot be deleted.",
        f"User {user_id} is not allowed to delete default folder {folder_id} in context {context_id}",
        [user_id, folder_id, context_id],
    )


def not_clearable(folder_id: int, context_id: int) -> OXError:
    """No module can delete the content of the folder and keep the folder."""
    desc = f"Folder {folder_id} in context {context_id} cannot be cleared."
    return OXError("FLD-1009", "ERROR", GENERAL, desc, [folder_id, context_id])


def changed_meanwhile() -> OXError:
    """The folder was changed after the stamp of the request."""
    return OXError("FLD-1022", "CONFLICT", GENERAL, "The object has been changed in the meantime.")


def one_private_admin(folder_id: int, context_id: int) -> OXError:
    """A private folder has exactly one administrator."""
    return _permission_rule("FLD-0015", "Only one user can administer a private folder.", folder_id, context_id)


def no_group_admin(folder_id: int, context_id: int) -> OXError:
    """A group cannot administer a private folder."""
    return _permission_rule("FLD-0016", "A group cannot administer a private folder.", folder_id, context_id)


def owner_must_administer(folder_id: int, context_id: int) -> OXError:
    """The administrator of a private folder is its owner."""
    return _permission_rule("FLD-0017", "Only the owner can administer a private folder.", folder_id, context_id)


def admin_needed(folder_id: int, context_id: int) -> OXError:
    """A folder needs an administrator."""
    return _permission_rule("FLD-0018", "A folder needs at least one administrator.", folder_id, context_id)


def unknown_entity(entity: object, folder_id: int, context_id: int) -> OXError:
    """A permission names nobody in the context."""
    desc = f"Invalid entity id {entity} in permissions of folder {folder_id} in context {context_id}"
    return OXError("FLD-0044", "USER_INPUT", GENERAL, desc, [entity, folder_id, context_id])


def _permission_rule(code: str, message: str, folder_id: int, context_id: int) -> OXError:
    desc = f"{message} Folder {folder_id} in context {context_id}"
    return OXError(code, "ERROR", message, desc, [folder_id, context_id])
