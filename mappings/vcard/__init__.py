"""vCard as such, without OX: its versions 3.0 (RFC 2426) and 4.0 (RFC 6350), and what two spellings have in common.

Everything else works on the 3.0 spelling; `versions` leads there and back without losing a word.
"""
