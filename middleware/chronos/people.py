"""Calendar users: turning what a client sends into organizers and attendees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from middleware.chronos import errors
from middleware.chronos.event import JSON
from middleware.directory.model import Group, Resource, User

if TYPE_CHECKING:
    from middleware.context import Context

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_TEXT_MEMBERS = ("role", "partStat", "comment")


def user_json(context: Context, user_id: int) -> JSON | None:
    """The CalendarUser object of an internal user."""
    user = context.users.find(user_id)
    return None if user is None else _user_json(user)


def _user_json(user: User) -> JSON:
    return {"uri": f"mailto:{user.email}", "cn": user.display_name, "email": user.email, "entity": user.id}


def _resource_json(resource: Resource) -> JSON:
    return {
        "uri": f"mailto:{resource.email}",
        "cn": resource.display_name,
        "email": resource.email,
        "entity": resource.id,
    }


def principal_uri(context_id: int, entity: int) -> str:
    """The uri of a group, which has no mail address."""
    return f"urn:uuid:{context_id:08x}-0000-{entity:04x}-00fc-c0e11e000002"


def mail_of(uri: object) -> str | None:
    """The address of a mailto uri, in lower case."""
    text = str(uri or "").strip()
    return text[7:].lower() if text.lower().startswith("mailto:") else None


def resolve(context: Context, sent: JSON) -> User | Resource | Group | None:
    """Who of the context is meant by a calendar user object; None for somebody outside.

    CAL-4034 for an unknown entity, and for a uri that is neither a mail address nor known.
    """
    entity, uri, kind = sent.get("entity"), sent.get("uri"), str(sent.get("cuType") or "")
    if isinstance(entity, int) and entity > 0:
        found = _by_entity(context, entity, kind)
        if found is None:
            raise errors.invalid_calendar_user(str(uri or entity), entity, kind or "INDIVIDUAL")
        return found
    mail = mail_of(uri or (f"mailto:{sent['email']}" if sent.get("email") else None))
    if mail is not None and "@" in mail:
        return context.users.by_email(mail) or context.resources.by_email(mail)
    for group in context.groups.all():
        if uri == principal_uri(context.id, group.id):
            return group
    text = str(uri or "")
    if not _URI.fullmatch(text) or text.lower().startswith(("urn:uuid:", "mailto:")):
        raise errors.invalid_calendar_user(text, -1, kind)
    return None


def _by_entity(context: Context, entity: int, kind: str) -> User | Resource | Group | None:
    if kind == "GROUP":
        return context.groups.find(entity)
    if kind in ("RESOURCE", "ROOM"):
        return context.resources.find(entity)
    return context.users.find(entity) or context.resources.find(entity) or context.groups.find(entity)


def calendar_user(context: Context, sent: JSON) -> JSON:
    """An organizer as it is stored: internal with its entity, external as it came."""
    found = resolve(context, sent)
    if isinstance(found, User):
        user = _user_json(found)
        return {**user, **({"sentBy": sent["sentBy"]} if sent.get("sentBy") else {})}
    return external(sent)


def external(sent: JSON) -> JSON:
    """Somebody outside: uri, name and address."""
    uri = str(sent.get("uri") or f"mailto:{sent.get('email', '')}")
    person: JSON = {"uri": uri}
    if sent.get("cn"):
        person["cn"] = str(sent["cn"])
    mail = sent.get("email") or mail_of(uri)
    if mail:
        person["email"] = str(mail)
    if sent.get("sentBy"):
        person["sentBy"] = sent["sentBy"]
    return person


def attendee(context: Context, sent: JSON, *, only_internal: int | None = None) -> JSON:
    """An attendee as it is stored, without the member `folder`.

    `only_internal`: in a copy of an external meeting everybody but this user is stored as external.
    """
    found = resolve(context, sent)
    if only_internal is not None and not (isinstance(found, User) and found.id == only_internal):
        found = None
    match found:
        case User():
            person: JSON = {**_user_json(found), **_named(sent), "cuType": "INDIVIDUAL"}
        case Resource():
            person = {**_resource_json(found), "cuType": "RESOURCE", "partStat": "ACCEPTED"}
            return {**person, **({"comment": found.description} if found.description else {})}
        case Group():
            uri = principal_uri(context.id, found.id)
            return {
                "uri": uri,
                "cn": found.display_name,
                "entity": found.id,
                "cuType": "GROUP",
                "partStat": "ACCEPTED",
            }
        case None:
            person = external(sent)
            if sent.get("cuType"):
                person["cuType"] = str(sent["cuType"])
    return {**person, **attendee_members(sent)}


def _named(sent: JSON) -> JSON:
    return {"cn": str(sent["cn"])} if sent.get("cn") else {}


def attendee_members(sent: JSON) -> JSON:
    """The members of an attendee that its organizer or itself may choose."""
    members: JSON = {name: str(sent[name]) for name in _TEXT_MEMBERS if sent.get(name)}
    if sent.get("rsvp") is True:
        members["rsvp"] = True
    if isinstance(sent.get("member"), list) and sent["member"]:
        members["member"] = [str(one) for one in sent["member"]]
    parameters: Any = sent.get("extendedParameters")
    if isinstance(parameters, dict) and parameters:
        members["extendedParameters"] = {str(name): str(value) for name, value in parameters.items()}
    return members
