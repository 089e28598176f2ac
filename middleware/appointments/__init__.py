"""Appointments: the older module `calendar`, over the events of chronos. Importing this registers its actions."""

from middleware.appointments import actions_confirm, actions_read, actions_sync, actions_write, busy
from middleware.appointments.registration import module

__all__ = ["actions_confirm", "actions_read", "actions_sync", "actions_write", "busy", "module"]
