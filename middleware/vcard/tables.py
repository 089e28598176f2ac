"""The vCards from which contacts were imported: what OX has no column for is in them only."""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, insert, select

from middleware.schema import metadata

vcards = Table(
    "contact_vcards",
    metadata,
    Column("contact", Integer, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
)


def keep(connection: Connection, contact: int, text: str) -> None:
    """Keep the vCard that a contact was made from."""
    connection.execute(insert(vcards).values(contact=contact, text=text))


def original(connection: Connection, contact: int) -> str | None:
    """The vCard that a contact was made from."""
    found: str | None = connection.execute(select(vcards.c.text).where(vcards.c.contact == contact)).scalar()
    return found
