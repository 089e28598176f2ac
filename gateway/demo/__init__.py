"""A trial run: the embedded OX and the gateway in one process, with accounts and sample data."""
