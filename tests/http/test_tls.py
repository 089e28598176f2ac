"""The gateway with a certificate of its own. That in ``tls`` names localhost, for a hundred years."""

from __future__ import annotations

import ssl
from pathlib import Path

import aiohttp
import pytest

from tests.world import PASSWORD, World

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"


async def test_answers_travel_encrypted_and_whole(tmp_path: Path) -> None:
    world = World(tmp_path, listen={"port": 0, "certificate": CERTIFICATE, "key": CERTIFICATE.with_suffix(".key")})
    try:
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        url = f"https://localhost:{world.gateway.port}/"
        alice = aiohttp.BasicAuth("alice", PASSWORD)
        async with aiohttp.ClientSession(auth=alice, connector=aiohttp.TCPConnector(ssl=trusting)) as client:
            async with client.request("PROPFIND", url, headers={"Depth": "0"}) as answer:
                assert answer.status == 207
                assert (await answer.text()).endswith("</D:multistatus>\n")
            with pytest.raises(aiohttp.ClientError):
                await client.get(url.replace("https:", "http:"))
    finally:
        world.close()
