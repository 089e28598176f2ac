"""The calendar user on whose behalf an object is read or written: the owner of the calendar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarUser:
    """`addresses` are lower-case mail addresses without scheme; `timezone` is an IANA name."""

    user_id: int
    context_id: int
    name: str
    addresses: frozenset[str]
    timezone: str

    def owns(self, uri: str) -> bool:
        """Whether a calendar user address is one of this user's."""
        return uri.lower().removeprefix("mailto:") in self.addresses
