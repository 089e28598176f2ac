"""The scenarios, by what they look at."""
