"""The module `chronos/itip`: scheduling messages that came by mail (RFC 6047), looked at and put into the calendar."""

from middleware.itip.actions import module
from middleware.itip.mails import deliver

__all__ = ["deliver", "module"]
