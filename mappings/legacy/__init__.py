"""Appointments of OX 7.8 (module `calendar`) and the events of OX 8 (module `chronos`), one as the other.

The gateway speaks events only; where a server has no `chronos`, its appointments are translated at the border.
"""
