"""Async client of the OX HTTP API: transport, sessions, error codes, and one module of calls per OX module.

A module function builds a ``Call``; ``Session.run`` and ``Session.run_all`` carry it out."""
