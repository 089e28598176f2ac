"""The module `freebusy` of OX 7.8: intervals in which users, resources and groups are busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from middleware.appointments.busy import Taken, taken
from middleware.appointments.registration import freebusy_module
from middleware.appointments.times import to_time
from middleware.call import Call
from middleware.chronos.event import JSON
from middleware.chronos.free_busy import Interval, merged
from middleware.chronos.parameters import Range
from middleware.directory.model import Group
from middleware.envelope import Result, error_members
from middleware.errors import OXError, illegal_body

if TYPE_CHECKING:
    from middleware.context import Context

# What an appointment is shown as, and the kind of busy that chronos has for it.
_KINDS: Final = {1: "BUSY", 2: "BUSY-TENTATIVE", 3: "BUSY-UNAVAILABLE", 4: "FREE"}
_NUMBERS: Final = {kind: number for number, kind in _KINDS.items()}
_TOLD: Final = ("title", "location")


@freebusy_module.action("get", "GET")
def get(call: Call, ox: Context) -> Result:
    """The intervals of one participant: the id of a user, group or resource, or a mail address."""
    name, span = call.require("participant"), _span(call)
    with ox.store.reading() as connection:
        try:
            found = _intervals(call, ox, connection, _entities(ox, name), span)
        except OXError as error:
            return Result([], warnings=(error.as_warning(),))
    return Result(_merged(found) if call.flag("merged") else found)


@freebusy_module.action("list", "PUT")
def list_participants(call: Call, ox: Context) -> Result:
    """The intervals of several participants by name; members of groups come too, and with `merged` all as one."""
    span, names = _span(call), call.array()
    if not all(isinstance(name, str | int) for name in names):
        raise illegal_body()
    answer: dict[str, JSON] = {}
    with ox.store.reading() as connection:
        for name in map(str, names):
            try:
                entities = _entities(ox, name)
            except OXError as error:
                answer[name] = {"data": [], "warnings": [error_members(error.as_warning())]}
                continue
            for member in entities:
                answer[str(member)] = {"data": _intervals(call, ox, connection, [member], span)}
            answer[name] = {"data": _intervals(call, ox, connection, entities, span)}
    if call.flag("merged"):
        for one in answer.values():
            one["data"] = _merged(one["data"])
        answer["merged"] = {"data": _merged([busy for one in answer.values() for busy in one["data"]])}
    return Result(answer)


def _span(call: Call) -> Range:
    """The range of `from` and `until`, which are plain ms."""
    for name in ("from", "until"):
        call.require(name)
    return Range(call.integer("from"), call.integer("until"), call.timezone())


def _entities(ox: Context, name: str) -> list[int]:
    """The users or resources of a participant; a warning for somebody who is not known here."""
    if name.isascii() and name.isdecimal() and len(name) < 10:
        number = int(name)
        group = ox.groups.find(number)
        if isinstance(group, Group):
            return list(group.members)
        if ox.users.find(number) is not None or ox.resources.find(number) is not None:
            return [number]
    found = ox.users.by_email(name.lower()) or ox.resources.by_email(name.lower())
    if found is None:
        raise unknown_participant(name)
    return [found.id]


def unknown_participant(name: str) -> OXError:
    """Nothing is known about the times of somebody. No recording shows this; clients go by the category."""
    text = f"There is no free/busy information of {name}."
    return OXError("FREEBUSY-0001", "WARNING", text, text, [name])


def _intervals(call: Call, ox: Context, connection: Connection, entities: list[int], span: Range) -> list[JSON]:
    found = [one for entity in entities for one in taken(call, ox, connection, entity, span)]
    begin, end = to_time(span.begin, call.timezone()), to_time(span.end, call.timezone())
    intervals = [_interval(one, begin, end) for one in found]
    return sorted(intervals, key=lambda one: (one["start_date"], one["end_date"]))


def _interval(found: Taken, begin: int, end: int) -> JSON:
    appointment = found.appointment
    interval: JSON = {
        "start_date": max(appointment["start_date"], begin),
        "end_date": min(appointment["end_date"], end),
        "shown_as": appointment["shown_as"],
    }
    if not found.readable:
        return interval
    interval.update({name: appointment[name] for name in _TOLD if name in appointment})
    interval.update(id=str(appointment["id"]), folder_id=str(appointment["folder_id"]))
    return {**interval, "full_time": True} if appointment["full_time"] else interval


def _merged(intervals: list[JSON]) -> list[JSON]:
    """Intervals that do not overlap, with the strongest kind of busy where several did."""
    plain = [Interval(one["start_date"], one["end_date"], _KINDS[one["shown_as"]], None) for one in intervals]
    return [{"start_date": one.begin, "end_date": one.end, "shown_as": _NUMBERS[one.kind]} for one in merged(plain)]
