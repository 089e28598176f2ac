"""One OX session: carries out calls, one at a time or bundled, and renews itself once when OX has lost it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from gateway.ox import envelope
from gateway.ox.answers import interpret
from gateway.ox.bundle import Bundle, encoded
from gateway.ox.call import Answer, Call
from gateway.ox.errors import LoginReason, LoginRefused, Malformed, OutcomeUnknown, OXError, SessionLost
from gateway.ox.transport import Download, Reply, Transport

T = TypeVar("T")

_CODE = re.compile(r"[A-Z_]{2,12}-[0-9]{4,5}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a login gave: either a session with its cookies, or an Authorization header to repeat."""

    user_id: str
    context_id: str | None
    login: str
    session_id: str | None = field(default=None, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    authorization: str | None = field(default=None, repr=False)


class Session:
    """The calls of one signed-in user. Made by ``gateway.ox.login.log_in``; safe for concurrent use.

    ``renew`` logs in again with the same credentials, None if that is impossible (bearer tokens). A session whose
    renewal was refused stays refused: the password is not sent again.
    """

    def __init__(
        self, transport: Transport, signed_in: SignedIn, renew: Callable[[], Awaitable[SignedIn]] | None = None
    ) -> None:
        self._transport = transport
        self._state = signed_in
        self._cookies = dict(signed_in.cookies)
        self._renew = renew
        self._renewing = asyncio.Lock()
        self._refused: LoginRefused | None = None
        self._usual = Bundle(())
        """The last one without bodies."""

    @property
    def user_id(self) -> str:
        return self._state.user_id

    @property
    def context_id(self) -> str | None:
        return self._state.context_id

    @property
    def login(self) -> str:
        """The login name as OX knows it."""
        return self._state.login

    def __repr__(self) -> str:
        return f"Session(user_id={self.user_id!r}, context_id={self.context_id!r})"

    async def run(self, call: Call[T]) -> T:
        """Carry out one call: one HTTP request (two more when the session has to be renewed).

        Raises the OXError that OX answered; Unreachable, Overloaded, ServiceDown: nothing was done;
        OutcomeUnknown: a write may or may not have happened; LoginRefused: the session could not be renewed.
        """
        _, raw = await self._exchange(call)
        return _settle(call, raw)

    async def run_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Carry out several calls with one HTTP request (module ``multiple``), results in their order.

        An error that OX answered to one call stands in its place as an OXError and stops nothing else. What befalls
        the request as a whole is raised as by ``run``; OutcomeUnknown then concerns every write among the calls.
        Calls that cannot be bundled are requests of their own, raised errors included.
        """
        if calls and tuple(calls) == self._usual.calls:
            return await self._run_usual()
        bundled = [index for index, call in enumerate(calls) if call.bundleable]
        raws: dict[int, Any] = {}
        if len(bundled) == 1:
            raws[bundled[0]] = (await self._exchange(calls[bundled[0]]))[1]
        elif bundled:
            bundle = Bundle([calls[index] for index in bundled])
            raws.update(zip(bundled, await self._bundle(bundle), strict=True))
            if len(bundled) == len(calls) and all(call.body is None for call in calls):
                self._usual = bundle
        for index, call in enumerate(calls):
            if index not in raws:
                raws[index] = (await self._exchange(call))[1]
        return [_settle_in_place(call, raws[index]) for index, call in enumerate(calls)]

    async def _run_usual(self) -> list[Any]:
        bundle = self._usual
        raws = await self._bundle(bundle)
        results = bundle.results(raws)
        if results is None:
            results = [_settle_in_place(call, raw) for call, raw in zip(bundle.calls, raws, strict=True)]
            bundle.keep(raws, results)
        return results

    async def download(self, call: Call[bytes]) -> Download:
        """The answer to a binary call in pieces, as they come; it has to be read or closed. One HTTP request (two more
        when the session has to be renewed). Raises as ``run``."""
        state = self._state
        opened = await self._timed(call, self._open(call, state))
        if envelope.is_session_lost(opened):
            state = await self._renewed(state)
            opened = await self._timed(call, self._open(call, state))
        if isinstance(opened, Download):
            return opened
        envelope.open_envelope(opened)
        raise Malformed("JSON where a file was asked for")

    async def logout(self) -> None:
        """End the session at OX and use it no more. Never fails: a session that cannot be ended expires there."""
        async with self._renewing:
            self._renew = None
            state = self._state
        if state.session_id is None:
            return
        params = {"action": "logout", "session": state.session_id}
        try:
            await self._transport.send("GET", "login", params, write=False, headers=self._headers(state))
        except OXError:
            return

    # -- one request ---------------------------------------------------------------------------------------------

    async def _exchange(self, call: Call[Any]) -> tuple[SignedIn, Any]:
        """The undecoded answer and the session state it was given to, after at most one renewal."""
        state = self._state
        raw = await self._attempt(call, state)
        if envelope.is_session_lost(raw):
            state = await self._renewed(state)
            raw = await self._attempt(call, state)
        return state, raw

    async def _bundle(self, bundle: Bundle) -> list[Any]:
        """The undecoded answers to its calls; the list is not to be changed."""
        state, raws = await self._multiple(bundle)
        if bundle.results(raws) is not None:
            return raws
        lost = [index for index, raw in enumerate(raws) if envelope.is_session_lost(raw)]
        if not lost:
            return raws
        await self._renewed(state)
        _, again = await self._multiple(Bundle([bundle.calls[index] for index in lost]))
        answered = dict(zip(lost, again, strict=True))
        return [answered.get(index, raw) for index, raw in enumerate(raws)]

    async def _multiple(self, bundle: Bundle) -> tuple[SignedIn, list[Any]]:
        write = any(call.write for call in bundle.calls)
        call: Call[Any] = Call(
            module="multiple",
            action=None,
            method="PUT",
            params={"continue": "true"},
            body=bundle.octets,
            write=write,
            read=bundle.read,
            decode=_as_it_is,
        )
        state, raw = await self._exchange(call)
        if isinstance(raw, list) and len(raw) == len(bundle.calls):
            return state, raw
        if isinstance(raw, dict):
            envelope.open_envelope(raw)  # raises what OX says about the request as a whole
        raise OutcomeUnknown() if write else Malformed("multiple: another number of answers than of calls")

    async def _attempt(self, call: Call[Any], state: SignedIn) -> Any:
        return await self._timed(call, self._send(call, state))

    async def _timed(self, call: Call[Any], exchange: Awaitable[Any]) -> Any:
        """The outcome of one request, counted."""
        started = time.monotonic()
        outcome = "Cancelled"
        try:
            raw = await exchange
            outcome = _outcome(raw)
            return raw
        except OXError as error:
            outcome = type(error).__name__
            raise
        finally:
            if self._transport.on_call is not None:
                self._transport.on_call(call.module, call.action or "", outcome, time.monotonic() - started)

    async def _send(self, call: Call[Any], state: SignedIn) -> Any:
        params, headers = _params(call, state), self._headers(state)
        data: Any = None
        if call.uploads:
            data = _form(call)
            params["plainJson"] = "true"
        elif call.body is not None:
            data = call.body if isinstance(call.body, bytes) else encoded(call.body)
            headers["Content-Type"] = "application/json; charset=UTF-8"
        reply = await self._transport.send(
            call.method, call.module, params, write=call.write, headers=headers, data=data
        )
        return self._understood(reply, call, state)

    def _understood(self, reply: Reply, call: Call[Any], state: SignedIn) -> Any:
        if reply.status == 401 and state.authorization is not None:
            raise LoginRefused(LoginReason.WRONG_CREDENTIALS)
        raw = interpret(reply, call)
        if state is self._state and not envelope.is_session_lost(raw):
            self._keep(reply.cookies)
        return raw

    async def _open(self, call: Call[Any], state: SignedIn) -> Download | Any:
        """A download, or the JSON that stands in its place."""
        download = await self._transport.open(call.module, _params(call, state), headers=self._headers(state))
        if download.is_file:
            return download
        return self._understood(await download.reply(), call, state)

    def _headers(self, state: SignedIn) -> dict[str, str]:
        headers = {}
        if state.authorization is not None:
            headers["Authorization"] = state.authorization
        cookies = self._cookies if state is self._state else state.cookies
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return headers

    def _keep(self, cookies: Mapping[str, str | None]) -> None:
        for name, value in cookies.items():
            if value is None:
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = value

    async def _renewed(self, lost: SignedIn) -> SignedIn:
        """Log in again, once for all who noticed the loss of the same session."""
        async with self._renewing:
            if self._state is not lost:
                return self._state
            if self._refused is not None:
                raise self._refused
            if self._renew is None:
                raise SessionLost
            try:
                self._state = await self._renew()
            except LoginRefused as error:
                self._refused = error
                raise
            self._cookies = dict(self._state.cookies)
            return self._state


def _settle(call: Call[T], raw: Any) -> T:
    try:
        answer = Answer(raw) if call.binary and isinstance(raw, bytes) else envelope.open_envelope(raw)
        return call.decode(answer)
    except Malformed as error:
        if call.write:
            raise OutcomeUnknown from error
        raise
    except OXError as error:
        refined = call.refine(error)
        if refined is error:
            raise
        raise refined from error


def _settle_in_place(call: Call[T], raw: Any) -> T | OXError:
    try:
        return _settle(call, raw)
    except OXError as error:
        return error


def _outcome(raw: Any) -> str:
    """For metrics: a few hundred values at most, whatever the other side sends as a code."""
    fault = envelope.fault_of(raw)
    if fault is None or fault.category == "WARNING":
        return "ok"
    return fault.code if _CODE.fullmatch(fault.code) else "OXError"


def _form(call: Call[Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    if call.body is not None:
        form.add_field(call.json_field, encoded(call.body).decode())
    for upload in call.uploads:
        if upload.description is not None:
            field, body = upload.description
            form.add_field(field, encoded(body).decode())
        form.add_field(upload.field, upload.data, filename=upload.filename, content_type=upload.content_type)
    return form


def _params(call: Call[Any], state: SignedIn) -> dict[str, str]:
    params = dict(call.params)
    if call.action is not None:
        params = {"action": call.action, **params, "timezone": "UTC"}
    return params if state.session_id is None else {**params, "session": state.session_id}


def _as_it_is(answer: Answer) -> Any:
    return answer.data
