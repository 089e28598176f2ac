"""Comparing a calendar object with what came back of it."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.roundtrip import pairing
from gateway.roundtrip.calendar_repairs import RANGED, Repairs, is_rescheduled
from gateway.roundtrip.calendar_times import frame
from gateway.roundtrip.calendar_values import meanings
from gateway.roundtrip.findings import Finding, Meaning, Verdict
from gateway.roundtrip.times import Moment, TimeZones, key
from mappings.contentline import Component

MAIN = frozenset(["VEVENT", "VTODO", "VJOURNAL"])
PERIOD = "an occurrence of a length of its own"


def compare(sent: Component, got: Component, users: frozenset[str] = frozenset()) -> list[Finding]:
    """Findings for all properties, parameters and inner components of two VCALENDARs; VTIMEZONEs count by what
    they make of the times. `users`: the mail addresses of OX's own users."""
    before, after = _Side(sent, users), _Side(got, users)
    findings = pairing.compare(before.meanings(sent), after.meanings(got), Repairs(), "VCALENDAR.")
    return findings + _components(before.parts(sent), after.parts(got), before, after, "")


class _Side:
    """One of the two objects: its time zones, its series, its instances."""

    def __init__(self, calendar: Component, users: frozenset[str]) -> None:
        self.users = users
        self.zones = TimeZones(calendar)
        main = [part for part in calendar.components if part.name in MAIN]
        self.master = next((part for part in main if part.first("RECURRENCE-ID") is None), None)
        self.has_ranges = any(prop.param("RANGE") for part in main for prop in part.all("RECURRENCE-ID"))
        self.instances = {
            key(moment): frame(part, self.zones).seconds for part in main if (moment := self.instance(part)) is not None
        }

    def meanings(self, component: Component) -> list[Meaning]:
        return meanings(component, self.zones)

    def parts(self, component: Component) -> list[Component]:
        return [inner for inner in component.components if inner.name != "VTIMEZONE"]

    def instance(self, component: Component) -> Moment | None:
        """Which instance of a series a component is; None for the series and for what cannot be read."""
        prop = component.first("RECURRENCE-ID")
        try:
            return self.zones.moment(prop) if prop else None
        except ValueError:
            return None


def _components(
    sent: Sequence[Component], got: Sequence[Component], before: _Side, after: _Side, prefix: str
) -> list[Finding]:
    findings: list[Finding] = []
    rest = list(got)
    for component in sent:
        match = _match(component, rest, before, after)
        if match is None:
            findings.append(Finding(_item(component, prefix), Verdict.LOST, "", _head(component)))
            continue
        rest.remove(match)
        inner = prefix if component.name in MAIN else f"{prefix}{component.name}."
        repairs = _judge(component, before, after)
        findings.append(Finding(_item(component, prefix), Verdict.EQUAL))
        findings += pairing.compare(before.meanings(component), after.meanings(match), repairs, inner)
        findings += _components(before.parts(component), after.parts(match), before, after, inner)
    return findings + [
        Finding(_item(one, prefix), Verdict.ADDED, _why_added(one, before, after), "", _head(one)) for one in rest
    ]


def _judge(component: Component, before: _Side, after: _Side) -> Repairs:
    rule = component.first("RRULE")
    return Repairs(
        start=frame(component, before.zones).start,
        rule=rule.value if rule else None,
        recurring=rule is not None or component.first("RDATE") is not None,
        rescheduled=before.master is not None and is_rescheduled(component, before.master, before.zones),
        sent=before.instances,
        got=after.instances,
        users=before.users,
        is_task=component.name == "VTODO",
    )


def _why_added(component: Component, before: _Side, after: _Side) -> str:
    """An instance may stand for a period of RDATE, or for the range of an override."""
    moment = after.instance(component)
    if moment is None or before.master is None:
        return ""
    own = (key(moment), ("PERIOD", frame(component, after.zones).seconds))
    periods = [(one.value, *one.params) for one in before.meanings(before.master) if one.name == "RDATE"]
    if own in periods:
        return PERIOD
    return RANGED if before.has_ranges else ""


def _match(component: Component, candidates: Sequence[Component], before: _Side, after: _Side) -> Component | None:
    """Of events the same instance; of inner components the one that has most in common."""
    same = [one for one in candidates if one.name == component.name]
    if component.name in MAIN:
        wanted = before.instance(component)
        return next((one for one in same if _is(wanted, after.instance(one))), None)
    own = {(one.name, one.value) for one in before.meanings(component)}
    return max(same, key=lambda one: len(own & {(m.name, m.value) for m in after.meanings(one)}), default=None)


def _is(one: Moment | None, other: Moment | None) -> bool:
    """Of another type of time it is the same day."""
    if one is None or other is None:
        return one is other
    (kind, _), (other_kind, _) = key(one), key(other)
    if kind != other_kind and "day" in (kind, other_kind):
        return one.toordinal() == other.toordinal()
    return key(one) == key(other)


def _item(component: Component, prefix: str) -> str:
    return prefix + component.name + (" (instance)" if component.first("RECURRENCE-ID") else "")


def _head(component: Component) -> str:
    first = component.first("RECURRENCE-ID") or component.first("SUMMARY") or component.first("TRIGGER")
    return f"BEGIN:{component.name}" + (f" ({first.name}:{first.value})" if first else "")
