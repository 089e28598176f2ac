"""Module `attachment`: files beside tasks, contacts and appointments. `actions` registers it."""
