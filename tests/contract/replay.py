"""Replaying a recording against an embedded OX made for it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from middleware.accounts import create_context
from middleware.clock import Clock
from middleware.context import Context, Settings
from middleware.itip import deliver
from middleware.running import serve
from middleware.scopes import AppType
from middleware.store import Store
from tests.contract.compare import CALLBACK_PAGE, Comparison, Difference
from tests.contract.entities import Own
from tests.contract.kinds import Kind
from tests.contract.names import Names
from tests.contract.recordings import Exchange, Recording
from tests.contract.sending import Answer, Sender
from tests.contract.texts import TYPES, compare_texts
from tests.middleware.conftest import populate

ZONE = ZoneInfo("Europe/Berlin")
_SET_UP_BEFORE = 3_600_000  # the users are older than the scenario

_GATEWAY = AppType(
    "davgateway",
    "DAV gateway",
    55,
    frozenset(
        f"{access}_{area}" for access in ("read", "write") for area in ("calendar", "contacts", "tasks", "folders")
    ),
)
# How the recorded servers were set up, by the name that recordings give to it.
SETTINGS = {
    "": Settings(),
    "application passwords": Settings(app_passwords=True, app_types=(_GATEWAY,)),
}

# The highest ids of the things that are there from the start.
_STANDARD = {Kind.FOLDER: 60, Kind.CONTACT: 4, Kind.EVENT: 0, Kind.TASK: 0}
_USED_UP_LATER = 10  # instances of series, and what failed requests threw away
_CREATED = {
    "folders": Kind.FOLDER,
    "contacts": Kind.CONTACT,
    "addressbooks": Kind.CONTACT,
    "chronos": Kind.EVENT,
    "tasks": Kind.TASK,
    "calendar": Kind.EVENT,
    "attachment": Kind.ATTACHMENT,
}
_RECIPIENT = 3  # recorded mails are all sent to alice
_CREATING = frozenset({"import", "chronos/itip"})  # modules whose answers list new objects
_UNSORTED = frozenset({"", "all", "config", "updates", "advancedSearch", "search", "freeBusy", "list:folders"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one exchange was answered."""

    exchange: Exchange
    answer: Answer
    differences: tuple[Difference, ...]


class RecordedTime:
    """A clock that shows the time at which the exchange being replayed was recorded."""

    def __init__(self, start: int) -> None:
        self.now = start

    def __call__(self) -> int:
        return self.now


async def replay(recording: Recording) -> list[Outcome]:
    """Send all exchanges in order to a fresh server and compare the answers."""
    start = recording.exchanges[0].at
    time = RecordedTime(start - _SET_UP_BEFORE)
    settings = SETTINGS[recording.setting]
    context = create_context(Store.open(clock=Clock(time)), context_id=recording.context, settings=settings)
    populate(context)
    running = await serve(context)
    made = _made_ids(recording)
    own = Own({kind: ids.start for kind, ids in made.items()}, _STANDARD)
    names = Names(made)
    names.stamps.begin(start)
    _name_what_is_there(context, names)
    try:
        await _bring_about(recording, Sender(running.url, names, ZONE), names)
        async with Sender(running.url, names, ZONE) as sender:
            return [
                await _replay_one(exchange, recording, names, own, sender, time, context)
                for exchange in recording.exchanges
            ]
    finally:
        await running.stop()


async def _bring_about(recording: Recording, sender: Sender, names: Names) -> None:
    """Do what other scenarios had done before and what this one still shows."""
    own = Own(dict.fromkeys(Kind, 0), {})
    async with sender:
        for exchange in recording.before:
            if exchange.module != "login":
                await sender.sign_in(exchange.user)
            answer = await sender.send(exchange)
            assert "error" not in answer.body, answer
            if exchange.response:
                list(_differences(exchange, answer, names, own, sender))


async def _replay_one(
    exchange: Exchange,
    recording: Recording,
    names: Names,
    own: Own,
    sender: Sender,
    time: RecordedTime,
    context: Context,
) -> Outcome:
    time.now = max(time.now, exchange.at)
    if exchange.module == "mail":
        deliver(context, _RECIPIENT, _mail(str(exchange.request["text"]), names))
        return Outcome(exchange, Answer(200, "", (), "", "", ""), ())
    await _sign_in_for(exchange, recording, sender)
    names.stamps.next_exchange()
    answer = await sender.send(exchange)
    _remember_echoes(exchange, names)
    return Outcome(exchange, answer, tuple(dict.fromkeys(_differences(exchange, answer, names, own, sender))))


def _mail(text: str, names: Names) -> bytes:
    """A mail with that scheduling message, about events of the server under test."""
    mail = EmailMessage()
    mail.set_content("A scheduling message.")
    content = re.sub(r"(?<=\nUID:)\S+", lambda found: str(names.find(Kind.UID, found[0]) or found[0]), text)
    mail.add_attachment(content.encode(), maintype="text", subtype="calendar")
    return mail.as_bytes()


async def _sign_in_for(exchange: Exchange, recording: Recording, sender: Sender) -> None:
    if not recording.name.startswith("login/") and exchange.module != "login":
        await sender.sign_in(exchange.user)


def _differences(exchange: Exchange, answer: Answer, names: Names, own: Own, sender: Sender) -> Iterator[Difference]:
    """An answer with another status, or another error code, differs in nothing else worth telling."""
    recorded = exchange.response
    if answer.status != recorded["status"]:
        yield Difference("status", "value", recorded["status"], answer.status)
        return
    content = list(_differences_of_content(exchange, answer, names, own, sender))
    if not any(one.place == "code" for one in content):
        yield from _differences_of_headers(recorded, answer, names)
    yield from content


def _differences_of_headers(recorded: Mapping[str, Any], answer: Answer, names: Names) -> Iterator[Difference]:
    if answer.content_type != recorded.get("type", "application/json"):
        yield Difference("type", "value", recorded.get("type", "application/json"), answer.content_type)
    if "cookies" in recorded and _cookie_roles(recorded["cookies"]) != _cookie_roles(answer.cookies):
        yield Difference("cookies", "value", recorded["cookies"], answer.cookies)
    for header in ("etag", "disposition"):
        if not names.same_text(recorded.get(header, ""), getattr(answer, header)):
            yield Difference(header, "value", recorded.get(header, ""), getattr(answer, header))


def _differences_of_content(
    exchange: Exchange, answer: Answer, names: Names, own: Own, sender: Sender
) -> Iterator[Difference]:
    recorded = exchange.response
    if "base64" in recorded:
        if answer.body != base64.b64decode(recorded["base64"]):
            yield Difference("body", "value", recorded["base64"], answer.body)
    elif answer.content_type in TYPES:
        yield from compare_texts(recorded["body"], answer.body, names)
    elif exchange.module == "multiple" and isinstance(recorded["body"], list) and isinstance(answer.body, list):
        yield from _differences_of_calls(exchange, answer, names, own, sender)
    else:
        comparison = _comparison(exchange.module, exchange.action, exchange.query, names, own, sender)
        yield from comparison.compare(recorded["body"], answer.body)


def _differences_of_calls(
    exchange: Exchange, answer: Answer, names: Names, own: Own, sender: Sender
) -> Iterator[Difference]:
    recorded = exchange.response["body"]
    if len(recorded) != len(answer.body):
        yield Difference("body", "length", recorded, answer.body)
    for call, one, other in zip(exchange.request["body"], recorded, answer.body, strict=False):
        comparison = _comparison(call["module"], call["action"], call, names, own, sender)
        yield from comparison.compare(one, other)


def _comparison(module: str, action: str, query: Any, names: Names, own: Own, sender: Sender) -> Comparison:
    unordered = (action in _UNSORTED or f"{action}:{module}" in _UNSORTED) and "sort" not in query
    return Comparison(names, own, module, query, frozenset(sender.sent_uids), ZONE, ordered=not unordered)


def _remember_echoes(exchange: Exchange, names: Names) -> None:
    """A stamp that was sent and comes back is the same stamp."""
    stamp = exchange.query.get("timestamp")
    if isinstance(stamp, int) and names.stamps.find(stamp) is None:
        names.stamps.put(stamp, names.stamps.sent(stamp))


def _cookie_roles(cookies: Any) -> list[str]:
    return sorted(re.sub(r"-[^-]*$", "", name) for name in cookies)


def _name_what_is_there(context: Context, names: Names) -> None:
    """Ids that are there from the start: recordings have 31, 32, 33 for alice, 41 ... for bob, 51 ... for carol."""
    for user_id, first in ((3, 31), (4, 41), (5, 51)):
        for offset, module in enumerate(("calendar", "contacts", "tasks")):
            names.put(Kind.FOLDER, first + offset, context.folders.default(user_id, module).id)
        user = context.users.find(user_id)
        assert user is not None
        names.put(Kind.CONTACT, user_id - 1, user.contact_id)
    admin = context.users.find(2)
    assert admin is not None
    names.put(Kind.CONTACT, 1, admin.contact_id)


def _made_ids(recording: Recording) -> dict[Kind, range]:
    """The ids that the scenario used up, by kind: from the lowest it got for something new to a few after the last."""
    made: dict[Kind, list[int]] = {}
    for exchange in recording.exchanges:
        kind = _CREATED.get(exchange.module)
        if exchange.module == "reminder":
            made.setdefault(Kind.REMINDER, []).extend(_new_reminders(exchange, recording.exchanges[0].at))
        if kind is None or (exchange.action not in ("new", "attach") and exchange.request["path"] not in _CREATING):
            continue
        for text in _created_ids(exchange.response.get("body")):
            digits = re.sub(r"^(cal|con)://0/", "", text)
            if digits.isdigit():
                made.setdefault(kind, []).append(int(digits))
    return {kind: range(min(ids), max(ids) + _USED_UP_LATER) for kind, ids in made.items() if ids}


def _new_reminders(exchange: Exchange, start: int) -> Iterator[int]:
    """The ids of reminders that were set since the scenario began."""
    body = exchange.response.get("body")
    data = body.get("data") if isinstance(body, dict) else None
    for entry in data if isinstance(data, list) else ():
        if isinstance(entry, dict) and entry["last_modified"] >= start:
            yield int(entry["id"])


def _created_ids(body: Any) -> Iterator[str]:
    if isinstance(body, str) and (page := CALLBACK_PAGE.fullmatch(body)):
        body = json.loads(page[2])
    data = body.get("data") if isinstance(body, dict) else None
    if isinstance(data, str):
        yield data
    if isinstance(data, list):
        yield from (str(entry.get("id", "") if isinstance(entry, dict) else entry) for entry in data)
    if isinstance(data, dict):
        yield str(data.get("id", ""))
        yield from (str(event.get("id", "")) for event in data.get("created", ()))
