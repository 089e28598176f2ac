"""Attachments as one archive."""

from __future__ import annotations

import io
import zipfile

from tests.middleware_chronos.people import Person
from tests.middleware_transfer.conftest import imported

FILES = "".join(
    f"ATTACH;FILENAME={name};FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:{data}\r\n"
    for name, data in (("a.txt", "b25l"), ("a.txt", "dHdv"))
)
EVENT = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:z\r\nDTSTART:20270405\r\n{FILES}END:VEVENT\r\nEND:VCALENDAR\r\n"


async def test_attachments_in_one_archive(alice: Person, bob: Person) -> None:
    (entry,) = await imported(alice.client, "ICAL", alice.folder, EVENT)
    named = {"folder": alice.folder, "id": entry["id"]}
    event = (await alice.call("get", **named))["data"]
    numbers = [one["managedId"] for one in event["attachments"]]
    async with alice.client.raw("chronos", "zipAttachments", body=numbers, **named) as response:
        archive = zipfile.ZipFile(io.BytesIO(await response.read()))
    assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"one", "2 a.txt": b"two"}
    assert await alice.code("zipAttachments", [9999], **named) == "CAL-4047"
    assert await alice.code("zipAttachments", ["x"], **named) == "SVL-0031"
    assert await bob.code("zipAttachments", numbers, **named) == "CAL-4030"
