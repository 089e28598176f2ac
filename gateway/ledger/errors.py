"""What can go wrong in the ledger."""

from __future__ import annotations


class LedgerError(Exception):
    """The database does not work, or holds something that this version cannot use."""
