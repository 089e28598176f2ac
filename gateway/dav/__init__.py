"""WebDAV, CalDAV and CardDAV as protocols.

Knows XML, the RFCs and the ports it asks resources for; never OX, the web server or SQL.
"""
