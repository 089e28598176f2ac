"""What single clients need that no standard says; each rule names its client and the reason."""

from __future__ import annotations

import re

_MAC_CONTACTS = re.compile(r"\bAddressBook(?:Core)?/|\bCardDAVPlugin/")
"""``Mac OS X/10.11.2 (15C31f) AddressBook/1679.3``, ``macOS/14.5 (23F79) AddressBookCore/2606``; before 10.8
``AddressBook/6.1 (1083) CardDAVPlugin/200 CFNetwork/520.3.2 Mac_OS_X/10.7.3``. iOS calls itself dataaccessd."""


def uses_one_book(user_agent: str | None) -> bool:
    """Contacts of macOS takes the first address book it finds and shows no other (sabre-io/dav issue 846)."""
    return user_agent is not None and _MAC_CONTACTS.search(user_agent) is not None


_THUNDERBIRD = re.compile(r"\bThunderbird/(\d{1,4})")


def reports_version(user_agent: str | None) -> str:
    """The version of vCard in reports that name none: 3.0 (RFC 6352 10.4), but 4.0 for Thunderbird since 102. It names
    none, writes 4.0, and passes over what 3.0 has no name for: an ANNIVERSARY would be gone from its window."""
    found = None if user_agent is None else _THUNDERBIRD.search(user_agent)
    return "4.0" if found is not None and int(found[1]) >= 102 else "3.0"


def is_login_name(mail: str) -> bool:
    """Evolution without an e-mail address in the account's settings says ``ORGANIZER:mailto:<login name>`` when it
    asks for free-busy times (evolution-data-server 3.46). Without a domain it cannot be anybody else."""
    return bool(mail) and "@" not in mail
