"""Files of events: sent with the event, read, kept, replaced and taken away."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.dates import event
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

_TEXT = b"Hello attachment"


def _file(name: str, content_type: str) -> dict[str, str]:
    return {"filename": name, "fmtType": content_type, "uri": "cid:file_0"}


@scenario("event-files", "files of events: created with them, kept by other changes, taken away", Need.CALENDAR)
async def event_files(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    body = event("With file", attachments=[_file("hello.txt", "text/plain")])
    params: dict[str, Any] = {"folder": calendar, "scheduling": "none"}
    answer = await first.person.send_with_file("chronos", "new", body, _TEXT, "text/plain", **params)
    made = check.success("a new event with a file", answer).data["created"][0]
    (file,) = made.get("attachments") or [{}]
    check.members("its file", file, filename=str, fmtType=str, size=int, created=int, managedId=int)
    check.equal("name, type and size", [file.get(one) for one in ("filename", "fmtType", "size")], _described(_TEXT))
    named = {"folder": calendar, "id": made["id"]}
    shown = await first.call("chronos", "getAttachment", managedId=file.get("managedId"), **named)
    check.equal("the file itself", shown.raw, _TEXT)
    wrong = {**named, "managedId": 999999999}
    await first.refused("an unknown file", "CAL-4047", "USER_INPUT", "chronos", "getAttachment", **wrong)
    await first.change("another summary", made, {"summary": "Still with file"})
    kept = (await first.event("the event", calendar, made["id"])).get("attachments", ())
    check.equal("a change of something else keeps it", [one.get("managedId") for one in kept], [file.get("managedId")])

    changed = {"event": {"attachments": [file, _file("b.bin", "application/octet-stream")]}}
    params = {**named, "timestamp": FAR_FUTURE, "scheduling": "none"}
    answer = await first.person.send_with_file(
        "chronos", "update", changed, b"12", "application/octet-stream", **params
    )
    check.success("one more file", answer)
    both = (await first.event("the event", calendar, made["id"])).get("attachments", ())
    check.equal("both files", sorted(one.get("filename") for one in both), ["b.bin", "hello.txt"])
    check.contains("the first is the same", [one.get("managedId") for one in both], file.get("managedId"))
    await first.change("without files", made, {"attachments": None})
    after = await first.event("the event", calendar, made["id"])
    check.lacks("an event whose files were taken away", after, "attachments")


def _described(content: bytes) -> list[Any]:
    return ["hello.txt", "text/plain", len(content)]
