"""The SMS channel's routes, and what works behind them in the server's process."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from typing import Any
from xml.sax.saxutils import escape

from sanic import Blueprint, Sanic
from sanic import response as answers
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.sms import webhook
from bot.channels.sms.case import Reply
from bot.channels.sms.outbox import Outbox
from bot.channels.sms.provider import Provider
from bot.channels.sms.settings import INBOUND_PATH, STATUS_PATH, SmsSettings, read
from bot.channels.sms.threads import Threads
from bot.channels.sms.worker import Parts, Worker
from bot.safety import screen
from bot.settings import SettingsError
from bot.store import sms_inbox, sms_reports
from bot.texting.render import render

logger = logging.getLogger("backcoach.sms")

STORE_SECONDS = 3.0
"""How long a text may take to be stored; the provider itself waits for fifteen."""
_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response>{}</Response>'
_SIGNATURE = "x-twilio-signature"


class SmsService:
    """The channel at work: threads, the way to the provider, the worker and the outbox.

    Args:
        settings: The channel's settings.
    """

    def __init__(self, settings: SmsSettings) -> None:
        self.settings = settings
        self.threads = Threads()
        self._owner = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._tasks: list[asyncio.Task[None]] = []
        self._provider: Provider | None = None
        self.worker: Worker | None = None
        self._outbox: Outbox | None = None

    async def start(self, app: Any) -> None:
        """Starts on the server's event loop; unfinished texts are taken up again."""
        self._provider = Provider(self.settings)
        self._outbox = Outbox(self._provider, self._owner, self.threads)
        engine = app.ctx.engine
        parts = Parts(app.ctx.gateway, engine.last_turn, self._outbox.wake, engine.loaded)
        self.worker = Worker(parts, self.settings.public_url, self._owner, self.threads)
        for running in (self.worker, self._outbox):
            self._tasks.append(asyncio.ensure_future(running.run()))

    async def stop(self) -> None:
        """Ends it; what is not done stays in the database."""
        for task in self._tasks:
            task.cancel()
        for part in (self.worker, self._outbox, self._provider):
            if isinstance(part, Provider):
                await part.close()
            elif part is not None:
                await part.stop()
        self.threads.close()


def _settings() -> SmsSettings | None:
    """Returns the settings; where they are wrong the channel is off, and the log says why."""
    try:
        settings = read()
    except SettingsError as error:
        logger.error("%s", error)
        return None
    if settings is None:
        logger.info("SMS is off: its settings are not in the environment (docs/sms-guide.md).")
    return settings


def add_sms(app: Sanic) -> None:
    """Adds the channel to the web application; without settings its routes answer 503."""
    settings = _settings()
    service = SmsService(settings) if settings else None
    app.ctx.sms = service
    routes = Blueprint("sms_channel")
    routes.add_route(_inbound, INBOUND_PATH, methods=["POST"])
    routes.add_route(_status, STATUS_PATH, methods=["POST"])
    app.blueprint(routes)
    if service is None:
        return

    async def start(running: Any, _loop: Any) -> None:
        await service.start(running)

    async def stop(_running: Any, _loop: Any) -> None:
        await service.stop()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")


def _checked(request: Request) -> tuple[SmsService, webhook.Form] | HTTPResponse:
    """Returns the service and the form of a request that the provider signed, else a refusal."""
    service: SmsService | None = request.app.ctx.sms
    if service is None:
        return answers.json({"error": "SMS is not set up here."}, status=503)
    try:
        form = webhook.Form(request.body)
    except ValueError:
        return answers.json({"error": "That is no form."}, status=400)
    signature = request.headers.get(_SIGNATURE, "")
    if not webhook.is_signed(service.settings, request.path, request.query_string, form, signature):
        logger.warning("A request was refused: the provider did not sign it.")
        return answers.json({"error": "The signature is not valid."}, status=403)
    return service, form


async def _inbound(request: Request) -> HTTPResponse:
    """Stores a text and answers at once; the reply goes through the API later."""
    checked = _checked(request)
    if isinstance(checked, HTTPResponse):
        return checked
    service, form = checked
    received = webhook.read(form)
    if received is None:
        return _twiml([])  # not from a phone
    try:
        await asyncio.wait_for(service.threads.run(_store, received), STORE_SECONDS)
    except Exception as error:
        logger.error("A text could not be stored: %s", type(error).__name__)
        return _without_store(request.app.ctx.gateway.instruction(received.text, "sms"))
    if service.worker:
        service.worker.wake()
    return _twiml([])


def _without_store(instruction: list[Reply]) -> HTTPResponse:
    """Answers a danger in the webhook's own answer; for all else the provider tries again.

    That goes to its fallback address, or the clinic sees the failure there.
    """
    if not instruction:
        return answers.json({"error": "Not stored."}, status=503)
    # Buttons would offer what nobody could take up.
    return _twiml(render([{**reply, "buttons": []} for reply in instruction]).texts)


def _twiml(texts: list[str]) -> HTTPResponse:
    """Returns the webhook's answer, with texts that the provider sends back at once."""
    messages = "".join(f"<Message>{escape(text)}</Message>" for text in texts)
    return answers.text(_TWIML.format(messages), content_type="text/xml")


def _store(received: webhook.Received) -> bool:
    try:
        level = int(screen(received.text).level)
    except Exception:
        level = 0
    return sms_inbox.take_in(
        received.message_sid, received.number, received.text,
        media=received.media, keyword=received.keyword, level=level,
    )  # fmt: skip


async def _status(request: Request) -> HTTPResponse:
    """Records what became of a text."""
    checked = _checked(request)
    if isinstance(checked, HTTPResponse):
        return checked
    service, form = checked
    sid = form.get("MessageSid") or form.get("SmsSid")
    status = form.get("MessageStatus") or form.get("SmsStatus")
    if sid and len(sid) <= 64 and status:
        key = str(request.args.get("text") or "")
        try:
            await service.threads.run(
                sms_reports.report, sid, key, status, form.number("ErrorCode")
            )
        except Exception as error:
            logger.error("A report could not be stored: %s", type(error).__name__)
            return answers.json({"error": "Not stored."}, status=503)
    return answers.empty()
