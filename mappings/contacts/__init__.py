"""OX contacts and distribution lists ⇄ vCard: pure functions.

`read` parses what a client sends, `change` compares it with what OX holds, `render` writes what OX holds.
"""
