"""How fast the gateway is, beside a bare server and beside other CalDAV servers: ``python -m benchmarks --help``.

Every figure is a ratio taken in one run on one machine. The servers run as processes of their own.
"""
