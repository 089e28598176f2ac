"""iCalendar texts of events: read into the bodies that chronos knows, and written from its events."""
