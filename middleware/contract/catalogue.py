"""All scenarios, in the order in which they run."""

from __future__ import annotations

from middleware.contract.scenario import Scenario
from middleware.contract.scenarios import (
    appointments,
    contact_extras,
    contacts,
    directory,
    event_files,
    event_sync,
    events,
    folders,
    free_busy,
    guests,
    meetings,
    recurring,
    sharing,
    signing_in,
    task_extras,
    tasks,
)

_MODULES = (
    signing_in,
    directory,
    folders,
    events,
    event_sync,
    event_files,
    recurring,
    guests,
    appointments,
    contacts,
    contact_extras,
    tasks,
    task_extras,
    sharing,
    meetings,
    free_busy,
)

SCENARIOS: tuple[Scenario, ...] = tuple(
    value for module in _MODULES for value in vars(module).values() if isinstance(value, Scenario)
)


def named(names: list[str]) -> tuple[Scenario, ...]:
    """The scenarios of those names, all without any; LookupError names an unknown one."""
    known = {one.name: one for one in SCENARIOS}
    for name in names:
        if name not in known:
            raise LookupError(f"there is no scenario {name}; there are {', '.join(known)}")
    return tuple(one for one in SCENARIOS if not names or one.name in names)
