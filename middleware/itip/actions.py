"""The actions of `chronos/itip`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from middleware.call import Call
from middleware.chronos.event import JSON
from middleware.chronos.writer import Writer
from middleware.envelope import Result
from middleware.itip.analysis import Analysis
from middleware.itip.applying import apply_cancel, apply_reply, apply_request
from middleware.itip.message import Message, messages
from middleware.registry import Handler, Module

if TYPE_CHECKING:
    from middleware.context import Context

module = Module("chronos/itip")

Apply = Callable[[Writer, Message], None]
_ANSWERS: Final = {
    "accept": "ACCEPTED",
    "accept_and_ignore_conflicts": "ACCEPTED",
    "tentative": "TENTATIVE",
    "decline": "DECLINED",
}


@module.action("analyze", "PUT")
def analyze(call: Call, ox: Context) -> Result:
    """What the mail means; nothing is changed."""
    with ox.store.reading() as connection:
        found = [Analysis(ox, connection, call.user).of(uid, about) for uid, about in messages(call, ox, connection)]
    return Result(found, ox.clock.now())


def _apply(writer: Writer, message: Message) -> None:
    match message.method:
        case "CANCEL":
            apply_cancel(writer, message)
        case "REPLY":
            apply_reply(writer, message)
        case _:
            apply_request(writer, message, None)


def _answering(part_stat: str) -> Apply:
    def answer(writer: Writer, message: Message) -> None:
        apply_request(writer, message, part_stat)

    return answer


def _performed(call: Call, ox: Context, apply: Apply) -> tuple[list[JSON], JSON, int]:
    """Apply every message of the mail by a write of its own: the events concerned, all that was done, and the stamp."""
    concerned: list[JSON] = []
    done: JSON = {"created": [], "updated": [], "deleted": []}
    stamp = ox.clock.now()
    with ox.store.writing() as connection:
        for _, about in messages(call, ox, connection):
            for message in about:
                writer = Writer(call, ox, connection, message.calendar)
                apply(writer, message)
                outcome = writer.outcome()
                for name, events in outcome.items():
                    done[name] += events
                concerned += [_with_null(one, message) for one in (*outcome["updated"], *outcome["created"])]
                stamp = max(stamp, writer.stamp)
    return concerned, done, stamp


def _with_null(event: JSON, message: Message) -> JSON:
    """As the server shows an event right after a message without TRANSP removed the value."""
    return event if "transp" in event else {**event, "transp": None}


def _events(apply: Apply) -> Handler:
    def handler(call: Call, ox: Context) -> Result:
        concerned, _, stamp = _performed(call, ox, apply)
        return Result(concerned, stamp)

    return handler


def _calendar_result(apply: Apply) -> Handler:
    def handler(call: Call, ox: Context) -> Result:
        _, done, stamp = _performed(call, ox, apply)
        return Result(done, stamp)

    return handler


@module.action("ignore", "PUT")
@module.action("declinecounter", "PUT")
def nothing(call: Call, ox: Context) -> Result:
    """Leave the calendar as it is."""
    with ox.store.reading() as connection:
        list(messages(call, ox, connection))
    return Result([], ox.clock.now())


for _name, _part_stat in _ANSWERS.items():
    module.action(_name, "PUT")(_events(_answering(_part_stat)))
for _name in ("create", "update", "delete"):
    module.action(_name, "PUT")(_events(_apply))
for _name in ("apply_create", "apply_change", "apply_remove", "apply_response"):
    module.action(_name, "PUT")(_calendar_result(_apply))
