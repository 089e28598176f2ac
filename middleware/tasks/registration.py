"""The module object, on which actions and hooks register themselves."""

from __future__ import annotations

from middleware.registry import Module

module = Module("tasks")
