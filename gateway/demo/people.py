"""Who has an account in the demo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    given: str
    family: str

    @property
    def mail(self) -> str:
        return f"{self.login}@example.com"


PEOPLE = (Person("alice", "Alice", "Archer"), Person("bob", "Bob", "Baker"), Person("carol", "Carol", "Clark"))
PASSWORD = "demo"
ZONE = "Europe/Berlin"
