"""What the gateway keeps in memory changes no answer: it says what a gateway says that keeps nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.davclient import DAV, card, child, event
from tests.oxclient import OX
from tests.world import PASSWORD, World

RULES = ("FREQ=DAILY;COUNT=5", "FREQ=WEEKLY", "FREQ=MONTHLY;UNTIL=20270601T000000Z", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,TU")
DAYS = ("20270226", "20270301", "20270315", "20270401", "20270701")
RANGES = (
    ("20270301T000000Z", "20270401T000000Z"),
    ("20270301T000100Z", "20270401T000100Z"),
    ("20270301T083000Z", "20270301T084500Z"),
    ("20270315T000000Z", None),
    ("20270315T000100Z", None),
    (None, "20270301T120000Z"),
    ("20270630T000000Z", "20270702T000000Z"),
)


@pytest.fixture
async def forgetful(world: World) -> AsyncIterator[DAV]:
    """Alice, by way of a gateway that keeps nothing."""
    with world.replica(cache={"memory_bytes": 0}) as url:
        async with DAV(url, "alice", PASSWORD) as client:
            yield client


class Life:
    """What happens to alice's events and cards, through the gateway and past it."""

    def __init__(self, random: Random, alice: DAV, ox: OX, calendar: str, book: str) -> None:
        self.random = random
        self.alice = alice
        self.ox = ox
        self.calendar = calendar
        self.book = book

    async def go_on(self) -> None:
        happens = (self.put_event, self.put_series, self.put_card, self.change_in_ox, self.delete, self.rename)
        await self.random.choice(happens)()

    def _href(self, suffix: str) -> str:
        return child(self.calendar if suffix == "ics" else self.book, f"kept {self.random.randrange(6)}.{suffix}")

    async def put_event(self) -> None:
        href = self._href("ics")
        start = f"{self.random.choice(DAYS)}T{self.random.choice(['08', '22'])}3000"
        await self.alice.put(href, event(href.rpartition("/")[2], f"Event {self.random.random()}", start=start))

    async def put_series(self) -> None:
        href = self._href("ics")
        lines = [f"RRULE:{self.random.choice(RULES)}"]
        start = f"{self.random.choice(DAYS)}T083000"
        await self.alice.put(
            href, event(href.rpartition("/")[2], f"Series {self.random.random()}", start=start, lines=lines)
        )

    async def put_card(self) -> None:
        href = self._href("vcf")
        note = self.random.choice(["NOTE:Köln", "NOTE:Bonn", "NICKNAME:Kö"])
        await self.alice.put(href, card(href.rpartition("/")[2], f"Card {self.random.random()}", note))

    async def change_in_ox(self) -> None:
        found = await self.ox.events()
        if found:
            one = self.random.choice(found)
            where = {"folder": one["folder"], "id": one["id"], "timestamp": one["timestamp"]}
            instance = {"recurrenceId": one["recurrenceId"]} if "recurrenceId" in one else {}
            day = self.random.choice(DAYS)
            moved = {
                name: {"value": f"{day}T{hour}0000", "tzid": "Europe/Berlin"}
                for name, hour in (("startDate", "10"), ("endDate", "11"))
            }
            change = self.random.choice([{"summary": f"changed {self.random.random()}"}, moved])
            await self.ox.envelope("chronos", "update", change, **where, **instance)

    async def delete(self) -> None:
        await self.alice.delete(self._href(self.random.choice(["ics", "vcf"])))

    async def rename(self) -> None:
        suffix = self.random.choice(["ics", "vcf"])
        await self.alice.move(self._href(suffix), self._href(suffix), overwrite="F")


class Questions:
    """Everything whose answer is made of what is kept."""

    def __init__(self, calendar: str, book: str) -> None:
        self.calendar = calendar
        self.book = book

    async def answers(self, client: DAV) -> list[bytes]:
        names = [f"kept {number}" for number in range(6)]
        asked = [
            await client.multiget(self.calendar, [child(self.calendar, f"{name}.ics") for name in names]),
            await client.multiget(self.book, [child(self.book, f"{name}.vcf") for name in names], card=True),
            await client.query(
                self.calendar,
                whole('<C:prop-filter name="SUMMARY"><C:text-match>series</C:text-match></C:prop-filter>'),
            ),
            await client.card_query(self.book, matches("NOTE", "KÖL"), "CR:address-data"),
            await client.card_query(self.book, matches("NICKNAME", "k"), "D:getetag"),
            await client.propfind(self.calendar, "D:getetag", "C:schedule-tag", depth=1),
        ]
        for start, end in RANGES:
            bounds = " ".join(f'{name}="{at}"' for name, at in (("start", start), ("end", end)) if at)
            asked.append(await client.query(self.calendar, whole(f"<C:time-range {bounds}/>"), "D:getetag"))
            if start and end:
                expanded = f"<C:calendar-data><C:expand {bounds}/></C:calendar-data>"
                asked.append(
                    await client.query(self.calendar, whole(f"<C:time-range {bounds}/>"), "D:getetag", expanded)
                )
        return [b"\n".join(sorted(answer.expect(207).body.splitlines())) for answer in asked]


def whole(inner: str) -> str:
    return f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">{inner}</C:comp-filter></C:comp-filter>'


def matches(name: str, text: str) -> str:
    return f'<CR:prop-filter name="{name}"><CR:text-match>{text}</CR:text-match></CR:prop-filter>'


@pytest.mark.parametrize("seed", range(2))
async def test_nobody_notices_what_is_kept(
    alice: DAV, forgetful: DAV, alice_ox: OX, calendar: str, book: str, seed: int
) -> None:
    life = Life(Random(seed), alice, alice_ox, calendar, book)
    questions = Questions(calendar, book)
    for _ in range(10):
        await life.go_on()
        told = await questions.answers(alice)
        assert told == await questions.answers(alice)
        assert told == await questions.answers(forgetful)
