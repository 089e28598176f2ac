"""Events: the modules `chronos` and `chronos/alarm`. Importing this package registers their actions."""

from middleware.chronos import (
    actions_alarm,
    actions_read,
    actions_sync,
    actions_write,
    archive,
    clean_up,
    folder_content,
    former_users,
    free_busy,
    search,
)
from middleware.chronos.registration import alarm_module, module

__all__ = [
    "actions_alarm",
    "actions_read",
    "actions_sync",
    "actions_write",
    "alarm_module",
    "archive",
    "clean_up",
    "folder_content",
    "former_users",
    "free_busy",
    "module",
    "search",
]
