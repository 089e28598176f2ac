"""The gateway: an Open-Xchange account, reached through OX's HTTP API, as CalDAV and CardDAV."""
