"""The aiohttp edge: routing, credentials, limits, access log, metrics.

Knows HTTP and settings; neither XML nor OX's JSON.
"""
