"""The samples in this tree, through the embedded OX and back: nothing more gets lost than is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.roundtrip.command import travel
from gateway.roundtrip.findings import Verdict
from gateway.roundtrip.split import split

SAMPLES = Path(__file__).parent.parent / "samples"

KNOWN_LOSSES = {
    ("extensions-all", "DTSTART;X-SLACK"),
    ("people-owner-alone", "ORGANIZER"),
    ("people-owner-alone", "ATTENDEE"),
}
"""(uid, item). The owner alone is no meeting in OX."""

KNOWN_REFUSALS = {
    "people-other-addresses",  # addresses that are neither mail nor of this server
    "texts-long",  # longer than OX's columns
    "slots-long",
    "",  # KAddressBook writes names with a slash
}
KNOWN_FAILURES = {"people-all-parameters"}
"""The embedded OX stumbles over a group that is not its own."""

KNOWN_WRITES = {
    "040000008200E00074C5B7101A82E0080000000000B0C0D0E0F001000000000000000010000000AABBCCDDEEFF00112233445566778899",
    "7d2f0b1e-thunderbird-1",
}
"""Objects that are written again when what came back is PUT."""


@pytest.mark.parametrize("kind", ["ics", "vcf"])
async def test_samples(kind: str) -> None:
    files = sorted(SAMPLES.glob(f"*.{kind}"))
    resources = [resource for file in files for resource in split(file.name, file.read_bytes())]
    assert len(resources) > 15
    journeys = await travel(resources)
    lost = {
        (journey.resource.uid, finding.item)
        for journey in journeys
        for finding in journey.findings
        if finding.verdict is Verdict.LOST
    }
    assert lost <= KNOWN_LOSSES
    assert {journey.resource.uid for journey in journeys if journey.refused} <= KNOWN_REFUSALS
    assert {journey.resource.uid for journey in journeys if journey.failure} <= KNOWN_FAILURES
    assert {journey.resource.uid for journey in journeys if journey.rewritten} <= KNOWN_WRITES
