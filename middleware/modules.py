"""The modules that the embedded OX has."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from middleware import quota, system
from middleware.configuration import capabilities, config, jslob, manifests
from middleware.folders import actions as folders
from middleware.registry import Registry

BASE_MODULES = (
    system.module,
    quota.module,
    capabilities.module,
    manifests.module,
    config.module,
    jslob.module,
    folders.module,
)


def default_registry() -> Registry:
    """All modules of the embedded OX."""
    names = (
        ("middleware.chronos", "module"),
        ("middleware.chronos", "alarm_module"),
        ("middleware.contacts", "contacts_module"),
        ("middleware.contacts", "addressbooks_module"),
        ("middleware.contacts", "picture_module"),
        ("middleware.contacts", "image_module"),
    )
    found = (getattr(import_module(package), name, None) for package, name in names if find_spec(package))
    return Registry((*BASE_MODULES, *(module for module in found if module is not None)))
