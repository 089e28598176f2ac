"""Alarms as data: checking them, comparing old with new, and when they go off."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any, Final

from middleware.chronos import data_errors
from middleware.chronos.dates import java_class, parse_value
from middleware.chronos.event import JSON
from middleware.errors import unparsable_body

MAX_ALARMS: Final = 100
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)")
_MEMBERS: Final = ("uid", "action", "acknowledged", "summary", "description", "relatedTo", "attendees", "attachments")


def parse_alarms(sent: list[Any] | None, user_mail: JSON) -> list[JSON]:
    """The alarms of a body; CAL-4005 when one lacks what its action needs, CAL-5074 for too many.

    EMAIL alarms always go to the user himself and are marked as sent by the server.
    """
    if not sent:
        return []
    if len(sent) > MAX_ALARMS:
        raise data_errors.too_many_alarms(MAX_ALARMS, len(sent))
    return [_parse_alarm(one, user_mail) for one in sent]


def _parse_alarm(sent: Any, user_mail: JSON) -> JSON:
    if not isinstance(sent, dict):
        raise unparsable_body(f"JSONArray[0] is not a JSONObject, but {java_class(sent)}")
    alarm: JSON = {name: sent[name] for name in ("id", *_MEMBERS) if sent.get(name) is not None}
    action = str(sent.get("action") or "").upper()
    if not action or (action == "DISPLAY" and not sent.get("description")):
        raise data_errors.invalid_alarm()
    alarm.update(action=action, trigger=_parse_trigger(sent.get("trigger")))
    properties = dict(sent["extendedProperties"]) if isinstance(sent.get("extendedProperties"), dict) else {}
    if action == "EMAIL":
        alarm["attendees"] = [user_mail]
        properties["ALARM-AGENT"] = {"value": "SERVER"}
    if properties:
        alarm["extendedProperties"] = properties
    return alarm


def _parse_trigger(sent: Any) -> JSON:
    trigger: JSON = {}
    if isinstance(sent, dict) and sent.get("related") is not None:
        trigger["related"] = str(sent["related"])
    if isinstance(sent, dict) and sent.get("dateTime") is not None:
        value = parse_value(str(sent["dateTime"]))
        if value is None or value.zone != "UTC":
            raise data_errors.invalid_alarm()
        return {"dateTime": value.value()}
    if isinstance(sent, dict) and sent.get("duration") is not None:
        if duration(str(sent["duration"])) is None:
            raise data_errors.invalid_alarm()
        return {**trigger, "duration": str(sent["duration"])}
    raise data_errors.invalid_alarm()


def duration(text: str) -> timedelta | None:
    """An RFC 5545 duration; None when it is none."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        return None
    try:
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return -length if match[1] == "-" else length


def trigger_ms(alarm: JSON, starts: int, ends: int) -> int:
    """When an alarm goes off for an occurrence from `starts` to `ends` (ms)."""
    trigger = alarm["trigger"]
    if "dateTime" in trigger:
        value = parse_value(trigger["dateTime"])
        if value is None:
            raise ValueError("stored trigger is damaged")
        return value.epoch_ms(UTC)
    length = duration(trigger["duration"]) or timedelta()
    return (ends if trigger.get("related") == "END" else starts) + int(length.total_seconds() * 1000)


def merged(stored: Iterable[JSON], sent: list[JSON], *, mend: bool) -> list[JSON]:
    """The alarms after a replacement: those recognised keep id and uid, the others come without id.

    An alarm is recognised by its id, uid or trigger, else by its action. As on the real server the text of a
    recognised one stays as it was, unless `mend`.
    """
    left = list(stored)
    return [_merge(old, new, mend=mend) for old, new in zip(_partners(left, sent), sent, strict=True)]


def _partners(left: list[JSON], sent: list[JSON]) -> list[JSON | None]:
    partners: list[JSON | None] = [None] * len(sent)
    for same in (_same_id, _same_uid, _same_trigger, _same_action):
        for place, new in enumerate(sent):
            if partners[place] is None:
                found = next((old for old in left if same(old, new)), None)
                if found is not None:
                    partners[place] = found
                    left.remove(found)
    return partners


def _same_id(old: JSON, new: JSON) -> bool:
    return "id" in new and old["id"] == new["id"]


def _same_uid(old: JSON, new: JSON) -> bool:
    return "uid" in new and old["uid"] == new["uid"]


def _same_trigger(old: JSON, new: JSON) -> bool:
    return bool(old["action"] == new["action"] and old["trigger"] == new["trigger"])


def _same_action(old: JSON, new: JSON) -> bool:
    return bool(old["action"] == new["action"] and "uid" not in new and "id" not in new)


def _merge(old: JSON | None, new: JSON, *, mend: bool) -> JSON:
    alarm = {name: value for name, value in new.items() if name != "id"}
    if old is None:
        alarm.setdefault("uid", str(uuid.uuid4()))
        return alarm
    alarm.update(id=old["id"], uid=old["uid"])
    if not mend and "description" in old:
        alarm["description"] = old["description"]
    return alarm
