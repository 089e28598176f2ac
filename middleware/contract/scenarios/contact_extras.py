"""Pictures, distribution lists and the search of contacts."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from middleware.contract.client import FAR_FUTURE
from middleware.contract.scenario import Need, scenario
from middleware.contract.scenarios.contacts import add, change
from middleware.contract.stage import Stage

# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@scenario("contact-pictures", "pictures of contacts: sent as files, read by their address, removed", Need.CONTACTS)
async def pictures(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    fields = {"folder_id": book, "display_name": "Picture"}
    page = await first.person.upload("contacts", "new", fields, PNG, "image/png")
    check.equal("an upload is answered by a page for browsers", page.content_type, "text/html")
    plain = await first.person.upload("contacts", "new", fields, PNG, "image/png", plainJson="true")
    contact = check.success("an upload with plainJson", plain).data["id"]
    seen = await _contact(stage, book, contact)
    check.equal("number_of_images", seen.get("number_of_images"), 1)
    check.equal("image1_content_type", seen.get("image1_content_type"), "image/png")
    await _read(stage, seen)
    inline = {"image1": base64.b64encode(PNG).decode(), "image1_content_type": "image/png"}
    before = seen["last_modified_utc"]
    later = await change(stage, book, contact, inline)
    check.true("another picture raises the stamp", later > before, later)
    query = {"folder": book, "id": contact, "timestamp": later, "plainJson": "true"}
    renamed = await first.person.upload("contacts", "update", {"last_name": "x"}, PNG, "image/png", **query)
    check.success("a change with a file", renamed)
    await change(stage, book, contact, {"image1": None})
    seen = await _contact(stage, book, contact)
    check.equal("number_of_images after the removal", seen.get("number_of_images"), 0)
    check.lacks("a contact without picture", seen, "image1_url")
    check.equal("what else was changed stays", seen.get("last_name"), "x")


async def _contact(stage: Stage, book: str, contact: str) -> Any:
    return (await stage.first.done("the contact", "contacts", "get", folder=book, id=contact)).data


# Newer servers have a module for them alone.
_PICTURES = ("image/contact/picture", "contacts/picture")


async def _read(stage: Stage, seen: Any) -> None:
    check = stage.check
    check.need("image1_url is an address", isinstance(seen.get("image1_url"), str), seen.get("image1_url"))
    address = urlsplit(seen["image1_url"])
    query = dict(parse_qsl(address.query))
    module = next((name for name in _PICTURES if address.path.endswith(f"/{name}")), "")
    check.need("the address is one of pictures of contacts", bool(module), seen["image1_url"])
    answer = await stage.first.call(module, **query)
    check.equal("HTTP status of a picture", answer.status, 200)
    check.equal("content type of a picture", answer.content_type, "image/png")
    check.true("a picture comes back", answer.raw.startswith(PNG[:8]), len(answer.raw))


@scenario("contact-lists", "distribution lists", Need.CONTACTS)
async def lists(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    member, _ = await add(stage, book, first_name="Mem", last_name="Ber", email1="mem@example.org")
    members = [
        {"mail_field": 0, "mail": "x@example.org", "display_name": "X"},
        {"id": member, "folder_id": book, "mail_field": 1, "mail": "mem@example.org", "display_name": "Mem"},
    ]
    fields = {"display_name": "List", "mark_as_distributionlist": True, "distribution_list": members}
    made, _ = await add(stage, book, **fields)
    seen = await _contact(stage, book, made)
    check.equal("mark_as_distributionlist", seen.get("mark_as_distributionlist"), True)
    check.equal("number_of_distribution_list", seen.get("number_of_distribution_list"), 2)
    mails = sorted((one.get("mail"), one.get("mail_field")) for one in seen.get("distribution_list", ()))
    check.equal("its members", mails, [("mem@example.org", 1), ("x@example.org", 0)])
    linked = [one.get("id") for one in seen.get("distribution_list", ()) if one.get("mail_field") == 1]
    check.equal("a member that is a contact", linked, [member])
    await change(stage, book, made, {"distribution_list": [{"mail_field": 0, "mail": "z@example.org"}]})
    seen = await _contact(stage, book, made)
    mails = [(one.get("mail"), one.get("mail_field")) for one in seen.get("distribution_list", ())]
    check.equal("other members", mails, [("z@example.org", 0)])
    query = {"folder": book, "id": made, "timestamp": FAR_FUTURE}
    body = {"distribution_list": [{"mail_field": 0, "display_name": "no mail"}]}
    await first.refused("a member without mail", "CON-0177", "USER_INPUT", "contacts", "update", body, **query)


@scenario("contact-search", "finding contacts by uid and by mail", Need.CONTACTS)
async def search(stage: Stage) -> None:
    check, first = stage.check, stage.first
    book = await stage.address_book()
    uid = f"{uuid4()}@contract"
    mail = f"{uuid4().hex}@example.org"
    contact, _ = await add(stage, book, first_name="Find", last_name="Me", email1=mail, uid=uid)
    await add(stage, book, first_name="Other", last_name="One")
    by_uid = {"filter": ["=", {"field": "uid"}, uid], "folder": book}
    found = (await first.done("by uid", "contacts", "advancedSearch", by_uid, columns="1,20,223")).data
    check.equal("advancedSearch by uid", found, [[contact, book, uid]])
    by_mail: Any = {"email1": f"{mail[:12]}*", "orSearch": True, "emailAutoComplete": False}
    found = (await first.done("by mail", "contacts", "search", by_mail, columns="1,20")).data
    check.equal("search by the beginning of a mail address", found, [[contact, book]])
    wrong = {"filter": ["=", {"field": "nosuch"}, "x"], "folder": book}
    await first.refused(
        "an unknown field", "SEARCH-0007", "USER_INPUT", "contacts", "advancedSearch", wrong, columns="1"
    )
