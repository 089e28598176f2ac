"""What can be wrong with data a client sends. `reason` is short and never holds user content."""


class InvalidData(ValueError):
    """Base of all translation errors; `reason` may be shown and logged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidCalendarData(InvalidData):
    """Not readable as iCalendar, or a value that is no valid iCalendar value (CALDAV:valid-calendar-data)."""


class UnsupportedCalendarComponent(InvalidData):
    """A component type calendars do not take (CALDAV:supported-calendar-component)."""


class InvalidCalendarObject(InvalidData):
    """Readable, but not one calendar object resource, RFC 4791 section 4.1
    (CALDAV:valid-calendar-object-resource)."""


class InvalidSchedulingMessage(InvalidData):
    """Readable, but no iTIP message of the kind that was expected (CALDAV:valid-scheduling-message)."""


class InvalidAddressData(InvalidData):
    """Not readable as vCard (CARDDAV:valid-address-data)."""


class UnsupportedAddressData(InvalidData):
    """A vCard version or shape that address books do not take (CARDDAV:supported-address-data)."""


class TooCostly(InvalidData):
    """A recurrence that cannot be expanded within the cost limit."""
