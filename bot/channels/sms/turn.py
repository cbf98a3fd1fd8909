"""One text message and what is done about it.

First what the law and the carriers ask for (stop, start, help), then who holds the phone, then the
question that is open, then the dialogue. A danger sign is answered in every one of these cases.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.incoming import clean
from bot.clinic import clinic
from bot.entities.yes_no import Answer, read_answer
from bot.replies import plain_response, urgent_response
from bot.safety import Screening, Urgency
from bot.safety.questions import questions
from bot.store import sms_consent
from bot.store.sms_consent import Consent
from bot.store.sms_inbox import Message, Outcome
from bot.store.sms_numbers import Known
from bot.store.sms_outbox import Text
from bot.texting.choices import chosen, is_bare
from bot.texting.gsm7 import plain, size
from bot.texting.identity import Stranger, is_same_person, stranger, wants_fresh_start
from bot.texting.keywords import (
    Keyword,
    asks_how_to_stop,
    asks_to_start,
    asks_to_stop,
    keyword,
)
from bot.texting.parts import cut
from bot.texting.render import render

ASKED_REMINDERS, ASKED_IDENTITY = "reminders", "identity"
_SHORT = 40
"""Characters of a text that may be nothing but an answer to the channel's own question."""

Reply = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A message with what is known when it is worked on.

    Attributes:
        message: The message.
        text: Its words.
        holder: The number and its open question.
        consent: What the number agreed to.
        screening: What the detector heard in it.
        crossed: Whether the last question had not gone out when it came in.
    """

    message: Message
    text: str
    holder: Known
    consent: Consent
    screening: Screening
    crossed: bool

    @property
    def is_danger(self) -> bool:
        """Tells whether the message holds a danger sign."""
        return self.screening.level >= Urgency.PHYSICIAN_SOON

    @property
    def is_calm(self) -> bool:
        """Tells whether the message holds no danger sign, and nothing that may be one."""
        return not self.is_danger and not self.screening.ask


@dataclass(frozen=True)
class Dialogue:
    """The ways to the rest of the product.

    Attributes:
        reply: Answers a text in a conversation.
        recall: Returns what the patient wrote last in a stored conversation, and the replies.
        pass_on: Gives a number's hash a conversation of its own; returns that one's id.
        stop_reminders: Stops a conversation's reminders.
        public_url: The address for pictures.
    """

    reply: Callable[[str, str], Awaitable[list[Reply]]]
    recall: Callable[[str], Awaitable[tuple[str, list[Reply]]]]
    pass_on: Callable[[str], Awaitable[str]]
    stop_reminders: Callable[[str], Awaitable[object]]
    public_url: str


async def work_on(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Returns the conversation that a message belongs to, and what it led to."""
    sender = case.holder.sender_id
    word = _service_word(case)
    if word is Keyword.STOP:
        return sender, await _stop(case, dialogue)
    if word is Keyword.HELP:
        said = [] if case.message.keyword == "HELP" else ["utter_sms_help"]
        return sender, Outcome(_texts(said, sms_consent.HELP), keeps_question=True)
    if word is Keyword.START:
        return await _start(case, dialogue)
    if case.consent.opted_out:
        return sender, await _while_opted_out(case, dialogue)
    return await _answered(case, dialogue)


async def _answered(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    outcome = await _identity(case, dialogue)
    if outcome is not None:
        return outcome
    sender = case.holder.sender_id
    return sender, _agreed(await _talk(case, dialogue, sender))


async def _start(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Opts in; what may be a danger sign in the same message is answered instead of confirming."""
    opted_in = (sms_consent.OPT_IN, "provider" if case.message.keyword else "keyword")
    if case.is_calm:
        said = [] if case.message.keyword == "START" else ["utter_sms_started"]
        return case.holder.sender_id, Outcome(_texts(said), [opted_in])
    sender, outcome = await _answered(case, dialogue)
    outcome.events.insert(0, opted_in)
    return sender, outcome


def _agreed(outcome: Outcome) -> Outcome:
    """Returns the outcome of a text that is answered: writing first is the consent to that."""
    outcome.events.insert(0, (sms_consent.REPLIES, "message"))
    return outcome


def _service_word(case: Case) -> Keyword | None:
    """Returns what a message asks of the service, or None where it is for the dialogue."""
    by_provider = case.message.keyword
    if by_provider:
        return Keyword(by_provider.lower())
    word = keyword(case.text)
    if word is Keyword.CANCEL:
        return None if _cancels_booking() else Keyword.STOP
    if word in (Keyword.YES, Keyword.START):
        return Keyword.START if case.consent.opted_out else None
    if word is not None:
        return word
    if asks_to_stop(case.text):
        return Keyword.STOP
    if case.consent.opted_out and asks_to_start(case.text):
        return Keyword.START
    return Keyword.HELP if case.is_calm and asks_how_to_stop(case.text) else None


def _cancels_booking() -> bool:
    return clinic().sms.cancel_word == "booking"


def _texts(names: list[str], kind: str = sms_consent.REPLY) -> list[Text]:
    texts = [plain(str(plain_response(name, "sms")["text"])) for name in names]
    return [Text(part, size(part).segments, kind) for text in texts for part in cut(text)]


# --- stop ---------------------------------------------------------------------------------------


async def _stop(case: Case, dialogue: Dialogue) -> Outcome:
    """Opts out; a danger sign in the same message gets its one instruction, and nothing else."""
    await dialogue.stop_reminders(case.holder.sender_id)
    how = "provider" if case.message.keyword else "keyword" if keyword(case.text) else "words"
    events = [(sms_consent.REPLIES, "message"), (sms_consent.OPT_OUT, how)]
    urgent = await _emergency(case, dialogue)
    if urgent:
        return Outcome(urgent, events, silences=True)
    if case.consent.opted_out or case.message.keyword == "STOP":
        return Outcome([], events, silences=True)  # confirmed before, or by the provider
    confirmation = _texts(["utter_sms_stopped"], sms_consent.CONFIRMATION)
    return Outcome(confirmation, events, silences=True)


async def _while_opted_out(case: Case, dialogue: Dialogue) -> Outcome:
    """Answers nothing but a danger sign."""
    return Outcome(await _emergency(case, dialogue), keeps_question=True)


async def _emergency(case: Case, dialogue: Dialogue) -> list[Text]:
    """Returns the instruction for a danger sign in a message; empty where there is none.

    Nobody can be asked a question who gets no answer to it, so what may be a sign counts as one.
    """
    screening = case.screening
    level, pathology = screening.level, screening.pathology
    if screening.ask and level < Urgency.PHYSICIAN_SOON:
        question = questions()[screening.ask]
        level, pathology = max(question.level, screening.ask_level), question.pathology
    if level < Urgency.PHYSICIAN_SOON:
        return []
    replies = await dialogue.reply(case.holder.sender_id, case.text)
    alerts = [reply for reply in replies if is_alert(reply)]
    chosen_one = alerts[:1] or [urgent_response(level.label, pathology, "sms")]
    # Buttons would ask what cannot be answered any more.
    alone = [{"text": chosen_one[0]["text"], "buttons": [], "custom": None}]
    return [Text(t, size(t).segments, sms_consent.EMERGENCY) for t in render(alone).texts]


def is_alert(reply: Reply) -> bool:
    """Tells whether a reply is the instruction for a danger sign."""
    return (reply["custom"] or {}).get("type") == "alert"


# --- who holds the phone -------------------------------------------------------------------------

_SAYS = {
    Stranger.WRONG_NUMBER: "utter_sms_wrong_number",
    Stranger.OTHER: "utter_sms_other_person",
    Stranger.ASKS: "utter_sms_who",
}


_NUMBER = re.compile(r"\b(?:phone|number)\b", re.IGNORECASE)


async def _identity(case: Case, dialogue: Dialogue) -> tuple[str, Outcome] | None:
    """Answers what a message says about who holds the phone; None where it says nothing.

    Somebody else never gets to read what was written before: the conversation is asked for or
    begun anew. A danger sign goes before all of that, in a conversation of its own.
    """
    holder, text = case.holder, case.text
    if holder.asked == ASKED_IDENTITY:
        return await _identity_answer(case, dialogue)
    found = stranger(text)
    if found is None:
        return None
    written, said = await dialogue.recall(holder.sender_id)
    if found is Stranger.OTHER and not written:
        return None  # nothing was written before: "I'm his wife" is how a caregiver begins
    if found is Stranger.WRONG_NUMBER and _NUMBER.search(" ".join(r["text"] for r in said)):
        return None  # the number that was asked for, or read back
    if case.is_danger:
        sender = holder.sender_id
        if found is not Stranger.ASKS:
            await dialogue.stop_reminders(sender)
            sender = await dialogue.pass_on(holder.number_hash)
        return sender, _agreed(await _talk(case, dialogue, sender))
    events = [(sms_consent.REPLIES, "message")]
    if found is not Stranger.ASKS:
        await dialogue.stop_reminders(holder.sender_id)
        events.append((sms_consent.NO_REMINDERS, "stranger"))
    texts = _texts([_SAYS[found]])
    return holder.sender_id, Outcome(texts, events, asked=ASKED_IDENTITY)


async def _identity_answer(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Goes on with the same person, or begins a conversation of its own for anybody else."""
    holder = case.holder
    if is_same_person(case.text):
        texts = _texts(["utter_sms_same_person"])
        return holder.sender_id, _agreed(Outcome(texts))
    if stranger(case.text) is Stranger.ASKS:
        texts = _texts([_SAYS[Stranger.ASKS]])
        return holder.sender_id, _agreed(Outcome(texts, asked=ASKED_IDENTITY))
    sender = await dialogue.pass_on(holder.number_hash)
    if wants_fresh_start(case.text):
        return sender, _agreed(Outcome(_texts(["utter_sms_fresh", "utter_greet"])))
    outcome = _agreed(await _talk(case, dialogue, sender))
    outcome.events.append((sms_consent.NO_REMINDERS, "stranger"))
    return sender, outcome


# --- the dialogue -------------------------------------------------------------------------------


async def _talk(case: Case, dialogue: Dialogue, sender: str) -> Outcome:
    mine = sender == case.holder.sender_id
    calm = case.is_calm
    if mine and calm and case.holder.asked == ASKED_REMINDERS and not case.crossed:
        answered = _reminders_answer(case)
        if answered is not None:
            return answered
    if case.message.media and not case.text.strip():
        return Outcome(_texts(["utter_sms_pictures"]), keeps_question=True)
    if mine and calm and case.crossed and is_bare(case.text):
        crossed = await _ask_again(case, dialogue)
        if crossed is not None:
            return crossed
    text = _meant(case, mine)
    replies = await _replies(case, dialogue, sender, text)
    if any(is_alert(reply) for reply in replies):
        return _spoken(case, replies, dialogue.public_url)
    # Before the answer, so that the last text is the one whose question is answered.
    notes = ([] if case.consent.replies else ["utter_sms_welcome"]) + (
        ["utter_sms_pictures"] if case.message.media else []
    )
    noted = [_plainly(name) for name in notes]
    return _spoken(case, [*noted, *replies], dialogue.public_url)


def _plainly(name: str) -> Reply:
    return {"text": plain_response(name, "sms")["text"], "buttons": [], "custom": None}


def _meant(case: Case, mine: bool) -> str:
    """Returns the words that a message stands for: a choice by its number, or its own."""
    if mine and case.holder.choices:
        title = chosen(case.text, case.holder.choices)
        if title:
            return title
    if keyword(case.text) is Keyword.CANCEL:
        return "cancel my booking"
    return case.text


async def _replies(case: Case, dialogue: Dialogue, sender: str, text: str) -> list[Reply]:
    """Returns the dialogue's replies, those of before where a crash kept them from being sent."""
    if case.message.attempts > 1:
        written, replies = await dialogue.recall(sender)
        if replies and clean(written).casefold() == clean(text).casefold():
            return replies
    return await dialogue.reply(sender, text)


async def _ask_again(case: Case, dialogue: Dialogue) -> Outcome | None:
    """Asks the last question again, because a bare answer cannot belong to it."""
    _, replies = await dialogue.recall(case.holder.sender_id)
    if not replies or not _asks(replies[-1]):
        return None
    return _spoken(case, [_plainly("utter_sms_crossed"), replies[-1]], "")


def _asks(reply: Reply) -> bool:
    is_step = (reply["custom"] or {}).get("type") == "exercise_step"
    return bool(reply["buttons"]) or "?" in reply["text"] or is_step


def _reminders_answer(case: Case) -> Outcome | None:
    """Takes the answer to whether the bot may text first: only an explicit yes is one."""
    said = read_answer(case.text) if len(case.text) <= _SHORT else None
    if chosen(case.text, ("Yes", "No")):
        said = Answer.YES if chosen(case.text, ("Yes", "No")) == "Yes" else Answer.NO
    if said is Answer.YES:
        return Outcome(_texts(["utter_sms_reminders_on"]), [(sms_consent.REMINDERS, "answer")])
    if said is Answer.NO:
        return Outcome(_texts(["utter_sms_reminders_off"]), [(sms_consent.NO_REMINDERS, "answer")])
    return None


def _until_forgotten(replies: list[Reply]) -> list[Reply]:
    """Returns the replies up to the one that says that everything was deleted."""
    for place, reply in enumerate(replies, start=1):
        if (reply["custom"] or {}).get("type") == "forget":
            return replies[:place]
    return replies


def _spoken(case: Case, replies: list[Reply], public_url: str) -> Outcome:
    said = render(_until_forgotten(replies))
    danger = any(is_alert(reply) for reply in replies)
    kind = sms_consent.EMERGENCY if danger else sms_consent.REPLY
    texts = [Text(text, size(text).segments, kind) for text in said.texts]
    asked, choices = None, said.choices
    if any((reply["custom"] or {}).get("type") == "plan" for reply in replies):
        if case.consent.reminders:
            texts += _texts(["utter_sms_reminders_on"])
        else:
            texts += _texts(["utter_sms_ask_reminders"])
            asked = ASKED_REMINDERS
        choices = []
    if said.picture and public_url and clinic().sms.pictures and texts:
        last = texts[-1]
        address = f"{public_url}/pictures/{said.picture}"
        texts[-1] = Text(last.body, last.segments, last.kind, address)
    return Outcome(texts, choices=choices, asked=asked)
