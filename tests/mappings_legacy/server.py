"""A small OX 7.8 in memory: the appointments of one resource in alice's calendar, and the steps of a plan on them.

Files keep their bytes instead of an id."""

from collections.abc import Iterable
from typing import Any

from mappings.calendar.effects import recurrence_of, regular_occurrence
from mappings.calendar.moments import from_recurrence_id
from mappings.calendar.steps import (
    AddFiles,
    Attend,
    Create,
    DeleteInstance,
    Override,
    RemoveFiles,
    SetAlarms,
    Step,
    Update,
)
from mappings.calendar.user import CalendarUser
from mappings.legacy.appointment import to_appointment
from mappings.legacy.event import to_event
from mappings.legacy.files import files_apart, missing, without
from mappings.legacy.people import answers_of_externals, confirmation
from mappings.legacy.positions import date_position, occurrence, of_position

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")
KNOWN = {
    ("INDIVIDUAL", 3): {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com"},
    ("INDIVIDUAL", 4): {"uri": "mailto:bob@example.com", "cn": "Bob Baker", "email": "bob@example.com"},
    ("INDIVIDUAL", 5): {"uri": "mailto:carol@example.com", "cn": "Carol", "email": "carol@example.com"},
    ("RESOURCE", 7): {"uri": "mailto:room@example.com", "cn": "Room"},
}
_USERS = {value["uri"][7:]: key[1] for key, value in KNOWN.items() if key[0] == "INDIVIDUAL"}
_RULE = ("recurrence_type", "interval", "days", "day_in_month", "month", "until", "occurrences")
_OF_TYPE = {
    0: set[str](),
    1: {"interval", "until", "occurrences"},
    2: {"interval", "days", "until", "occurrences"},
    3: {"interval", "days", "day_in_month", "until", "occurrences"},
    4: {"interval", "days", "day_in_month", "month", "until", "occurrences"},
}
_DEFAULTS = {"sequence": 0, "shown_as": 1, "color_label": 0, "private_flag": False, "recurrence_type": 0}


class Server:
    def __init__(self, *, copies: bool = False) -> None:
        """``copies``: whether instances get the files of their series."""
        self.appointments: dict[int, dict[str, Any]] = {}
        self.files: dict[int, list[Any]] = {}
        self.copies = copies
        self.writes = 0

    # -- module calendar ---------------------------------------------------------------------------------------------

    def new(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.writes += 1
        assert "title" in fields
        assert None not in fields.values()
        number = 100 + self.writes
        appointment = {"id": number, "folder_id": 31, "timezone": "Europe/Berlin", "uid": f"u{number}"} | _DEFAULTS
        appointment |= {"organizer": "alice@example.com", "organizerId": 3} if "organizer" not in fields else {}
        answer = fields.pop("confirmation", 1), fields.pop("confirmmessage", None)
        self.appointments[number] = self._with(appointment, fields | {"participants": fields.get("participants", [])})
        self._confirm(appointment, 3, *answer)
        return appointment

    def update(self, appointment: dict[str, Any], fields: dict[str, Any]) -> None:
        if fields:
            self.writes += 1
            self._with(appointment, fields)

    def exception(self, master: dict[str, Any], where: dict[str, int], fields: dict[str, Any]) -> dict[str, Any]:
        self.writes += 1
        event = to_event(master, ALICE)
        recurrence_id = self._occurrence(master, where)
        regular = regular_occurrence(event, recurrence_id)
        copy = {name: value for name, value in master.items() if name not in _RULE and not name.endswith("_exceptions")}
        copy |= {"id": 100 + self.writes, "recurrence_type": 0, "recurrence_id": master["id"]}
        copy |= to_appointment({"startDate": regular["startDate"], "endDate": regular["endDate"]}, ALICE, master)
        copy["recurrence_date_position"] = date_position(from_recurrence_id(recurrence_id))
        self.appointments[copy["id"]] = self._with(copy, fields)
        master.setdefault("change_exceptions", []).append(copy["recurrence_date_position"])
        self.files[copy["id"]] = list(self.files.get(master["id"], ())) if self.copies else []
        return copy

    def delete(self, appointment: dict[str, Any], where: dict[str, int] | None = None) -> None:
        self.writes += 1
        if where is not None:
            day = date_position(from_recurrence_id(self._occurrence(appointment, where)))
            assert day not in appointment.setdefault("delete_exceptions", [])
            appointment["delete_exceptions"].append(day)
            return
        del self.appointments[appointment["id"]]
        master = self.appointments.get(appointment.get("recurrence_id", 0))
        if master is not None:
            master["change_exceptions"].remove(appointment["recurrence_date_position"])
            master.setdefault("delete_exceptions", []).append(appointment["recurrence_date_position"])

    def confirm(self, appointment: dict[str, Any], body: dict[str, Any]) -> None:
        self.writes += 1
        self._confirm(
            appointment, body.get("mail") or body.get("id", 3), body["confirmation"], body.get("confirmmessage")
        )

    def _occurrence(self, master: dict[str, Any], where: dict[str, int]) -> str:
        found = of_position(where["recurrence_position"], recurrence_of(to_event(master, ALICE)))
        assert found is not None
        return found

    def _with(self, appointment: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        if "recurrence_type" in fields:
            allowed = _OF_TYPE[fields["recurrence_type"]]
            assert not {name for name in _RULE[1:] if name in fields} - allowed
            for name in _RULE[1:]:
                appointment.pop(name, None)
            if fields["recurrence_type"]:
                appointment["recurrence_id"] = appointment["id"]
        if {"start_date", "end_date"} & fields.keys():
            assert {"start_date", "end_date", "full_time"} <= fields.keys()
        appointment |= fields
        for name in [name for name, value in appointment.items() if value is None or (name, value) == ("alarm", -1)]:
            del appointment[name]
        if "participants" in fields:
            self._invite(appointment)
        return appointment

    def _invite(self, appointment: dict[str, Any]) -> None:
        """Mail addresses of users become users, the owner is always there, answers stay."""
        participants = [{"type": 1, "id": 3}]
        for each in appointment["participants"]:
            user = _USERS.get(str(each.get("mail", "")).lower())
            entry = {"type": 1, "id": user} if user else each
            if entry not in participants:
                participants.append(entry)
        appointment["participants"] = participants
        users = {user["id"]: user for user in appointment.get("users", [])}
        ids = [each["id"] for each in participants if each["type"] == 1]
        appointment["users"] = [users.get(user, {"id": user, "confirmation": int(user == 3)}) for user in ids]
        externals = {entry["mail"]: entry for entry in appointment.get("confirmations", [])}
        mails = [each["mail"] for each in participants if each["type"] == 5]
        appointment["confirmations"] = [externals.get(mail, {"type": 5, "mail": mail, "status": 0}) for mail in mails]

    def _confirm(self, appointment: dict[str, Any], who: int | str, status: int, message: str | None) -> None:
        for name, key, field, text in (
            ("users", "id", "confirmation", "confirmmessage"),
            ("confirmations", "mail", "status", "message"),
        ):
            appointment[name] = [
                {**entry, field: status} | ({} if message is None else {text: message}) if entry[key] == who else entry
                for entry in appointment[name]
            ]

    # -- the steps of a plan -----------------------------------------------------------------------------------------

    def events(self) -> list[dict[str, Any]]:
        return [
            to_event(each, ALICE, self.appointments.get(each.get("recurrence_id", 0)), KNOWN)
            | ({"attachments": self.files[each["id"]]} if self.files.get(each["id"]) else {})
            for each in self.appointments.values()
        ]

    def apply(self, steps: Iterable[Step]) -> None:
        for step in files_apart(steps, self.events()):
            match step:
                case Create(event):
                    created = self.new(to_appointment(event, ALICE))
                    for body in answers_of_externals(
                        event.get("attendees"), to_event(created, ALICE)["attendees"], ALICE
                    ):
                        self.confirm(created, body)
                    self._delete_dates(created, event)
                case Update(event_id, fields):
                    self._update(self.appointments[int(event_id)], fields)
                    if fields.keys() & {"rrule", "startDate", "endDate"}:
                        return  # what became of the exceptions has to be looked at
                case Override(series_id, recurrence_id, fields):
                    master = self._master(series_id)
                    where = occurrence(recurrence_id, to_event(master, ALICE), ALICE)
                    self._update(self.exception(master, where, to_appointment({}, ALICE, master)), fields)
                case DeleteInstance(event_id, None):
                    self.delete(self.appointments[int(event_id)])
                case DeleteInstance(event_id, recurrence_id):
                    master = self.appointments[int(event_id)]
                    self.delete(master, occurrence(str(recurrence_id), to_event(master, ALICE), ALICE))
                case SetAlarms(event_id, recurrence_id, alarms):
                    appointment = self._master(event_id)
                    if recurrence_id is not None:
                        where = occurrence(recurrence_id, to_event(appointment, ALICE), ALICE)
                        appointment = self.exception(appointment, where, {})
                    self._update(appointment, {"alarms": alarms})
                case Attend(event_id, None, attendee, _):
                    answer = confirmation(attendee, None, ALICE)
                    assert answer is not None
                    self.confirm(self.appointments[int(event_id)], answer)
                case AddFiles(event_id, recurrence_id, added, inherited):
                    held = self.files.setdefault(self._holder(event_id, recurrence_id), [])
                    held += [*added, *missing(held, inherited)]
                case RemoveFiles(event_id, recurrence_id, removed):
                    holder = self._holder(event_id, recurrence_id)
                    left = without(self.files.get(holder, ()), removed, copies=recurrence_id is not None)
                    self.files[holder] = list(left)
                case _:
                    raise AssertionError(step)

    def _holder(self, event_id: str, recurrence_id: str | None) -> int:
        master = self._master(event_id)
        if recurrence_id is None:
            return int(master["id"])
        day = date_position(from_recurrence_id(recurrence_id))
        return next(
            number
            for number, each in self.appointments.items()
            if (each.get("recurrence_id"), each.get("recurrence_date_position")) == (master["id"], day)
        )

    def _master(self, event_id: str) -> dict[str, Any]:
        if event_id:
            return self.appointments[int(event_id)]
        return next(each for each in self.appointments.values() if each.get("recurrence_id", each["id"]) == each["id"])

    def _update(self, appointment: dict[str, Any], fields: dict[str, Any]) -> None:
        held = to_event(appointment, ALICE, self.appointments.get(appointment.get("recurrence_id", 0)), KNOWN)
        if fields.keys() & {"rrule", "startDate", "endDate"}:
            for name in ("change_exceptions", "delete_exceptions"):
                appointment.pop(name, None)
            gone = [each for each in self.appointments.values() if each.get("recurrence_id") == appointment["id"]]
            for each in gone:
                if each is not appointment:
                    del self.appointments[each["id"]]
        self.update(appointment, to_appointment(fields, ALICE, appointment))
        if "attendees" in fields:
            for body in answers_of_externals(fields["attendees"], held.get("attendees"), ALICE):
                self.confirm(appointment, body)
        self._delete_dates(appointment, fields)

    def _delete_dates(self, appointment: dict[str, Any], fields: dict[str, Any]) -> None:
        event = to_event(appointment, ALICE)
        for recurrence_id in fields.get("deleteExceptionDates") or ():
            if recurrence_id not in event.get("deleteExceptionDates", ()):
                self.delete(appointment, occurrence(recurrence_id, event, ALICE))
