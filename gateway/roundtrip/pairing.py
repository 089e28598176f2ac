"""Which property that was sent is which that came back, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from gateway.roundtrip.findings import Finding, Meaning, Verdict

Judge = Callable[[Meaning | None, Meaning | None, str], str]
"""Tells why a difference is a repair, or ``""`` for a loss: (sent, got, parameter or ``""`` for the value).

Either side is None where there is nothing on it; for an addition the answer is its reason.
"""


def compare(sent: Sequence[Meaning], got: Sequence[Meaning], judge: Judge, prefix: str = "") -> list[Finding]:
    """Findings for every value and parameter of both sides. `prefix` goes before the names of items."""
    names = dict.fromkeys(meaning.name for meaning in (*sent, *got))
    findings: list[Finding] = []
    for name in names:
        pairs = _pairs([one for one in sent if one.name == name], [one for one in got if one.name == name])
        for before, after in pairs:
            findings.extend(_judged(before, after, judge, prefix + name))
    return findings


def _pairs(sent: list[Meaning], got: list[Meaning]) -> Iterator[tuple[Meaning | None, Meaning | None]]:
    """Equal ones first, then those of equal value by how many parameters they share, then what is left in order."""
    sent, got = list(sent), list(got)
    for before in list(sent):
        if before in got:
            sent.remove(before)
            after = got.pop(got.index(before))
            yield before, after
    for before in list(sent):
        alike = [after for after in got if after.value == before.value]
        if alike:
            after = max(alike, key=lambda one: len(set(one.params) & set(before.params)))
            sent.remove(before)
            got.remove(after)
            yield before, after
    shared = min(len(sent), len(got))
    yield from zip(sent[:shared], got[:shared], strict=True)
    yield from ((before, None) for before in sent[shared:])
    yield from ((None, after) for after in got[shared:])


def _judged(before: Meaning | None, after: Meaning | None, judge: Judge, item: str) -> Iterator[Finding]:
    sent, got = before.line if before else "", after.line if after else ""
    if before is None:
        yield Finding(item, Verdict.ADDED, judge(None, after, ""), sent, got)
        return
    if after is not None and after.value == before.value:
        yield Finding(item, Verdict.EQUAL, "", sent, got)
        yield from _parameters(before, after, judge, item)
        return
    reason = before.fault or (before.spare if after is None else "") or judge(before, after, "")
    yield Finding(item, Verdict.REPAIRED if reason else Verdict.LOST, reason, sent, got)


def _parameters(before: Meaning, after: Meaning, judge: Judge, item: str) -> Iterator[Finding]:
    sent: dict[str, Hashable] = dict(before.params)
    got: dict[str, Hashable] = dict(after.params)
    for name in dict.fromkeys([*sent, *got]):
        here = f"{item};{name}"
        if sent.get(name) == got.get(name):
            yield Finding(here, Verdict.EQUAL, "", before.line, after.line)
        elif name not in sent:
            yield Finding(here, Verdict.ADDED, judge(before, after, name), before.line, after.line)
        else:
            reason = judge(before, after, name)
            yield Finding(here, Verdict.REPAIRED if reason else Verdict.LOST, reason, before.line, after.line)
