"""Mails of users. There is no mail server: who administers the embedded OX puts messages into the store."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, ForeignKey, Integer, LargeBinary, Table, func, insert, select

from middleware.schema import metadata

if TYPE_CHECKING:
    from middleware.context import Context

INBOX: Final = "default0/INBOX"

mails = Table(
    "mails",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("message", LargeBinary, nullable=False),
)


def deliver(context: Context, user_id: int, message: bytes) -> int:
    """Put a message (RFC 5322) into the INBOX of a user; its number there, counted from 1."""
    with context.store.writing() as connection:
        newest = select(func.max(mails.c.number)).where(mails.c.user_id == user_id)
        number = (connection.execute(newest).scalar() or 0) + 1
        connection.execute(insert(mails).values(user_id=user_id, number=number, message=message))
    return number


def calendar_part(connection: Connection, user_id: int, folder: str, number: str, part: str) -> str | None:
    """The iCalendar text in a mail: the part of that number, else the first one; None without such a mail.

    The text is empty when the mail has none.
    """
    if folder != INBOX or not (number.isdecimal() and len(number) < 10):
        return None
    query = select(mails.c.message).where((mails.c.user_id == user_id) & (mails.c.number == int(number)))
    message = connection.execute(query).scalar()
    return None if message is None else _text(message_from_bytes(message, policy=policy.default), part)


def _text(message: EmailMessage, part: str) -> str:
    parts = list(message.iter_parts()) if message.is_multipart() else [message]
    chosen = parts[int(part) - 1 : int(part)] if part.isdecimal() and 0 < int(part[:5]) <= len(parts) else []
    for one in (*chosen, *message.walk()):
        if one.get_content_type() in ("text/calendar", "application/ics"):
            payload = one.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""
