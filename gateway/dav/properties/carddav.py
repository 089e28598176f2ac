"""Address books (RFC 6352 6.2, 7.1)."""

from __future__ import annotations

from gateway.dav.context import Context
from gateway.dav.names import carddav
from gateway.dav.ports import AddressBook, Principal
from gateway.dav.properties.model import Live, Setting, live
from gateway.dav.xml import escape, text_of
from mappings.vcard.versions import VERSIONS


@live(carddav("addressbook-home-set"), Principal)
async def addressbook_home_set(principal: Principal, context: Context) -> str | None:
    return None if principal.address_book_home is None else context.href_element(principal.address_book_home)


@live(carddav("addressbook-description"), AddressBook, setting=Setting("description", text_of))
async def addressbook_description(book: AddressBook, context: Context) -> str | None:
    return None if book.description is None else escape(book.description)


@live(carddav("supported-address-data"), AddressBook)
async def supported_address_data(book: AddressBook, context: Context) -> str:
    return "".join(f'<CR:address-data-type content-type="text/vcard" version="{version}"/>' for version in VERSIONS)


@live(carddav("supported-collation-set"), AddressBook)
async def supported_collation_set(book: AddressBook, context: Context) -> str:
    return "".join(
        f"<CR:supported-collation>{name}</CR:supported-collation>"
        for name in ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
    )


@live(carddav("max-resource-size"), AddressBook)
async def max_resource_size(book: AddressBook, context: Context) -> str:
    return str(book.max_resource_size)


@live(carddav("max-image-size"), AddressBook)
async def max_image_size(book: AddressBook, context: Context) -> str:
    return str(book.max_image_size)


PROPERTIES: tuple[Live, ...] = (
    addressbook_home_set,
    addressbook_description,
    supported_address_data,
    supported_collation_set,
    max_resource_size,
    max_image_size,
)
