"""Filters of queries (RFC 4791 9.7, RFC 6352 10.5): decoded into values, matched by pure functions.

A filter is answered by prefilter and verification: a ``QueryHint`` narrows, the match on the text decides.
"""

MAX_ELEMENTS = 1000
"""Elements of one filter; each condition costs something for every object."""
