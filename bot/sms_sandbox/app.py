"""The stand-in's web application: the provider's API on one side, a phone on the other."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from importlib import resources
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.channels.sms.settings import INBOUND_PATH, SmsSettings
from bot.sms_sandbox.exchange import Exchange, SandboxText, undelivered_code

_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_ASSETS = {"phone.js": "text/javascript", "phone.css": "text/css"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[Request], Awaitable[Response]]


class Sandbox:
    """The stand-in for one account.

    Args:
        settings: The same as the bot's.
    """

    def __init__(self, settings: SmsSettings) -> None:
        self.settings = settings
        self.exchange = Exchange()
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self) -> Starlette:
        """Returns the web application."""
        messages = f"/2010-04-01/Accounts/{self.settings.account_sid}/Messages.json"
        return Starlette(
            routes=[
                Route(messages, self._api(self._create), methods=["POST"]),
                Route(messages, self._api(self._list), methods=["GET"]),
                Route("/", self._local(self._page), methods=["GET"]),
                Route("/static/{name}", self._local(self._static), methods=["GET"]),
                Route("/favicon.ico", self._local(self._no_icon), methods=["GET"]),
                Route("/phone/texts", self._local(self._texts), methods=["GET"]),
                Route("/phone/send", self._local(self._type), methods=["POST"]),
                Route("/faults", self._local(self._set_faults), methods=["POST"]),
            ]
        )

    # --- the provider's API ---------------------------------------------------------------------

    def _api(self, handler: Handler) -> Handler:
        expected = f"{self.settings.account_sid}:{self.settings.auth_token}".encode()

        async def checked(request: Request) -> Response:
            kind, _, given = request.headers.get("authorization", "").partition(" ")
            try:
                right = kind.lower() == "basic" and base64.b64decode(given) == expected
            except ValueError:
                right = False
            return await handler(request) if right else _refuse(401, 20003, "Authenticate")

        return checked

    async def _create(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
        to, body = form.get("To", [""])[0], form.get("Body", [""])[0]
        faults = self.exchange.faults
        if faults.delay:
            await asyncio.sleep(faults.delay)
        if form.get("MessagingServiceSid", [""])[0] != self.settings.messaging_service_sid:
            return _refuse(404, 21703, "The Messaging Service does not exist")
        refused = self.exchange.refusal(to, body)
        if refused:
            return _refuse(*refused)
        text = SandboxText(
            self.exchange.new_sid(), to, body, True, "queued", form.get("MediaUrl", [""])[0]
        )
        self.exchange.texts.append(text)
        report = form.get("StatusCallback", [""])[0]
        if report:
            self._start(self._deliver(text, report))
        if faults.lose_answers > 0:
            faults.lose_answers -= 1
            return _Broken()
        made = text.as_api(self.settings.account_sid, self.settings.messaging_service_sid)
        return JSONResponse(made, status_code=201)

    async def _list(self, request: Request) -> Response:
        if self.exchange.faults.down:
            return _refuse(503, 20503, "Service unavailable")
        to = request.query_params.get("To", "")
        found = [t for t in reversed(self.exchange.of(to)) if t.outbound][:50]
        account, service = self.settings.account_sid, self.settings.messaging_service_sid
        listed = [text.as_api(account, service) for text in found]
        return JSONResponse({"messages": listed, "page": 0, "page_size": 50,
                             "next_page_uri": None, "uri": request.url.path})  # fmt: skip

    async def _deliver(self, text: SandboxText, report: str) -> None:
        code = undelivered_code(text.phone)
        for status in ("sent", "undelivered" if code else "delivered"):
            text.status = status
            text.error = code if status == "undelivered" else None
            fields_of = {"MessageSid": text.sid, "MessageStatus": status, "To": text.phone}
            if text.error:
                fields_of["ErrorCode"] = str(text.error)
            await self.signed(report, fields_of)

    # --- webhooks -------------------------------------------------------------------------------

    async def signed(self, url: str, form: dict[str, str]) -> int:
        """Sends a webhook as the provider does, signed; returns the status of the answer."""
        body = {"AccountSid": self.settings.account_sid, "ApiVersion": "2010-04-01", **form}
        signature = RequestValidator(self.settings.auth_token).compute_signature(url, body)
        async with aiohttp.ClientSession() as client:
            try:
                headers = {"X-Twilio-Signature": signature}
                async with client.post(url, data=body, headers=headers) as answer:
                    return answer.status
            except aiohttp.ClientError:
                return 0

    async def receive(self, phone: str, body: str, media: int = 0, sid: str | None = None) -> int:
        """Takes a text from a phone and hands it to the bot; returns the status of its answer."""
        text = SandboxText(sid or self.exchange.new_sid(), phone, body, False, "received")
        self.exchange.texts.append(text)
        form = {
            "MessageSid": text.sid, "SmsMessageSid": text.sid, "SmsSid": text.sid, "From": phone,
            "To": "+15005550006", "Body": body, "NumMedia": str(media), "NumSegments": "1",
            "SmsStatus": "received", "FromCity": "", "FromState": "TX", "FromZip": "",
            "FromCountry": "US", "ToCity": "", "MessagingServiceSid":
            self.settings.messaging_service_sid,
        }  # fmt: skip
        keyword = self.exchange.keyword(phone, body)
        if keyword:
            form["OptOutType"] = keyword
            said = f"(The provider itself answers {keyword}.)"
            made = SandboxText(self.exchange.new_sid(), phone, said, True, "delivered")
            self.exchange.texts.append(made)
        return await self.signed(f"{self.settings.public_url}{INBOUND_PATH}", form)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def reported(self) -> None:
        """Waits until the bot was told of every text."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    # --- the phone ------------------------------------------------------------------------------

    @staticmethod
    def _local(handler: Handler) -> Handler:
        """Refuses what does not come from a page of this machine."""

        async def checked(request: Request) -> Response:
            host = request.headers.get("host", "").rsplit(":", maxsplit=1)[0]
            origin = request.headers.get("origin")
            mine = origin is None or origin.partition("://")[2] == request.headers.get("host")
            if host not in _HOSTS or not mine:
                return Response("Only from this machine.", 403)
            response = await handler(request)
            response.headers.update(_HEADERS)
            return response

        return checked

    async def _page(self, _request: Request) -> Response:
        return Response(_asset("phone.html"), media_type="text/html")

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            return Response("There is no such file.", 404)
        return Response(_asset(name), media_type=_ASSETS[name])

    async def _no_icon(self, _request: Request) -> Response:
        return Response(status_code=204)

    async def _texts(self, request: Request) -> Response:
        texts = self.exchange.of(request.query_params.get("phone", ""))
        return JSONResponse([
            {"sid": t.sid, "body": t.body, "mine": not t.outbound, "status": t.status,
             "media": t.media, "error": t.error} for t in texts
        ])  # fmt: skip

    async def _type(self, request: Request) -> Response:
        sent = await request.json()
        phone, body = str(sent.get("phone", "")), str(sent.get("body", ""))
        digits = "".join(sign for sign in phone if sign.isdigit())
        if not 8 <= len(digits) <= 15:
            return JSONResponse({"error": "Give a number such as +15125550100."}, 400)
        status = await self.receive(f"+{digits}", body, int(sent.get("media", 0)), sent.get("sid"))
        return JSONResponse({"status": status}, 200 if status == 200 else 502)

    async def _set_faults(self, request: Request) -> Response:
        wanted = await request.json()
        known = {field.name for field in fields(self.exchange.faults)}
        for name, value in wanted.items():
            if name in known:
                setattr(self.exchange.faults, name, value)
        return JSONResponse(asdict(self.exchange.faults))


class _Broken(Response):
    """Ends the connection without an answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise ConnectionResetError


def _refuse(status: int, code: int, words: str) -> JSONResponse:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse(
        {"code": code, "message": words, "more_info": more, "status": status}, status_code=status
    )


def _asset(name: str) -> str:
    folder = resources.files("bot.sms_sandbox").joinpath("static")
    return folder.joinpath(name).read_text(encoding="utf-8")


def web_server(sandbox: Sandbox, port: int) -> uvicorn.Server:
    """Returns a server for the stand-in, on this machine only."""
    config = uvicorn.Config(
        sandbox.application(), host="127.0.0.1", port=port, log_level="critical",
        access_log=False, lifespan="off", ws="none", http="h11", loop="asyncio",
    )  # fmt: skip
    return uvicorn.Server(config)


def sandbox_settings(bot_url: str, sandbox_url: str) -> SmsSettings:
    """Returns settings of an account that exists nowhere else."""
    return SmsSettings(
        "AC" + secrets.token_hex(16), secrets.token_hex(16), "MG" + secrets.token_hex(16),
        bot_url, sandbox_url,
    )  # fmt: skip
