"""The tree of one signed-in account: OX folders as DAV collections, OX objects as DAV resources.

``pool.Accounts`` signs users in, ``account.Account`` is what requests of one user share, ``tree`` serves a request."""
