"""The modules that the embedded OX has."""

from __future__ import annotations

from middleware import appointments, chronos, contacts, itip, quota, system, tasks, transfer
from middleware.app_passwords import module as app_passwords
from middleware.attachments import actions as attachments
from middleware.configuration import capabilities, config, jslob, manifests
from middleware.context import Settings
from middleware.directory import group_module, resource_module, user_module
from middleware.folders import actions as folders
from middleware.registry import Registry
from middleware.reminders import module as reminders

MODULES = (
    system.module,
    quota.module,
    capabilities.module,
    manifests.module,
    config.module,
    jslob.module,
    folders.module,
    user_module.module,
    user_module.me_module,
    group_module.module,
    resource_module.module,
    chronos.module,
    chronos.alarm_module,
    appointments.module,
    contacts.contacts_module,
    contacts.addressbooks_module,
    contacts.picture_module,
    contacts.image_module,
    itip.module,
    tasks.module,
    attachments.module,
    reminders.module,
    transfer.import_module,
    transfer.export_module,
)


def default_registry(settings: Settings | None = None) -> Registry:
    """All modules of the embedded OX that the settings switch on."""
    optional = (app_passwords.module,) if settings is not None and settings.app_passwords else ()
    return Registry((*MODULES, *optional))
