"""The contract: what a client relies on of OX's HTTP API, as scenarios that run against any OX.

It knows nothing of the embedded OX: it only speaks HTTP, so the same scenarios judge that server and a real one.
"""
