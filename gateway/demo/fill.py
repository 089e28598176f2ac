"""Putting the sample data into the embedded OX, through its HTTP API as any other OX client would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from gateway.demo.people import PASSWORD, PEOPLE
from gateway.demo.picture import portrait
from gateway.demo.sample_data import CONTACTS, EVENTS, TASKS, Contact, Event, ToDo
from gateway.ox import attachments, chronos, config, contacts, tasks
from gateway.ox.call import FAR_FUTURE, Call, Upload
from gateway.ox.login import Basic, log_in
from gateway.ox.session import Session
from gateway.ox.transport import Transport

ANSWERS = (
    ("bob", "Team meeting", "ACCEPTED"),
    ("carol", "Team meeting", "ACCEPTED"),
    ("alice", "Budget 1:1", "TENTATIVE"),
)
"""Who answered which invitation how; all others wait for an answer."""


async def accounts(url: str, today: date) -> None:
    """Fill the accounts of all people. Raises OXError."""
    async with Transport(url) as transport:
        sessions = {person.login: await log_in(transport, Basic(person.login, PASSWORD)) for person in PEOPLE}
        monday = today - timedelta(days=today.weekday())
        for login, events in EVENTS.items():
            await _add_events(sessions[login], [event.in_week(monday) for event in events])
        for login, cards in CONTACTS.items():
            await _add_contacts(sessions[login], cards)
        for login, tasklist in TASKS.items():
            await _add_tasks(sessions[login], tasklist, monday)
        for login, summary, status in ANSWERS:
            await _answer(sessions[login], summary, status)
        for session in sessions.values():
            await session.logout()


async def _add_events(session: Session, events: Sequence[Event]) -> None:
    folder = await _calendar(session)
    for event in events:
        await session.run(chronos.create(folder, event))


async def _add_contacts(session: Session, cards: Sequence[Contact]) -> None:
    folder = (await session.run(config.default_folders())).contacts or ""
    for card in cards:
        await session.run(_new_contact(folder, card))


async def _add_tasks(session: Session, tasklist: Sequence[ToDo], monday: date) -> None:
    folder = (await session.run(config.default_folders())).tasks or ""
    for task in tasklist:
        made = await session.run(tasks.create(folder, task.in_week(monday)))
        if task.file is not None:
            name, text = task.file
            upload = Upload(name, "text/plain", text.encode())
            await session.run(attachments.attach(attachments.Holder(attachments.TASK, folder, made.id), [upload]))


def _new_contact(folder: str, card: Contact) -> Call[contacts.ContactWritten]:
    fields = {name: value for name, value in card.items() if name != "picture"}
    if "picture" not in card:
        return contacts.create(folder, fields)
    return contacts.create_with_image(folder, fields, Upload("portrait.png", "image/png", portrait(card["picture"])))


async def _answer(session: Session, summary: str, status: str) -> None:
    folder = await _calendar(session)
    invited = await session.run(chronos.updates(folder, 0, ("id", "summary")))
    attendee: Mapping[str, object] = {"entity": int(session.user_id), "partStat": status}
    for event in invited.changed:
        if event.get("summary") == summary:
            await session.run(chronos.update_attendee(folder, event["id"], FAR_FUTURE, attendee))


async def _calendar(session: Session) -> str:
    return f"cal://0/{(await session.run(config.default_folders())).calendar}"
