"""The modules that the embedded OX has."""

from __future__ import annotations

from middleware import appointments, chronos, contacts, itip, quota, system, tasks, transfer
from middleware.app_passwords import module as app_passwords
from middleware.attachments import actions as attachments
from middleware.configuration import capabilities, config, jslob, manifests
from middleware.context import Settings
from middleware.directory import group_module, resource_module, user_module
from middleware.folders import actions as folders
from middleware.generation import Generation
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
    appointments.freebusy_module,
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


# OX 7.8 does not have these yet, OX 8 not any more those.
NEWER = ("addressbooks", "appPasswords", "chronos", "chronos/alarm", "chronos/itip", "contacts/picture", "system")
OLDER = ("freebusy",)


def default_registry(settings: Settings | None = None) -> Registry:
    """All modules of the embedded OX that the settings switch on."""
    settings = settings or Settings()
    optional = (app_passwords.module,) if settings.app_passwords else ()
    hidden = NEWER if settings.generation is Generation.SEVEN else OLDER
    return Registry((*MODULES, *optional), settings.without.union(hidden))
