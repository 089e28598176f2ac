"""A small OX in memory, as far as the writes of a plan need it: made from what a real OX 8 was seen to do."""

from typing import Any

from mappings.calendar.moments import (
    Moment,
    at_midnight,
    from_ox,
    from_recurrence_id,
    like,
    moment_key,
    to_ox,
    write_moment,
    zone_name,
)
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.calendar.steps import Attend, Create, DeleteInstance, Override, SetAlarms, Step, Update

Event = dict[str, Any]

USERS = {
    "alice@example.com": (3, "Alice Archer"),
    "bob@example.com": (4, "Bob Baker"),
    "carol@example.com": (5, "Carol"),
}
FOLLOWING = ("transp", "status", "categories", "summary", "location", "description", "color", "url", "geo")


def spelled(moment: Moment) -> str:
    name = zone_name(moment)
    return f"{name}:{write_moment(moment)}" if name else write_moment(moment)


class OX:
    """The events of one resource in the calendar of one user."""

    def __init__(self, user: str = "alice@example.com") -> None:
        self.user = user
        self.events: dict[str, Event] = {}
        self.writes = 0

    def all(self) -> list[Event]:
        return [self._shown(event) for event in self.events.values()]

    def apply(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            self.writes += 1
            match step:
                case Create(event):
                    self._new(dict(event))
                case Update(event_id, fields):
                    self._update(self.events[event_id], dict(fields))
                case Override(series_id, recurrence_id, fields):
                    self._update(self._overridden(series_id, recurrence_id), dict(fields))
                case DeleteInstance(event_id, recurrence_id):
                    self._delete(event_id, recurrence_id)
                case Attend(event_id, recurrence_id, attendee, alarms):
                    self._attend(self._target(event_id, recurrence_id), dict(attendee), alarms)
                case SetAlarms(event_id, recurrence_id, alarms):
                    target = self._target(event_id, recurrence_id)
                    self._replace_alarms(target, alarms)

    def _id(self) -> str:
        return str(100 + self.writes * 10 + len(self.events))

    def _new(self, sent: Event) -> None:
        assert sent.keys() >= {"startDate", "endDate", "uid"}
        assert "rrule" in sent or "recurrenceDates" not in sent, "poison"
        assert all(value is not None for value in sent.values())
        event: Event = {"class": "PUBLIC", "transp": "OPAQUE", "sequence": 0, **sent}
        event["id"] = self._id()
        if "recurrenceId" in event:
            event["seriesId"] = "none"
            event["recurrenceId"] = spelled(
                like(from_recurrence_id(event["recurrenceId"]), from_ox(event["startDate"]))
            )
        self._settle(event)
        self.events[event["id"]] = event

    def _settle(self, event: Event) -> None:
        """What OX makes of what it is given."""
        own = self._person({"uri": f"mailto:{self.user}"})
        event["organizer"] = self._person(event.get("organizer") or own)
        attendees = [self._person(attendee) for attendee in event.get("attendees") or ()]
        if not any(attendee.get("entity") == own["entity"] for attendee in attendees):
            attendees.append(own | {"partStat": "ACCEPTED"})
        for attendee in attendees:
            if attendee.get("entity"):
                attendee.setdefault("cuType", "INDIVIDUAL")
            if attendee.get("entity") == event["organizer"].get("entity"):
                attendee.setdefault("partStat", "ACCEPTED")
            attendee.setdefault("partStat", "NEEDS-ACTION")
        event["attendees"] = attendees
        event["alarms"] = self._alarms(event.get("alarms"))
        event["categories"] = [part for category in event.get("categories") or () for part in category.split(",")]
        self._check(event)
        if event.get("rrule") and not event.get("recurrenceId"):
            event["seriesId"] = event["id"]
            self._settle_series(event)
        for name in [name for name, value in event.items() if value is None or value in ([], {}, ())]:
            del event[name]

    def _check(self, event: Event) -> None:
        assert ("T" in event["startDate"]["value"]) == ("T" in event["endDate"]["value"])
        for alarm in event["alarms"]:
            assert alarm.get("trigger")
            assert alarm.get("description") or alarm["action"] != "DISPLAY"
        for value in (event.get("extendedProperties") or {}).values():
            for entry in value if isinstance(value, list) else [value]:
                assert all(isinstance(text, str) for text in entry.values())
        for attendee in event["attendees"]:
            assert ":" in attendee["uri"]

    def _settle_series(self, event: Event) -> None:
        start = from_ox(event["startDate"])
        assert not event["rrule"].startswith("RRULE")
        first = next(Recurrence(start, parse_rule(event["rrule"])).occurrences(), start)
        assert first == start
        for field in ("recurrenceDates", "deleteExceptionDates", "changeExceptionDates"):
            moments = {moment_key(like(from_recurrence_id(text), start)): text for text in event.get(field) or ()}
            if field != "recurrenceDates":
                assert all(self._occurs(event, text) for text in moments.values()), "CAL-4061"
            event[field] = [spelled(like(from_recurrence_id(moments[key]), start)) for key in sorted(moments)]

    def _occurs(self, series: Event, recurrence_id: str) -> bool:
        additional = tuple(map(from_recurrence_id, series.get("recurrenceDates") or ()))
        return Recurrence(from_ox(series["startDate"]), parse_rule(series["rrule"]), additional).contains(
            from_recurrence_id(recurrence_id)
        )

    def _person(self, person: Event) -> Event:
        person = dict(person)
        known = {f"mailto:{address}": entity for address, (entity, _) in USERS.items()}
        named = next((uri for uri, entity in known.items() if entity == person.get("entity")), person.get("uri", ""))
        address = str(named).lower().removeprefix("mailto:")
        if address in USERS:
            person = {"cn": USERS[address][1]} | person | {"entity": USERS[address][0], "email": address}
            person["uri"] = f"mailto:{address}"
        return person

    def _alarms(self, alarms: list[Event] | None) -> list[Event]:
        found = [dict(alarm) for alarm in alarms or ()]
        for number, alarm in enumerate(found):
            alarm["id"] = number
            alarm.setdefault("uid", f"alarm-{self.writes}-{number}")
            if alarm["action"] == "EMAIL":
                alarm["attendees"] = [{"uri": f"mailto:{self.user}"}]
                alarm["extendedProperties"] = alarm.get("extendedProperties", {}) | {"ALARM-AGENT": {"value": "SERVER"}}
        return found

    def _replace_alarms(self, event: Event, alarms: list[Event] | None) -> None:
        """OX takes alarms of one action for the same ones and keeps their text."""
        left = list(event.get("alarms") or ())
        event["alarms"] = self._alarms(alarms)
        for alarm in event["alarms"]:
            old = next((old for old in left if old["action"] == alarm["action"]), None)
            if old is not None:
                left.remove(old)
                if old.get("description"):
                    alarm["description"] = old["description"]

    def _instances(self, series_id: str) -> list[Event]:
        return [e for e in self.events.values() if e.get("seriesId") == series_id and e["id"] != series_id]

    def _target(self, event_id: str, recurrence_id: str | None) -> Event:
        if recurrence_id is None:
            return self.events[event_id]
        instance = self._overriding(event_id, recurrence_id)
        return self._overridden(event_id, recurrence_id) if instance is None else instance

    def _overriding(self, series_id: str, recurrence_id: str) -> Event | None:
        """The instance that overrides an occurrence."""
        series_id = series_id or next(event["id"] for event in self.events.values() if event.get("rrule"))
        start = from_ox(self.events[series_id]["startDate"])
        text = spelled(like(from_recurrence_id(recurrence_id), start))
        return next((each for each in self._instances(series_id) if each["recurrenceId"] == text), None)

    def _overridden(self, series_id: str, recurrence_id: str) -> Event:
        """A new instance of a regular occurrence."""
        series_id = series_id or next(event["id"] for event in self.events.values() if event.get("rrule"))
        series = self.events[series_id]
        start = from_ox(series["startDate"])
        moment = like(from_recurrence_id(recurrence_id), start)
        text = spelled(moment)
        assert self._occurs(series, recurrence_id), "CAL-4061"
        assert text not in series.get("deleteExceptionDates", ()), "CAL-4042"
        for instance in self._instances(series_id):
            assert instance["recurrenceId"] != text
        dropped = {"rrule", "recurrenceDates", "deleteExceptionDates", "changeExceptionDates"}
        instance = {name: value for name, value in series.items() if name not in dropped}
        instance["startDate"] = to_ox(moment)
        instance["endDate"] = to_ox(moved(from_ox(series["endDate"]), start, moment))
        instance |= {"id": self._id(), "seriesId": series_id, "recurrenceId": text}
        instance["alarms"] = [alarm for alarm in series.get("alarms", ()) if "dateTime" not in alarm["trigger"]]
        self.events[instance["id"]] = instance
        series["changeExceptionDates"] = sorted([*series.get("changeExceptionDates", ()), text])
        return instance

    def _update(self, event: Event, fields: Event) -> None:
        assert "geo" not in fields or fields["geo"], "SVL-0011"
        assert fields.get("extendedProperties", {}) is not None, "SVL-0002"
        assert fields.get("startDate", {}) is not None
        assert not fields.keys() & {"id", "seriesId", "folder", "recurrenceId"}
        if "organizer" in fields:  # a new version by an external organizer
            assert event["organizer"].get("uri") == fields["organizer"]["uri"]
            assert "entity" not in event["organizer"]
            assert fields["uid"] == event["uid"]
            assert fields["sequence"] >= event["sequence"]
        old = dict(event)
        if "alarms" in fields:
            self._replace_alarms(event, fields.pop("alarms"))
        event |= fields
        self._settle_times(old, event, fields)
        self._settle(event)
        if event["id"] == old.get("seriesId"):
            self._follow(old, event, fields)

    def _settle_times(self, old: Event, event: Event, fields: Event) -> None:
        if event["id"] != old.get("seriesId"):
            return
        if not event.get("rrule"):
            for name in ("seriesId", "deleteExceptionDates", "changeExceptionDates"):
                event.pop(name, None)
            assert not event.get("recurrenceDates"), "poison"
            return
        start, new = from_ox(old["startDate"]), from_ox(event["startDate"])
        for field in ("deleteExceptionDates", "changeExceptionDates"):
            if field not in fields:
                event[field] = [spelled(renamed(text, start, new)) for text in event.get(field) or ()]
                if fields.keys() & {"rrule", "startDate", "recurrenceDates"}:
                    event[field] = [text for text in event[field] if self._occurs(event, text)]

    def _follow(self, old: Event, event: Event, fields: Event) -> None:
        """What the instances of a series take over from their master."""
        for instance in self._instances(event["id"]):
            if not event.get("rrule"):
                del self.events[instance["id"]]
                continue
            for field in FOLLOWING:
                if field in fields and instance.get(field) == old.get(field):
                    instance[field] = event.get(field)
                    if instance[field] is None:
                        del instance[field]
            if "class" in fields:
                instance["class"] = event["class"]
            if "attendees" in fields:
                instance["attendees"] = followed(instance["attendees"], old["attendees"], event["attendees"])
            self._move(instance, old, event)
            if instance["recurrenceId"] in event.get("deleteExceptionDates", ()) or not self._occurs(
                event, instance["recurrenceId"]
            ):
                del self.events[instance["id"]]
        dates = sorted(instance["recurrenceId"] for instance in self._instances(event["id"]))
        event["changeExceptionDates"] = dates

    def _move(self, instance: Event, old: Event, event: Event) -> None:
        start, new = from_ox(old["startDate"]), from_ox(event["startDate"])
        before = from_recurrence_id(instance["recurrenceId"])
        after = renamed(instance["recurrenceId"], start, new)
        instance["recurrenceId"] = spelled(after)
        regular = moved(from_ox(old["endDate"]), start, like(before, start))
        if from_ox(instance["startDate"]) == like(before, start) and from_ox(instance["endDate"]) == regular:
            instance["startDate"] = to_ox(after)
            instance["endDate"] = to_ox(moved(from_ox(event["endDate"]), new, after))

    def _delete(self, event_id: str, recurrence_id: str | None) -> None:
        event = self.events[event_id]
        if recurrence_id is not None:
            series, text = event, spelled(like(from_recurrence_id(recurrence_id), from_ox(event["startDate"])))
            assert all(instance["recurrenceId"] != text for instance in self._instances(event_id)), "CAL-4061"
        else:
            del self.events[event_id]
            if event.get("seriesId") not in self.events:
                return
            series, text = self.events[event["seriesId"]], event["recurrenceId"]
        series["deleteExceptionDates"] = sorted({*series.get("deleteExceptionDates", ()), text})

    def _attend(self, event: Event, attendee: Event, alarms: list[Event] | None) -> None:
        event["attendees"] = [
            other | attendee if other.get("entity") == attendee["entity"] else other for other in event["attendees"]
        ]
        if alarms is not None:
            self._replace_alarms(event, alarms)

    def _shown(self, event: Event) -> Event:
        others = [a for a in event["attendees"] if a.get("entity") != USERS[self.user][0]]
        organizing = event["organizer"].get("entity") == USERS[self.user][0]
        flags = [*(["scheduled"] if others else []), "organizer" if organizing else "attendee"]
        return event | {"flags": flags, "timestamp": 1795324559659 + self.writes, "folder": "cal://0/31"}


def followed(people: list[Event], before: list[Event], now: list[Event]) -> list[Event]:
    """Attendees that come to or leave a series come to or leave its instances."""
    old, new = {person["uri"] for person in before}, {person["uri"] for person in now}
    kept = [person for person in people if person["uri"] not in old - new]
    present = {person["uri"] for person in kept}
    return kept + [person for person in now if person["uri"] not in old | present]


def moved(moment: Moment, old: Moment, new: Moment) -> Moment:
    return moment + (at_midnight(new).replace(tzinfo=None) - at_midnight(old).replace(tzinfo=None))


def renamed(recurrence_id: str, old: Moment, new: Moment) -> Moment:
    return like(moved(at_midnight(like(from_recurrence_id(recurrence_id), old)).replace(tzinfo=None), old, new), new)
