"""Where the events of a calendar are: one port, implemented once for each generation of OX's calendar API.

Events have the shape of module ``chronos``, whatever OX is asked; the implementations translate.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gateway.account.files import Files
from gateway.ox.chronos import Deletion, Event, Written
from gateway.ox.session import Session
from mappings.calendar.desired import Series
from mappings.calendar.file_changes import FileChange, file_steps
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Step
from mappings.calendar.user import CalendarUser


class EventStorage(ABC):
    """The events of one folder, as ``user`` has them: its owner, or the session's user.

    Every method raises OXError. A write whose outcome is not known raises OutcomeUnknown and was sent once.
    ``notify``: whether OX may send messages about it to the other people of a meeting.
    Files of a wanted event that OX does not have are uploaded, up to four reads more for each that is copied.
    ``current`` is the event that is changed, as it was last read; OX refuses the write when it has a newer one.
    """

    holds_filenames: ClassVar[bool]
    """Whether an event keeps the resource name that a client chose."""

    stamps_tell_all: ClassVar[bool]
    """Whether an event is what it was as long as it has the stamp it had."""

    loses_instances: ClassVar[bool]
    """Whether there may be no place for an overridden instance, or none for what makes it one."""

    unheld_parameters: ClassVar[frozenset[str]]
    """Parameters of attendees that are not stored."""

    files: Files
    """Those of all events of the account."""

    def __init__(self, session: Session, folder: str, user: CalendarUser) -> None:
        self.session = session
        self.folder = folder
        self.user = user

    @abstractmethod
    def wanted(self, obj: CalendarObject) -> Series:
        """What OX should hold of an object, as far as it can. Raises InvalidData."""

    @abstractmethod
    def plan(self, current: Sequence[Event], obj: CalendarObject) -> Sequence[Step]:
        """The steps from the events of a resource to what an object says. Raises InvalidData, and Forbidden for
        what cannot be done in this generation."""

    def plan_files(self, current: Sequence[Event], former: Sequence[Event], change: FileChange) -> Sequence[Step]:
        """What is left to do for a change of files, when OX holds ``current`` and held ``former`` at first. Raises
        InvalidData."""
        return file_steps(current, former, change)

    @abstractmethod
    def may_end_exceptions(self, step: Step) -> bool:
        """Whether OX may take the instances and deleted dates of a series away when this step is done. Then what is
        left to do is planned again."""

    @abstractmethod
    async def events(self, ids: Sequence[str]) -> dict[str, Event]:
        """Events by id, of those that are (still) in this folder, with all fields. One upstream call."""

    @abstractmethod
    async def create(self, event: Mapping[str, Any], *, notify: bool = True) -> Written:
        """A single event, a series master, or with ``recurrenceId`` a detached instance."""

    @abstractmethod
    async def update(
        self, current: Event, fields: Mapping[str, Any], recurrence_id: str | None = None, *, notify: bool = True
    ) -> Written:
        """Change ``fields``; None clears. With ``recurrence_id``: of this occurrence of the series ``current``."""

    @abstractmethod
    async def attend(
        self,
        current: Event,
        attendee: Mapping[str, Any],
        recurrence_id: str | None = None,
        alarms: Sequence[Mapping[str, Any]] | None = None,
        *,
        notify: bool = True,
    ) -> Written:
        """The user's own answer to a meeting and, unless None, his alarms."""

    @abstractmethod
    async def set_alarms(
        self, current: Event, alarms: Sequence[Mapping[str, Any]], recurrence_id: str | None = None
    ) -> Written:
        """Replace the user's own alarms and nothing else."""

    @abstractmethod
    async def exclude(self, current: Event, recurrence_id: str, *, notify: bool = True) -> Written:
        """Delete a regular occurrence of the series ``current``."""

    @abstractmethod
    async def delete(self, ids: Sequence[str], stamp: int, *, notify: bool = True) -> tuple[Deletion, ...]:
        """Delete what is not newer than ``stamp``: single events, overridden instances, or series by their master.
        The outcome of each; nothing is raised for a single one."""

    @abstractmethod
    async def move(self, current: Event, target: str) -> None:
        """Move a single event to another folder; its id stays."""
