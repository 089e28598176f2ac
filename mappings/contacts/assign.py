"""Which property of a card belongs to which slot of the contact.

The assignment is stable: a value that OX already holds stays in its slot as long as the client did not move it to
another kind (home to work). Only then new values take the free slots, the slot of a vanished value before an empty
one, so that an edited number stays where it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mappings.contacts import slots
from mappings.contacts.entries import Entry
from mappings.contacts.slots import Slot

_UNSPECIFIC = ".any"
"""Ending of the categories of values whose place the client did not say; they may stay in any slot."""


@dataclass(slots=True)
class Assignment:
    """Slot key → the entries it takes. The first one fills the slot, the others say the same in other words."""

    taken: dict[str, list[Entry]] = field(default_factory=dict)
    left: list[Entry] = field(default_factory=list)

    def release(self, refused: frozenset[str]) -> None:
        """Empty the slots of fields whose values OX does not take."""
        for key in [key for key in self.taken if not refused.isdisjoint(slots.BY_KEY[key].fields)]:
            self.left.extend(self.taken.pop(key))


def assign(
    entries: Sequence[Entry],
    held: Mapping[str, Any],
    seen: Mapping[str, str],
    placeable: Callable[[Entry], bool],
) -> Assignment:
    """Distribute the entries that have a category over the slots of a contact.

    `held` is the contact as OX has it (empty for a new one); `seen` maps slot keys to the category under which the
    client last saw the slot, where that differs from the slot's own; `placeable` says whether OX would take an
    entry's value (one that OX holds already always may stay).
    """
    result = Assignment()
    waiting = [entry for entry in entries if entry.category is not None]
    waiting = _merge(waiting, result)
    waiting = _keep(waiting, result, held, lambda entry, slot: entry.category == seen.get(slot.key, slot.category))
    waiting = _keep(waiting, result, held, lambda entry, slot: (entry.category or "").endswith(_UNSPECIFIC))
    placing = sorted(waiting, key=lambda entry: not entry.preferred)
    for choose in (_own, _fallback):
        placing = [entry for entry in placing if not (placeable(entry) and _place(entry, choose(entry), result, held))]
    placing = [entry for entry in placing if not _echo(entry, result)]
    homeless = set(map(id, placing))
    result.left = [entry for entry in waiting if id(entry) in homeless]
    return result


def _merge(entries: Iterable[Entry], result: Assignment) -> list[Entry]:
    rest = []
    for entry in entries:
        merging = [slot for slot in _own(entry) if slot.merges]
        if merging and merging[0].read(entry.prop) is not None:
            result.taken.setdefault(merging[0].key, []).append(entry)
        else:
            rest.append(entry)
    return rest


def _keep(
    entries: Iterable[Entry],
    result: Assignment,
    held: Mapping[str, Any],
    may_stay: Callable[[Entry, Slot], bool],
) -> list[Entry]:
    rest = []
    for entry in entries:
        for slot in candidates(entry):
            if slot.key not in result.taken and may_stay(entry, slot) and _shows(entry, slot, held):
                result.taken[slot.key] = [entry]
                break
        else:
            rest.append(entry)
    return rest


def _shows(entry: Entry, slot: Slot, held: Mapping[str, Any]) -> bool:
    """Whether the entry says exactly what the slot holds."""
    found = slot.read(entry.prop)
    return found is not None and slot.shown(found) == slot.shown(held)


def _place(entry: Entry, choices: Sequence[Slot], result: Assignment, held: Mapping[str, Any]) -> bool:
    free = [slot for slot in choices if slot.key not in result.taken]
    if entry.second:
        free.reverse()
    free.sort(key=lambda slot: not any(slot.shown(held)))
    for slot in free:
        if slot.read(entry.prop) is not None:
            result.taken[slot.key] = [entry]
            return True
    return False


def _echo(entry: Entry, result: Assignment) -> bool:
    """Whether the entry repeats what a slot open to it took (X-ANNIVERSARY beside X-ABDATE)."""
    for slot in candidates(entry):
        taken = result.taken.get(slot.key)
        if taken and _shows(entry, slot, slot.read(taken[0].prop) or {}):
            taken.append(entry)
            return True
    return False


def candidates(entry: Entry) -> tuple[Slot, ...]:
    """The slots an entry may ever take, those made for its category first."""
    return (*_own(entry), *_fallback(entry))


def _own(entry: Entry) -> tuple[Slot, ...]:
    return slots.own(entry.category or "")


def _fallback(entry: Entry) -> tuple[Slot, ...]:
    return slots.fallback(entry.category or "")
