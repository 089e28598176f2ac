"""Whatever a report holds: an answer, never a fault of this program."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dav.reports import REPORTS
from tests.dav.client import NAMESPACES, Client, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import card, event

_PREFIXED = {namespace: prefix for prefix, namespace in NAMESPACES.items()}


def words(text: str) -> list[str]:
    return text.split()


_ELEMENTS = words(
    """
    D:prop D:allprop D:propname D:getetag D:href D:sync-token D:sync-level D:limit D:nresults D:property D:self
    D:property-search D:match D:include C:calendar-data C:comp C:prop C:allprop C:allcomp C:expand
    C:limit-recurrence-set C:limit-freebusy-set C:filter C:comp-filter C:prop-filter C:param-filter C:text-match
    C:time-range C:is-not-defined C:timezone CR:address-data CR:prop CR:filter CR:prop-filter CR:param-filter
    CR:text-match CR:is-not-defined CR:limit CR:nresults
    """
)
_VALUES = words(
    """
    VCALENDAR VEVENT VALARM VCARD UID FN DTSTART 20270101T000000Z 20270601T000000Z 1 0 -1 yes anyof i;octet x
    /calendars/3/31/a.ics displayname current-user-principal
    """
)
_ATTRIBUTES = words("name namespace start end test collation negate-condition match-type novalue content-type version")

values = st.sampled_from(_VALUES) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _element(name: str, attributes: dict[str, str], content: str) -> str:
    written = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>"


def _wrap(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(st.sampled_from(_ATTRIBUTES), values, max_size=3)
    return st.builds(_element, st.sampled_from(_ELEMENTS), attributes, st.lists(inner, max_size=4).map("".join))


contents = st.lists(st.recursive(values.map(_escaped), _wrap, max_leaves=12), max_size=5).map("".join)
PATHS = ["/", "/calendars/3/31/", "/addressbooks/3/32/", "/principals/", "/calendars/3/31/a.ics", "/nowhere/"]


@pytest.mark.parametrize("report", sorted(REPORTS))
@settings(max_examples=40)
@given(contents, st.sampled_from(PATHS), st.sampled_from(["0", "1", "infinity", "x"]))
def test_never_a_fault(report: str, content: str, path: str, depth: str) -> None:
    namespace, _, name = report[1:].partition("}")
    tree = MemoryTree()
    tree.calendar.store("a.ics", event("a"))
    tree.book.store("a.vcf", card("a", "Ann"))
    body = xml(f"{_PREFIXED[namespace]}:{name}", content)
    answer = asyncio.run(Client(tree)("REPORT", path, body, depth=depth))
    assert answer.status in (200, 207, 400, 403, 404, 507)
