"""Appointments: the older modules `calendar` and `freebusy` over the events of chronos.

Importing this registers their actions.
"""

from middleware.appointments import actions_confirm, actions_read, actions_sync, actions_write, busy, free_busy_module
from middleware.appointments.registration import freebusy_module, module

__all__ = [
    "actions_confirm",
    "actions_read",
    "actions_sync",
    "actions_write",
    "busy",
    "free_busy_module",
    "freebusy_module",
    "module",
]
