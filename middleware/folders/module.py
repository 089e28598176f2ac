"""The module object of `folders`, to which reading and writing register their actions."""

from __future__ import annotations

from middleware.errors import unknown_ajax_action
from middleware.registry import Module

module = Module("folders", unknown=lambda action: unknown_ajax_action())
