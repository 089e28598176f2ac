"""Participants, users, confirmations, organizer and principal, and the attendees behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from middleware.appointments.errors import appointment_error
from middleware.chronos.event import JSON, Event
from middleware.errors import unparsable_body

USER, GROUP, RESOURCE, EXTERNAL = 1, 2, 3, 5
_KINDS: Final = {USER: "INDIVIDUAL", GROUP: "GROUP", RESOURCE: "RESOURCE", 4: "RESOURCE"}
PART_STATS: Final = ("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE")


def mail_in(uri: object) -> str:
    """The address of a mailto uri as it is written; another uri as it is."""
    text = str(uri or "")
    return text[7:] if text.lower().startswith("mailto:") else text


def confirmation_of(attendee: JSON) -> int:
    """0 none, 1 accepted, 2 declined, 3 tentative."""
    status = attendee.get("partStat")
    return PART_STATS.index(status) if status in PART_STATS else 0


def people_of(attendees: Iterable[JSON]) -> JSON:
    """The members `participants` (as invited), `users` (every single one) and `confirmations` (of others)."""
    participants: list[JSON] = []
    users: list[JSON] = []
    confirmations: list[JSON] = []
    for one in attendees:
        entity, kind = one.get("entity"), one.get("cuType", "INDIVIDUAL")
        if kind == "GROUP" and entity:
            participants.append({"id": entity, "type": GROUP})
        elif kind in ("RESOURCE", "ROOM") and entity:
            participants.append({"id": entity, "type": RESOURCE})
        elif entity:
            users.append(_user(one))
            if not one.get("member"):
                participants.append({"id": entity, "type": USER})
        elif kind == "INDIVIDUAL":
            participants.append(_external(one))
            confirmations.append({**_external(one), **_answer(one)})
    return {"participants": participants, "users": users, "confirmations": confirmations}


def _user(attendee: JSON) -> JSON:
    comment = {"confirmmessage": attendee["comment"]} if attendee.get("comment") else {}
    return {"id": attendee["entity"], "confirmation": confirmation_of(attendee), **comment}


def _external(attendee: JSON) -> JSON:
    name = {"display_name": attendee["cn"]} if attendee.get("cn") else {}
    return {"type": EXTERNAL, "mail": mail_in(attendee.get("uri")), **name}


def _answer(attendee: JSON) -> JSON:
    message = {"message": attendee["comment"]} if attendee.get("comment") else {}
    return {"status": confirmation_of(attendee), **message}


def organizer_of(organizer: JSON) -> JSON:
    """The members `organizer` and `organizerId`, and those of the principal when somebody acts for him."""
    agent = organizer.get("sentBy")
    if not isinstance(agent, dict):
        return {"organizer": mail_in(organizer.get("uri")), "organizerId": organizer.get("entity", 0)}
    return {
        "organizer": mail_in(agent.get("uri")),
        "organizerId": agent.get("entity", 0),
        "principal": mail_in(organizer.get("uri")),
        "principalId": organizer.get("entity", 0),
    }


def sent_organizer(body: JSON) -> JSON | None:
    """The organizer of a body as chronos takes it; None when it names nobody."""
    organizer = _person(body.get("organizer"), body.get("organizerId"))
    principal = _person(body.get("principal"), body.get("principalId"))
    if principal is None:
        return organizer
    return {**principal, "sentBy": organizer} if organizer is not None else principal


def _person(mail: Any, entity: Any) -> JSON | None:
    person: JSON = {}
    if mail:
        person["uri"] = str(mail) if ":" in str(mail) else f"mailto:{mail}"
    if isinstance(entity, int) and entity > 0:
        person["entity"] = entity
    return person or None


def sent_attendees(participants: Any, event: Event | None) -> list[JSON] | None:
    """The participants of a body as attendees; APP-0008 for an external one without address.

    The members of a group that `event` has already are kept with it: a body does not list them.
    """
    if participants is None:
        return None
    if not isinstance(participants, list):
        raise unparsable_body('JSONObject["participants"] is not a JSONArray.')
    attendees = [_attendee(one) for one in participants]
    groups = {one.get("entity") for one in attendees if one.get("cuType") == "GROUP"}
    named = {one.get("entity") for one in attendees}
    known = [] if event is None else event.attendees
    uris = {one["uri"] for one in known if one.get("cuType") == "GROUP" and one.get("entity") in groups}
    members = [one for one in known if uris.intersection(one.get("member", ())) and one.get("entity") not in named]
    return [*attendees, *({"entity": one["entity"], "uri": one["uri"], "member": one["member"]} for one in members)]


def _attendee(sent: Any) -> JSON:
    if not isinstance(sent, dict):
        raise unparsable_body("JSONArray[0] is not a JSONObject.")
    kind = _whole("type", sent.get("type"))
    attendee: JSON = {"cuType": _KINDS.get(kind, "INDIVIDUAL")}
    if kind in _KINDS:
        attendee["entity"] = _whole("id", sent.get("id"))
    elif sent.get("mail"):
        attendee["uri"] = f"mailto:{sent['mail']}"
    else:
        raise appointment_error(8)
    if kind not in _KINDS and sent.get("display_name"):
        attendee["cn"] = str(sent["display_name"])
    return attendee


def _whole(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise unparsable_body(f'JSONObject["{name}"] is not a number.') from None


def part_stat(value: Any) -> str:
    """The participation status of a confirmation; an unknown number means that there is no answer."""
    number = _whole("confirmation", value)
    return PART_STATS[number] if 0 <= number < len(PART_STATS) else PART_STATS[0]
