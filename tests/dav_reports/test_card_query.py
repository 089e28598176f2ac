"""addressbook-query."""

import pytest

from tests.dav.client import Answer, Client, clark, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import card

BOOK = "/addressbooks/3/32/"


async def query(client: Client, inner: str, more: str = "", props: str = "<D:getetag/>", **headers: str) -> Answer:
    content = f"<D:prop>{props}</D:prop><CR:filter>{inner}</CR:filter>{more}"
    return await client("REPORT", BOOK, xml("CR:addressbook-query", content), **{"depth": "1", **headers})


@pytest.fixture
def cards(tree: MemoryTree) -> None:
    for uid, name in [("1", "Ann Ämann"), ("2", "Bob"), ("3", "Anna")]:
        tree.book.store(f"{uid}.vcf", card(uid, name))


@pytest.mark.usefixtures("cards")
async def test_by_name(client: Client) -> None:
    wanted = '<CR:prop-filter name="FN"><CR:text-match match-type="starts-with">ann</CR:text-match></CR:prop-filter>'
    answer = await query(client, wanted, props="<D:getetag/><CR:address-data/>")
    assert answer.hrefs() == [f"{BOOK}1.vcf", f"{BOOK}3.vcf"]
    assert answer.prop(f"{BOOK}3.vcf", "CR:address-data").text == card("3", "Anna")


@pytest.mark.usefixtures("cards")
async def test_an_empty_filter_needs_no_texts(client: Client, tree: MemoryTree) -> None:
    assert len((await query(client, "")).hrefs()) == 3
    assert not [call for call in tree.upstream.calls if call.startswith("body")]


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize(("limit", "truncated"), [("1", True), ("2", True), ("3", False), ("4", False)])
@pytest.mark.parametrize("inner", ["", '<CR:prop-filter name="FN"/>'])
async def test_a_limit_says_that_there_is_more(client: Client, limit: str, truncated: bool, inner: str) -> None:
    answer = await query(client, inner, f"<CR:limit><CR:nresults>{limit}</CR:nresults></CR:limit>")
    hrefs = answer.hrefs()
    assert (BOOK in hrefs) is truncated
    assert len([href for href in hrefs if href != BOOK]) == min(int(limit), 3)
    if truncated:
        own = answer.response(BOOK)
        assert own.findtext(clark("D:status")) == "HTTP/1.1 507 Insufficient Storage"
        assert own.find(clark("D:error"))[0].tag == clark("D:number-of-matches-within-limits")  # type: ignore[index]


@pytest.mark.usefixtures("cards")
async def test_chosen_properties_only(client: Client) -> None:
    chosen = '<CR:prop name="VERSION"/><CR:prop name="fn"/><CR:prop name="UID" novalue="yes"/>'
    wanted = '<CR:prop-filter name="UID"><CR:text-match>2</CR:text-match></CR:prop-filter>'
    answer = await query(client, wanted, props=f"<CR:address-data>{chosen}</CR:address-data>")
    text = answer.prop(f"{BOOK}2.vcf", "CR:address-data").text
    assert text == "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:\r\nFN:Bob\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("inner", "props", "status", "precondition"),
    [
        (
            '<CR:prop-filter name="FN"><CR:text-match collation="x"/></CR:prop-filter>',
            "",
            403,
            "CR:supported-collation",
        ),
        ("", '<CR:address-data content-type="text/vcard" version="2.1"/>', 403, "CR:supported-address-data"),
        ("", '<CR:address-data content-type="application/vcard+json"/>', 403, "CR:supported-address-data"),
        ("", "<CR:address-data><CR:prop/></CR:address-data>", 400, None),
        ("<CR:prop-filter/>", "", 400, None),
    ],
)
async def test_refused(client: Client, inner: str, props: str, status: int, precondition: str | None) -> None:
    answer = await query(client, inner, props=props)
    assert answer.status == status
    if precondition is not None:
        assert answer.precondition() == clark(precondition)
