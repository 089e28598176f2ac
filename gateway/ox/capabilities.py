"""Module ``capabilities``: what the user may use, e.g. ``calendar``, ``contacts``, ``caldav``, ``carddav``."""

from __future__ import annotations

from gateway.ox.call import Answer, Call
from gateway.ox.shape import an_array, an_id, an_object


def capabilities() -> Call[frozenset[str]]:
    """capabilities?action=all: the ids."""

    def decode(answer: Answer) -> frozenset[str]:
        listed = an_array(answer.data, "capabilities")
        return frozenset(an_id(an_object(each, "capability").get("id"), "capability id") for each in listed)

    return Call("capabilities", "all", decode)
