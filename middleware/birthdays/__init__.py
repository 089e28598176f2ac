"""The calendar of birthdays: a calendar that every user has beside his own, computed from the contacts he can read."""
