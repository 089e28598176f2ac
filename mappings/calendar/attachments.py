"""Attachments of events: links, files that OX keeps, and files that come inside an object.

Where a file that OX keeps can be fetched depends on the server that offers it. In the texts of this package it has the
URI ``ox-attachment:<event id>/<managed id>``; whoever serves a text puts the address there, and takes it out of what
clients send. A wanted event may hold two kinds of attachments that OX does not know and its caller has to upload:
"data" with the bytes of a new file, and "event" beside a "managedId" that belongs to another event.
"""

import base64
import binascii
import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mappings.contentline import Component, Property, property_line, without_forbidden

Attachment = Mapping[str, Any]

_SCHEME = "ox-attachment:"
_REFERENCE = re.compile(rf"{_SCHEME}([^/\s]{{1,64}})/(\d{{1,15}})")
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}")
_PARAMETERS = (("FILENAME", "filename"), ("FMTTYPE", "fmtType"), ("SIZE", "size"))
OF_SERVER = frozenset(["MANAGED-ID", "FILENAME", "FMTTYPE", "SIZE"])
"""What OX says of a file that it keeps (RFC 8607 4), whatever a client makes of it."""


class Reference(NamedTuple):
    """A file that OX keeps for an event."""

    event_id: str
    managed_id: int

    @property
    def uri(self) -> str:
        return f"{_SCHEME}{self.event_id}/{self.managed_id}"


def reference(value: str) -> Reference | None:
    """What the value of an ATTACH refers to, None if that is no file of OX."""
    found = _REFERENCE.fullmatch(value.strip())
    return None if found is None else Reference(found[1], int(found[2]))


def is_file(prop: Property) -> bool:
    """Whether an ATTACH is a file that OX keeps or, because it comes inside the object, will keep."""
    return reference(prop.value) is not None or (_is_inside(prop) and bool(_decoded(prop.value)))


def files_in(component: Component) -> list[dict[str, Any]]:
    """The files that OX should keep for a component, as wanted attachments."""
    found = (to_attachment(prop) for prop in component.all("ATTACH") if is_file(prop))
    return [attachment for attachment in found if attachment is not None]


def attachment_lines(event: Mapping[str, Any]) -> Iterator[str]:
    """The unfolded content lines of the attachments of an event."""
    for attachment in event.get("attachments") or ():
        params = [(name, (str(attachment[field]),)) for name, field in _PARAMETERS if attachment.get(field)]
        if attachment.get("data"):
            params = [*params[:2], ("ENCODING", ("BASE64",)), ("VALUE", ("BINARY",))]
            value = base64.b64encode(attachment["data"]).decode()
        elif attachment.get("managedId"):
            owner = str(attachment.get("event") or event.get("id") or "0")
            params.insert(0, ("MANAGED-ID", (str(attachment["managedId"]),)))
            value = Reference(owner, int(attachment["managedId"])).uri
        elif attachment.get("uri"):
            value = without_forbidden(str(attachment["uri"])).replace("\r", "").replace("\n", "")
        else:
            continue
        yield property_line(Property("ATTACH", tuple(params), value))


def to_attachment(prop: Property) -> dict[str, Any] | None:
    """The attachment an ATTACH stands for; None for what OX cannot hold as one (``data:`` URIs, broken base64)."""
    uri = prop.value.strip()
    if _is_inside(prop):
        data = _decoded(uri)
        return (
            {"data": data, "filename": _filename(prop) or name_for(prop.param("FMTTYPE")), **_fmttype(prop)}
            if data
            else None
        )
    if not uri or uri.lower().startswith(("data:", "cid:")):
        return None
    filename = _filename(prop)
    named = ({"filename": filename} if filename else {}) | _fmttype(prop)
    if (file := reference(uri)) is not None:
        return {"managedId": file.managed_id, "event": file.event_id} | named
    size = prop.param("SIZE") or ""
    return {"uri": uri} | named | ({"size": int(size)} if size.isascii() and size.isdigit() and len(size) < 16 else {})


def size_inside(prop: Property) -> int:
    """About how many bytes a property brings along."""
    return len(prop.value) * 3 // 4 if _is_inside(prop) else 0


def _is_inside(prop: Property) -> bool:
    return (prop.param("VALUE") or "").upper() == "BINARY" or (prop.param("ENCODING") or "").upper() == "BASE64"


def _filename(prop: Property) -> str | None:
    return prop.param("FILENAME") or prop.param("X-FILENAME") or prop.param("X-APPLE-FILENAME")


def _fmttype(prop: Property) -> dict[str, str]:
    fmttype = prop.param("FMTTYPE")
    return {"fmtType": fmttype} if fmttype else {}


def name_for(fmttype: str | None) -> str:
    """For a file without a name: OX's users see files by their names."""
    return "attachment" + (mimetypes.guess_extension(fmttype or "") or "")


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def is_media_type(text: str) -> bool:
    """Whether a FMTTYPE can be a Content-Type, too."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def same_attachments(current: Sequence[Attachment], wanted: Iterable[Attachment]) -> bool:
    """Links are compared in what the client says of them, files that OX keeps by their ids."""
    left = list(current)
    for one in wanted:
        match = next((held for held in left if _is(held, one)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _is(held: Attachment, wanted: Attachment) -> bool:
    if held.get("managedId") or wanted.get("managedId"):
        return bool(held.get("managedId") == wanted.get("managedId"))
    return all(held.get(name) == value for name, value in wanted.items())


def attachments_field(current: Sequence[Attachment], wanted: Iterable[Attachment]) -> list[Attachment] | None:
    """The field of an update. Files of the event itself are repeated as OX has them."""
    held = {one["managedId"]: one for one in current if one.get("managedId") and "event" not in one}
    return [held.get(one.get("managedId"), one) for one in wanted] or None


def is_new(attachment: Attachment) -> bool:
    """Whether OX has yet to be given this one: its bytes came along, or it is a copy of another event's."""
    return "data" in attachment or "event" in attachment


def file_difference(
    current: Iterable[Attachment], wanted: Iterable[Attachment]
) -> tuple[list[Attachment], list[Attachment]]:
    """What to add and what to remove, so that the field ``current`` becomes the field ``wanted``."""
    wanted = list(wanted)
    kept = {one.get("managedId") for one in wanted if not is_new(one)}
    return [one for one in wanted if is_new(one)], [one for one in current if one.get("managedId") not in kept]


def with_files_inside(tree: Component, files: Mapping[int, bytes]) -> Component:
    """An object in which the ``files``, by their managed ids, are inside instead of being referred to."""
    components = []
    for component in tree.components:
        properties = []
        for prop in component.properties:
            file = reference(prop.value) if prop.name == "ATTACH" else None
            if file is not None and file.managed_id in files:
                params = [pair for pair in prop.params if pair[0] not in ("MANAGED-ID", "SIZE")]
                params += [("ENCODING", ("BASE64",)), ("VALUE", ("BINARY",))]
                prop = Property("ATTACH", tuple(params), base64.b64encode(files[file.managed_id]).decode())
            properties.append(prop)
        components.append(Component(component.name, properties, component.components))
    return Component(tree.name, tree.properties, components)


def told(properties: Iterable[Property], shown: Iterable[Property]) -> Iterator[Property]:
    """A client's wording of attachments, in which OX tells what it knows of its files."""
    held = {reference(prop.value): prop for prop in shown}
    for prop in properties:
        file = held.get(reference(prop.value)) if prop.name == "ATTACH" and reference(prop.value) else None
        yield prop if file is None else _with_facts(prop, file)


def _with_facts(prop: Property, file: Property) -> Property:
    facts = tuple(pair for pair in file.params if pair[0] in OF_SERVER)
    others = tuple(pair for pair in prop.params if pair[0] not in OF_SERVER)
    return Property("ATTACH", facts + others, file.value, prop.group)


def adopted(component: Component, shown: Component) -> Component:
    """A component in which copies of files have the ids that OX gave them, as far as ``shown`` tells."""
    held = [prop for prop in shown.all("ATTACH") if reference(prop.value)]
    own = {prop.param("MANAGED-ID") for prop in held}
    named = {prop.param("MANAGED-ID") for prop in component.all("ATTACH") if reference(prop.value)}
    free = [prop for prop in held if prop.param("MANAGED-ID") not in named]
    properties = []
    for prop in component.properties:
        copy = None
        if prop.name == "ATTACH" and reference(prop.value) and prop.param("MANAGED-ID") not in own:
            copy = next((each for each in free if each.param("FILENAME") == prop.param("FILENAME")), None)
        if copy is None:
            properties.append(prop)
            continue
        free.remove(copy)
        properties.append(_with_facts(prop, copy))
    return Component(component.name, properties, component.components)
