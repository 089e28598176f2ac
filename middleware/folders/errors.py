"""Errors of the module `folders` and of folder permissions."""

from __future__ import annotations

from middleware.errors import OXError


def folder_not_found(folder_id: int, context_id: int) -> OXError:
    """No folder has that id."""
    return OXError(
        "FLD-0008",
        "ERROR",
        "Such a folder does not exist.",
        f"Folder {folder_id} does not exist in context {context_id}",
        [folder_id, context_id],
    )


def folder_not_visible(folder_id: int, user_id: int, context_id: int) -> OXError:
    """The user may not see the folder."""
    return OXError(
        "FLD-0003",
        "PERMISSION_DENIED",
        "You do not have appropriate permissions to view the folder.",
        f'Folder "{folder_id}" is not visible to user "{user_id}" in context "{context_id}"',
        [str(folder_id), str(user_id), str(context_id)],
    )
