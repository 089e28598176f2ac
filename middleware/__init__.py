"""The embedded OX middleware: the HTTP API of Open-Xchange over SQLite, for demonstration and tests.

It is an independent witness of the gateway: it imports nothing of it.
"""
