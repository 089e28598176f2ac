"""The composition root: from settings to a running gateway."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from aiohttp import web

from gateway.account.generations import BOOK_MODULES, GENERATIONS
from gateway.account.pool import Accounts
from gateway.dav.service import Service
from gateway.http.metrics import GatewayMetrics, metrics_app
from gateway.http.server import Parts, create_app
from gateway.ledger.ledger import Ledger
from gateway.ox.system import reachable
from gateway.ox.transport import Transport
from gateway.settings import Settings


@dataclass(slots=True)
class Gateway:
    """A gateway that listens. ``port`` is the real one, also when the settings said 0."""

    port: int
    runners: list[web.AppRunner]
    accounts: Accounts
    ledger: Ledger
    transport: Transport

    async def stop(self) -> None:
        """Stop listening, let running requests end, sign everybody out of OX."""
        for runner in self.runners:
            await runner.cleanup()
        await self.accounts.close()
        await self.transport.close()
        await self.ledger.close()


async def start(settings: Settings, *, shared_port: bool = False) -> Gateway:
    """Listen as the settings say; with ``shared_port`` beside other processes that do (SO_REUSEPORT).

    Raises OSError when an address or a certificate cannot be used, LedgerError when the ledger cannot."""
    metrics = GatewayMetrics()
    ledger = await Ledger.open(settings.ledger.url)
    transport = _transport(settings, metrics)
    accounts = _accounts(settings, transport, ledger, metrics)

    async def probe() -> bool:
        return await reachable(transport)

    app = create_app(Parts(settings, accounts, Service(), metrics, probe))
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,
        max_line_size=settings.limits.header_bytes,
        max_field_size=settings.limits.header_bytes,
    )
    gateway = Gateway(0, [runner], accounts, ledger, transport)
    try:
        gateway.port = await _listen(
            runner, settings.listen.host, settings.listen.port, _tls(settings), shared=shared_port
        )
        if settings.metrics.port:
            gateway.runners.append(web.AppRunner(metrics_app(metrics), access_log=None))
            await _listen(gateway.runners[-1], settings.metrics.host, settings.metrics.port, None)
    except BaseException:
        await gateway.stop()
        raise
    return gateway


def _accounts(settings: Settings, transport: Transport, ledger: Ledger, metrics: GatewayMetrics) -> Accounts:
    return Accounts(
        transport,
        ledger,
        generation=GENERATIONS.get(settings.ox.generation),
        book_modules=BOOK_MODULES.get(settings.ox.contacts),
        cache_bytes=settings.cache.memory_bytes,
        max_accounts=settings.cache.accounts,
        idle_seconds=settings.cache.account_idle_seconds,
        folder_seconds=settings.cache.folder_seconds,
        max_resource_bytes=settings.limits.resource_bytes,
        max_image_bytes=settings.limits.image_bytes,
        max_attachment_bytes=settings.limits.attachment_bytes,
        failures_per_login=settings.sign_in.failures_per_login,
        failure_window_seconds=settings.sign_in.window_seconds,
        on_unreadable=metrics.unreadable_object,
    )


def _transport(settings: Settings, metrics: GatewayMetrics) -> Transport:
    return Transport(
        settings.ox.url,
        timeout=settings.ox.timeout_seconds,
        connections=settings.ox.connections,
        verify=_trust(settings),
        max_answer_bytes=settings.ox.max_answer_bytes,
        on_call=metrics.upstream_call,
    )


def _trust(settings: Settings) -> bool | ssl.SSLContext:
    """Whom the gateway believes to be OX."""
    if settings.ox.verify_certificate and settings.ox.certificate_authorities is not None:
        return ssl.create_default_context(cafile=settings.ox.certificate_authorities)
    return settings.ox.verify_certificate


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.listen.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.listen.certificate, settings.listen.key)
    return context


async def _listen(
    runner: web.AppRunner, host: str, port: int, tls: ssl.SSLContext | None, *, shared: bool = False
) -> int:
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls, reuse_port=shared or None)
    await site.start()
    addresses = runner.addresses
    return int(addresses[0][1])
