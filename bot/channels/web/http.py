"""The chat over plain HTTP: sessions, messages, and the visitor's own chart.

The sender's id comes from the signed token alone, so that no visitor can read or write another's
conversation.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import Any

from sanic import response as answers
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import tokens
from bot.channels.gateway import Gateway
from bot.channels.web.conversations import CHANNEL
from bot.channels.web.pages import error
from bot.channels.web.questions import LONGEST, everything
from bot.coaching.chart import png
from bot.patient import record_of
from bot.replies import plain_response

_NOT_VALID = "This session is not valid any more: start a new one."


def public(reply: dict[str, Any]) -> dict[str, Any]:
    """Returns a reply as clients see it: buttons by title only, never their payload."""
    return {**reply, "buttons": [button["title"] for button in reply["buttons"]]}


def too_many(wait: float, response: str) -> HTTPResponse:
    """Returns the friendly answer to somebody who was too quick.

    Args:
        wait: Seconds to wait.
        response: The name of what is said.
    """
    refused = error(429, plain_response(response, CHANNEL)["text"])
    refused.headers["Retry-After"] = str(math.ceil(wait))
    return refused


async def health(request: Request) -> HTTPResponse:
    """Tells whether the dialogue engine can answer."""
    ready = bool(request.app.ctx.engine.ready)
    return answers.json({"ready": ready}, status=200 if ready else 503)


def _visitor(request: Request) -> str | None:
    """Returns who asks, from the token alone."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return tokens.visitor(token) if scheme.lower() == "bearer" else None


async def new_session(request: Request) -> HTTPResponse:
    """Greets a visitor: the one whose token is sent, or a new one."""
    known = _visitor(request)
    limits = request.app.ctx.limits
    wait = limits.session_wait(limits.address_of(request), new=known is None)
    if wait:
        return too_many(wait, "utter_web_too_many_chats")
    sender = known or tokens.new_visitor()
    gateway: Gateway = request.app.ctx.gateway
    replies = await gateway.welcome(sender, CHANNEL)
    shown = [public(reply) for reply in replies]
    return answers.json({"token": tokens.mint(sender), "replies": shown})


async def progress_chart(request: Request) -> HTTPResponse:
    """Draws the visitor's own chart."""
    sender = _visitor(request)
    if sender is None:
        return error(401, _NOT_VALID)
    limits = request.app.ctx.limits
    wait = limits.message_wait(sender, limits.address_of(request))
    if wait:
        return too_many(wait, "utter_web_too_fast")
    record = await asyncio.to_thread(record_of, sender)
    if not record:
        return error(404, "There are no exercises to draw yet.")
    picture = await asyncio.to_thread(png, record)
    return answers.raw(picture, content_type="image/png")


async def allow(_request: Request) -> HTTPResponse:
    """Answers a browser that asks whether the clinic's website may send the token."""
    return answers.empty(
        headers={
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Authorization",
            "Access-Control-Max-Age": "600",
        }
    )


async def message(request: Request) -> HTTPResponse:
    """Answers one message."""
    sender = _visitor(request)
    if sender is None:
        return error(401, _NOT_VALID)
    body = _json(request)
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        return error(400, 'Send {"text": "..."}.')
    limits = request.app.ctx.limits
    wait = limits.message_wait(sender, limits.address_of(request))
    if wait:
        return too_many(wait, "utter_web_too_fast")
    gateway: Gateway = request.app.ctx.gateway
    turn = request.app.ctx.sockets.conversations.visitor(sender).turn
    # One at a time, also where the same visitor writes in an open page; but no emergency waits.
    hurry = turn.locked() and gateway.instruction(body["text"], CHANNEL)
    async with contextlib.nullcontext() if hurry else turn:
        replies = await gateway.reply(sender, body["text"], CHANNEL)
    return answers.json({"replies": [public(reply) for reply in replies]})


def _json(request: Request) -> Any:
    try:
        return request.json
    except Exception:
        return None


async def faq_api(request: Request) -> HTTPResponse:
    """Lists the FAQ's answers, or answers the question ``q``."""
    if "q" not in request.args:
        return answers.json(everything(), headers={"Cache-Control": "public, max-age=300"})
    question = request.args.get("q", "")
    if not question.strip() or len(question) > LONGEST:
        return error(400, f"Ask a question of 1 to {LONGEST} characters, as q.")
    limits = request.app.ctx.limits
    wait = limits.questions.wait(limits.address_of(request))
    if wait:
        return too_many(wait, "utter_web_too_fast")
    found = await request.app.ctx.questions.answer(question)
    return answers.json(found, status=503 if found["kind"] == "unavailable" else 200)
