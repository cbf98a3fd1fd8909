"""Every channel's way to the dialogue engine, and the safety net under it.

Whatever happens to the engine, the action server or the database, a patient gets an answer within
seconds: the emergency instruction where the detector fires, else an honest apology.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.incoming import MAX_CHARACTERS, Choice, OfferedButtons, clean
from bot.channels.linking import PhoneLinks
from bot.channels.message import PatientMessage
from bot.channels.output import as_reply, without_repeats
from bot.entities.language import is_spanish
from bot.nlu.retrieval import retrieval
from bot.replies import plain_response, urgent_response
from bot.safety import Screening, Status, Urgency, detector, screen
from bot.safety.questions import questions
from bot.safety.reaction import Standing

logger = logging.getLogger("backcoach.gateway")

URGENT_SECONDS = 2.5
OTHER_SECONDS = 8.0
RECALL_SECONDS = 0.4
WAITING_SECONDS = 1.0
LINKS_SECONDS = 2.0

Process = Callable[[PatientMessage], Awaitable[Any]]
Reply = dict[str, Any]


class Gateway:
    """Takes a patient's message from a channel and returns the bot's replies.

    Args:
        process: The dialogue engine's handler; it says its answer to the message.
        recall: Returns the replies of a patient's stored conversation, for buttons that were
            offered before this process started.
        waiting: Takes what waited for a patient's visit on a channel, for example a reminder.
        leave: Ends what a patient is in the middle of and returns what stands for their safety.
        links: Knows which senders are one patient on two channels.

    Attributes:
        ahead: Begins to encode a cleaned message while it is screened; by default nothing.
    """

    def __init__(
        self,
        process: Process,
        recall: Callable[[str], Awaitable[list[Reply]]] | None = None,
        waiting: Callable[[str, str], list[Reply]] | None = None,
        leave: Callable[[str], Awaitable[Standing]] | None = None,
        links: PhoneLinks | None = None,
    ) -> None:
        self.ahead: Callable[[str], None] | None = None
        self._process = process
        self._recall = recall
        self._waiting = waiting
        self._leave = leave
        self._links = links
        self._buttons = OfferedButtons()
        self._under_way: Counter[str] = Counter()
        self._last_at: dict[str, float] = {}

    def idle_seconds(self, apart_from: str) -> float:
        """Returns for how long no other channel's message was answered; 0 while one is."""
        if any(number for name, number in self._under_way.items() if name != apart_from):
            return 0.0
        last = [at for name, at in self._last_at.items() if name != apart_from]
        return time.monotonic() - max(last) if last else math.inf

    async def reply(self, sender_id: str, text: str, channel: str) -> list[Reply]:
        """Answers one message; never raises.

        Args:
            sender_id: Who writes, as the channel has verified it.
            text: What was written, or the title of an offered button.
            channel: The channel's name, for its wording.

        Returns:
            Replies with ``text``, ``buttons`` and ``custom``; at least one.
        """
        self._under_way[channel] += 1
        try:
            return await self._logged(sender_id, text, channel)
        finally:
            self._under_way[channel] -= 1
            self._last_at[channel] = time.monotonic()

    async def _logged(self, sender_id: str, text: str, channel: str) -> list[Reply]:
        started = time.monotonic()
        replies, screening, outcome = await self._reply(sender_id, text, channel)
        logger.info(
            "channel=%s patient=%s characters=%d level=%s outcome=%s milliseconds=%d",
            channel,
            hashlib.sha256(sender_id.encode()).hexdigest()[:10],
            len(text),
            screening.level.label,
            outcome,
            (time.monotonic() - started) * 1000,
        )
        return replies

    async def _reply(
        self, sender_id: str, text: str, channel: str
    ) -> tuple[list[Reply], Screening, str]:
        cleaned = clean(text)
        if self.ahead is not None:
            with contextlib.suppress(Exception):  # the message itself is still to come
                self.ahead(cleaned)
        screening = _screen(text)
        try:
            patient, about_links = await self._linked(sender_id, cleaned, channel, screening)
        except Exception as error:
            # Whose conversation it is is not known: nobody's is shown or changed.
            logger.error("The patient's links could not be read: %s", type(error).__name__)
            return _complete([], screening, channel, "failed", text), screening, "failed"
        if about_links:
            return about_links, screening, "links"
        choice = await self._choice(patient, cleaned)
        if choice:
            # The title of a button is the bot's own text; what it means is known.
            screening = Screening()
        message = PatientMessage(cleaned, patient, channel, _parse_data(choice) if choice else None)
        if cleaned == text:
            message.screening = screening
        replies, outcome = await self._answer(message, text, screening)
        calm = outcome == "answered" and not (screening.ask or _is_urgent(replies))
        if calm and message.may_wait:
            # Before the answer, so that its question is what a yes or no belongs to.
            replies = [*await self._waited(patient, channel), *replies]
        self._buttons.offer(patient, replies)
        if message.is_forgotten:
            detector.forget()
        return replies, screening, outcome

    async def _linked(
        self, sender_id: str, text: str, channel: str, screening: Screening
    ) -> tuple[str, list[Reply] | None]:
        """Returns whose conversation it is, and the answer to a word about joining channels."""
        if self._links is None or not self._links.concerns(text, channel):
            return sender_id, None
        reading = self._links.patient(sender_id, channel)
        patient = await asyncio.wait_for(reading, LINKS_SECONDS)
        calm = screening.level < Urgency.PHYSICIAN_SOON and not screening.ask
        answering = self._links.answer(sender_id, patient, text, channel, calm)
        return patient, await asyncio.wait_for(answering, LINKS_SECONDS)

    def instruction(self, text: str, channel: str) -> list[Reply]:
        """Returns the emergency instruction for a message, without the engine; never raises.

        For a channel where the message still waits for its turn; nothing where the rules hear no
        sign.
        """
        screening = _screen(text)
        if screening.level < Urgency.PHYSICIAN_SOON:
            return []
        return [_urgent(screening.level, screening.pathology, channel, text)]

    async def welcome(self, sender_id: str, channel: str) -> list[Reply]:
        """Greets a patient who opens the chat, and says what waited for them; never raises."""
        greeting = as_reply(plain_response("utter_greet", channel))
        replies = [greeting, *await self._waited(sender_id, channel)]
        self._buttons.offer(sender_id, replies)
        return replies

    async def waited(self, sender_id: str, channel: str) -> list[Reply]:
        """Takes what waited for a patient who is there; never raises."""
        replies = await self._waited(sender_id, channel)
        if replies:
            self._buttons.offer(sender_id, replies)
        return replies

    async def start_over(self, sender_id: str, channel: str) -> list[Reply]:
        """Leaves what the patient was in the middle of and greets anew; never raises.

        An emergency instruction, or a direct question about a sign, does not go away by that: it is
        said again after the greeting.
        """
        standing = Standing()
        if self._leave is not None:
            try:
                standing = await asyncio.wait_for(self._leave(sender_id), URGENT_SECONDS)
            except Exception as error:
                logger.error("A new start failed: %s", type(error).__name__)
        replies = [
            as_reply(plain_response("utter_greet", channel)),
            *_said_again(standing, channel),
        ]
        self._buttons.offer(sender_id, replies)
        return replies

    async def _waited(self, sender_id: str, channel: str) -> list[Reply]:
        if self._waiting is None:
            return []
        try:
            taking = asyncio.to_thread(self._waiting, sender_id, channel)
            return await asyncio.wait_for(taking, WAITING_SECONDS)
        except Exception as error:
            logger.error("What waited could not be read: %s", type(error).__name__)
            return []

    async def _answer(
        self, message: PatientMessage, text: str, screening: Screening
    ) -> tuple[list[Reply], str]:
        if not message.text:
            return [as_reply(plain_response("utter_empty", message.channel))], "empty"
        urgent = screening.level >= Urgency.PHYSICIAN_SOON
        try:
            answering = asyncio.ensure_future(self._process(message))
            answering.add_done_callback(_take_notice)
            # A late turn is not cancelled: what it writes about the conversation still counts.
            done, _ = await asyncio.wait(
                {answering}, timeout=URGENT_SECONDS if urgent else OTHER_SECONDS
            )
            outcome = "answered" if done else "timeout"
            if done:
                answering.result()
        except Exception:
            # Never with the exception's own text: it may quote the patient.
            logger.error("The dialogue engine failed on a message.", exc_info=_without_text())
            outcome = "failed"
        replies = without_repeats(message.replies)
        return _complete(replies, screening, message.channel, outcome, text), outcome

    async def _choice(self, sender_id: str, text: str) -> Choice | None:
        if not self._buttons.knows(sender_id) and self._recall:
            try:
                recalled = await asyncio.wait_for(self._recall(sender_id), RECALL_SECONDS)
            except Exception:
                # Without the database the title is read like any other words.
                return None
            self._buttons.offer(sender_id, recalled)
        return self._buttons.chosen(sender_id, text)


def _said_again(standing: Standing, channel: str) -> list[Reply]:
    """Returns what stands for a patient's safety, in words."""
    replies = []
    if standing.level >= Urgency.PHYSICIAN_SOON:
        replies.append(_urgent(standing.level, standing.pathology, channel, ""))
    if standing.asked:
        replies.append(as_reply(plain_response(f"utter_ask_sign_{standing.asked}", channel)))
    return replies


def _is_urgent(replies: list[Reply]) -> bool:
    """Tells whether an emergency instruction is among the replies: it stands alone."""
    return any((reply["custom"] or {}).get("type") == "alert" for reply in replies)


def _screen(text: str) -> Screening:
    try:
        return screen(text)
    except Exception:
        logger.error("The danger-sign detector failed.", exc_info=_without_text())
        return Screening()


def _take_notice(answering: asyncio.Future[Any]) -> None:
    """Retrieves the error of a turn that nobody waits for any more."""
    if not answering.cancelled():
        answering.exception()


def _without_text() -> bool:
    """Tells whether tracebacks may be logged; they quote no patient text themselves."""
    return logger.isEnabledFor(logging.DEBUG)


def _complete(
    replies: list[Reply], screening: Screening, channel: str, outcome: str, text: str
) -> list[Reply]:
    """Adds what the engine owes: the emergency instruction, or an honest apology."""
    said = _is_urgent(replies)
    # An engine that answered has weighed the message with what went before; what the rules heard
    # must be said all the same.
    answered = outcome == "answered" and bool(replies)
    heard = any(finding.status is Status.PRESENT for finding in screening.findings)
    if screening.level >= Urgency.PHYSICIAN_SOON and not said and (heard or not answered):
        return [_urgent(screening.level, screening.pathology, channel, text)]
    if said and not answered:
        # The instruction was spoken before the turn broke off, for example while it was stored.
        return replies
    if not answered and screening.ask:
        # Nobody would bind the answer to the question now: what may be a sign counts as one.
        question = questions()[screening.ask]
        level = max(question.level, screening.ask_level)
        return [_urgent(level, question.pathology, channel, text)]
    if not answered:
        return [as_reply(plain_response("utter_trouble", channel))]
    if len(text) > MAX_CHARACTERS:
        replies.append(as_reply(plain_response("utter_too_long", channel)))
    return replies


def _urgent(level: Urgency, pathology: str | None, channel: str, text: str) -> Reply:
    response = urgent_response(level.label, pathology, channel, spanish=is_spanish(text))
    return as_reply({**response, "utter_action": f"utter_urgent_{level.label}"})


def _parse_data(choice: Choice) -> dict[str, Any]:
    """Returns what the pipeline would have said of a button, with certainty."""
    base = choice.intent.split("/")[0]
    data: dict[str, Any] = {
        "text": choice.title,
        "intent": {"name": base, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in choice.entities],
        "safety": {"level": "none", "pathology": None, "ask": None},
    }
    if "/" in choice.intent:
        data["intent"]["full_retrieval_intent_name"] = choice.intent
        data["response_selector"] = retrieval(choice.intent, 1.0)
    return data
