"""An event as it is stored: once for all who take part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from middleware.chronos.dates import When, stored

JSON = dict[str, Any]


@dataclass(slots=True)
class Event:
    """One event. `data` holds its fields by their OX names, without those that depend on the viewer.

    `series` is the id of the master (its own id for a master); `folder` the public folder it lies in, None for
    an event in personal calendars; `owner` the user in whose calendar it was created, None in a public folder.
    Attendees in `data` carry two members that are never shown: `hidden` (the user deleted his copy) and `transp`.
    """

    id: int
    series: int | None
    folder: int | None
    owner: int | None
    stamp: int
    data: JSON

    @property
    def text_id(self) -> str:
        """The id as the API writes it."""
        return str(self.id)

    @property
    def is_master(self) -> bool:
        """Whether this is the master of a series."""
        return self.series == self.id

    @property
    def is_instance(self) -> bool:
        """Whether this is an overridden (or detached) instance of a series."""
        return self.series is not None and self.series != self.id

    @property
    def start(self) -> When:
        """The start."""
        return stored(self.data["startDate"])

    @property
    def end(self) -> When:
        """The end, exclusive."""
        return stored(self.data["endDate"])

    @property
    def attendees(self) -> list[JSON]:
        """The attendees, hidden ones included."""
        attendees: list[JSON] = self.data.get("attendees", [])
        return attendees

    @property
    def organizer(self) -> JSON:
        """The organizer."""
        organizer: JSON = self.data.get("organizer", {})
        return organizer

    @property
    def external(self) -> bool:
        """Whether the organizer is somebody outside of the context."""
        return bool(self.organizer) and "entity" not in self.organizer

    @property
    def scheduled(self) -> bool:
        """Whether more than the owner takes part."""
        organizer, attendees = self.organizer.get("entity"), self.attendees
        if len(attendees) == 1 and organizer is not None:
            return bool(attendees[0].get("entity") != organizer)
        return self.external or any(one.get("entity") != organizer for one in attendees)

    def attendee(self, entity: int) -> JSON | None:
        """The attendee entry of an internal user, group or resource."""
        for one in self.attendees:
            if one.get("entity") == entity:
                return one
        return None

    def attends(self, entity: int) -> bool:
        """Whether the user takes part and did not delete his copy."""
        attendee = self.attendee(entity)
        return attendee is not None and not attendee.get("hidden")

    def organized_by(self, entity: int) -> bool:
        """Whether the user is the organizer."""
        return self.organizer.get("entity") == entity

    def copy(self) -> Event:
        """An independent copy."""
        return Event(self.id, self.series, self.folder, self.owner, self.stamp, copied(self.data))


def copied(data: Any) -> Any:
    """A copy of JSON of which nothing is shared: a fifth of the cost of `copy.deepcopy`, which expects cycles."""
    if isinstance(data, dict):
        return {name: copied(value) for name, value in data.items()}
    if isinstance(data, list):
        return [copied(value) for value in data]
    return data


def individual(attendee: JSON) -> bool:
    """Whether an attendee is a person."""
    return attendee.get("cuType", "INDIVIDUAL") in ("INDIVIDUAL", "UNKNOWN", "")
