"""The yardstick: an aiohttp server as it comes (asyncio's own loop) that reads a request and answers octets it has
ready.

``/<status>/<size>``: that status with so many octets. Run as ``python -m benchmarks.bare``; prints its port.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

_READY: dict[int, bytes] = {}


async def answer(request: web.Request) -> web.Response:
    await request.read()
    size = int(request.match_info["size"])
    body = _READY.get(size)
    if body is None:
        body = _READY[size] = b"<x>" + b"." * max(0, size - 3)
    headers = {"Content-Type": "application/xml; charset=utf-8"}
    return web.Response(status=int(request.match_info["status"]), body=body[:size], headers=headers)


async def serve() -> None:
    app = web.Application()
    app.router.add_route("*", "/{status}/{size}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"port {runner.addresses[0][1]}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
