"""What a scheduling message means for the calendar of its reader, in words and as changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from middleware.chronos.event import JSON
from middleware.chronos.view import View
from middleware.itip.message import Message, described

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from middleware.context import Context

_ANSWERS: Final = ("decline", "tentative", "accept")
_OWN_ANSWER: Final = {
    "NEEDS-ACTION": "You have not yet replied to the invitation.",
    "ACCEPTED": "You have accepted the invitation.",
    "DECLINED": "You have declined the invitation.",
    "TENTATIVE": "You have tentatively accepted the invitation.",
}
_GIVEN_ANSWER: Final = {
    "NEEDS-ACTION": "has not answered",
    "ACCEPTED": "has accepted",
    "DECLINED": "has declined",
    "TENTATIVE": "has tentatively accepted",
}


class Analysis:
    """The analysis of all messages about one uid."""

    def __init__(self, ox: Context, connection: Connection, user: int) -> None:
        self._ox = ox
        self._connection = connection
        self._user = user
        self._annotations: list[JSON] = []
        self._actions: list[str] = []

    def of(self, uid: str, found: list[Message]) -> JSON:
        """The answer: annotations, changes, possible actions, and the reader's entry among the attendees."""
        changes = [self._change(one) for one in found]
        answer: JSON = {"annotations": self._annotations, "changes": changes, "uid": uid}
        if self._actions:
            answer["actions"] = list(dict.fromkeys(self._actions))
        targeted = self._own(found[0]) if found[0].method in ("REQUEST", "CANCEL", "ADD") else None
        if targeted is not None:
            answer["targetedAttendee"] = targeted
        return answer

    def _change(self, message: Message) -> JSON:
        event = described(self._ox, message, self._user)
        match message.method:
            case "CANCEL":
                return self._cancel(message, event)
            case "REPLY":
                return self._reply(message, event)
            case "COUNTER":
                return self._counter(message, event)
            case _:
                return self._request(message, event)

    def _say(self, text: str, part_stat: str | None = None) -> None:
        self._annotations.append({"message": text, **({"partStat": part_stat} if part_stat else {})})

    def _own(self, message: Message) -> JSON | None:
        people: list[JSON] = described(self._ox, message, self._user)["attendees"]
        return next((one for one in people if one.get("entity") == self._user), None)

    def _request(self, message: Message, event: JSON) -> JSON:
        current = message.current(View(self._ox, self._connection, message.calendar))
        news = message.is_news(current)
        self._say(_invitation(message, event, current))
        if current is None:
            self._say("The invitation needs to be added manually to your calendar.")
            self._actions.append("apply_create")
        elif news:
            self._say("The changes need to be applied manually to your calendar.")
            self._actions.append("apply_change")
        else:
            self._say("The invitation has been saved to your calendar.")
        people = event["attendees"] if current is None or news else current.get("attendees", ())
        own = next((one for one in people if one.get("entity") == self._user), None)
        if own is not None:
            part_stat = str(own.get("partStat", "NEEDS-ACTION"))
            self._say(_OWN_ANSWER.get(part_stat, _OWN_ANSWER["NEEDS-ACTION"]), part_stat)
            self._actions.extend(_ANSWERS)
        change: JSON = {"type": "UPDATE" if news else "CREATE", "newEvent": event}
        if current is not None:
            change["currentEvent"] = current
        return change

    def _cancel(self, message: Message, event: JSON) -> JSON:
        organizer = _named(event.get("organizer", {}))
        summary = message.master.data.get("summary", "") if message.master else event.get("summary", "")
        if message.recurrence_id:
            self._say(f'An appointment of the series "{summary}" has been canceled by {organizer}.')
        else:
            self._say(f'The appointment "{summary}" has been canceled by {organizer}.')
        if message.known:
            self._say("The appointment needs to be removed manually from your calendar.")
            self._actions.append("apply_remove")
        else:
            self._say("The appointment has been removed from your calendar.")
        return {"type": "DELETE", "deletedEvent": event}

    def _reply(self, message: Message, event: JSON) -> JSON:
        self._say_answer(message, event)
        if message.event.comment:
            self._say(f'The following comment was left: "{message.event.comment}"')
        if self._is_applied(message, event):
            self._say("The response has been applied to your calendar.")
        else:
            self._say("The response needs to be applied manually to your calendar.")
            self._actions.append("apply_response")
        return {"type": "UPDATE", "newEvent": event}

    def _counter(self, message: Message, event: JSON) -> JSON:
        sender = _named(next(iter(event["attendees"]), {}))
        self._say(f'{sender} has proposed changes for the appointment "{event.get("summary", "")}".')
        self._say_answer(message, event)
        self._say("The proposed changes cannot be applied to your calendar.")
        self._actions.extend(("ignore", "declinecounter"))
        return {"type": "UPDATE", "newEvent": event}

    def _say_answer(self, message: Message, event: JSON) -> None:
        summary = event.get("summary", "")
        for one in event["attendees"]:
            part_stat = str(one.get("partStat", "NEEDS-ACTION"))
            said = _GIVEN_ANSWER.get(part_stat, _GIVEN_ANSWER["NEEDS-ACTION"])
            self._say(f'{_named(one)} {said} the invitation to the appointment "{summary}".', part_stat)

    def _is_applied(self, message: Message, event: JSON) -> bool:
        target = message.stored or message.master
        known = {str(one.get("uri", "")).lower(): one for one in target.attendees} if target else {}
        found = [(one, known.get(str(one.get("uri", "")).lower(), {})) for one in event["attendees"]]
        return all(one.get("partStat") == old.get("partStat") for one, old in found)


def _invitation(message: Message, event: JSON, current: JSON | None) -> str:
    organizer, summary = _named(event.get("organizer", {})), event.get("summary", "")
    if message.recurrence_id:
        if current is None:
            return f'You have been invited to an appointment of the series "{summary}" by {organizer}.'
        return f'{organizer} has changed an appointment of the series "{summary}".'
    kind = "appointment series" if event.get("rrule") else "appointment"
    if current is not None and (event["sequence"] or 0) > (current.get("sequence") or 0):
        return f'{organizer} has changed the {kind} "{summary}".'
    return f'You have been invited to the {kind} "{summary}" by {organizer}.'


def _named(person: JSON) -> str:
    address = str(person.get("email") or person.get("uri", ""))
    return f"{person['cn']} <{address}>" if person.get("cn") else address
