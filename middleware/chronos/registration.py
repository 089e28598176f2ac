"""The modules that the actions register with."""

from __future__ import annotations

from middleware.registry import Module

module = Module("chronos")
alarm_module = Module("chronos/alarm")
