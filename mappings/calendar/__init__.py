"""OX chronos events and iCalendar, both ways: pure functions, no I/O.

read -> desired -> plan is the way of a PUT, render the way of a GET, instances answers time ranges."""
