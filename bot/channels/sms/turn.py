"""One text message and what is done about it.

First what the law and the carriers ask for (stop, start, help), then the limit and whether a
machine writes, then who holds the phone, then the question that is open, then the dialogue. A
danger sign is answered in every one of these cases.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.channels.incoming import clean
from bot.channels.sms.case import Case, Dialogue, Reply, is_alert
from bot.channels.sms.guard import (
    is_over_limit,
    to_a_machine,
    was_confirmed,
    was_helped,
    while_over_limit,
)
from bot.channels.sms.saying import emergency, meant, texts_of
from bot.clinic import clinic
from bot.entities.yes_no import Answer, read_answer
from bot.replies import plain_response
from bot.store import sms_consent
from bot.store.sms_inbox import Outcome
from bot.store.sms_outbox import Text
from bot.texting.choices import chosen, is_bare
from bot.texting.gsm7 import size
from bot.texting.identity import Stranger, is_same_person, stranger, wants_fresh_start
from bot.texting.keywords import (
    Keyword,
    asks_how_to_stop,
    asks_to_start,
    asks_to_stop,
    keyword,
)
from bot.texting.reactions import is_reaction
from bot.texting.render import render

ASKED_REMINDERS, ASKED_IDENTITY, OFFERED_FRESH = "reminders", "identity", "fresh"
_SHORT = 40
"""Characters of a text that may be nothing but an answer to the channel's own question."""


async def work_on(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Returns the conversation that a message belongs to, and what it led to."""
    sender, over = case.holder.sender_id, is_over_limit(case)
    if is_reaction(case.text):
        return sender, await _reaction(case, dialogue)
    word = _service_word(case)
    if word is Keyword.STOP:
        return sender, await _stop(case, dialogue)
    if word is Keyword.HELP:
        answered = case.message.keyword == "HELP" or (over and was_helped(case))
        said = [] if answered else ["utter_sms_help"]
        return sender, Outcome(texts_of(said, sms_consent.HELP), keeps_question=True)
    if word is Keyword.START:
        return await _start(case, dialogue)
    if case.consent.opted_out:
        return sender, await _while_opted_out(case, dialogue)
    if over:
        return sender, await while_over_limit(case, dialogue)
    machine = await to_a_machine(case, dialogue)
    if machine is not None:
        return sender, _agreed(machine)
    return await _answered(case, dialogue)


async def _reaction(case: Case, dialogue: Dialogue) -> Outcome:
    """Asks an open question again: a thumb up is no answer to it. Else nothing is said."""
    nothing = Outcome(keeps_question=True)
    if case.consent.opted_out or is_over_limit(case) or not case.holder.choices:
        return nothing
    return await _ask_again(case, dialogue, "utter_sms_reaction") or nothing


async def _answered(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    outcome = await _identity(case, dialogue)
    if outcome is not None:
        return outcome
    sender = case.holder.sender_id
    return sender, _agreed(await _talk(case, dialogue, sender))


async def _start(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Opts in; what may be a danger sign in the same message is answered instead of confirming."""
    opted_in = (sms_consent.OPT_IN, "provider" if case.message.keyword else "keyword")
    if is_over_limit(case):
        return case.holder.sender_id, Outcome(await emergency(case, dialogue), [opted_in])
    if case.is_calm:
        said = [] if case.message.keyword == "START" else ["utter_sms_started"]
        return case.holder.sender_id, Outcome(texts_of(said), [opted_in])
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


# --- stop ---------------------------------------------------------------------------------------


async def _stop(case: Case, dialogue: Dialogue) -> Outcome:
    """Opts out; a danger sign in the same message gets its one instruction, and nothing else."""
    await dialogue.stop_reminders(case.holder.sender_id)
    how = "provider" if case.message.keyword else "keyword" if keyword(case.text) else "words"
    events = [(sms_consent.REPLIES, "message"), (sms_consent.OPT_OUT, how)]
    urgent = await emergency(case, dialogue)
    if urgent:
        return Outcome(urgent, events, silences="opted_out")
    if case.consent.opted_out or case.message.keyword == "STOP" or was_confirmed(case):
        return Outcome([], events, silences="opted_out")  # confirmed before, or by the provider
    confirmation = texts_of(["utter_sms_stopped"], sms_consent.CONFIRMATION)
    return Outcome(confirmation, events, silences="opted_out")


async def _while_opted_out(case: Case, dialogue: Dialogue) -> Outcome:
    """Answers nothing but a danger sign."""
    return Outcome(await emergency(case, dialogue), keeps_question=True)


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
    if holder.asked == OFFERED_FRESH and wants_fresh_start(text):
        return await _fresh(case, dialogue)
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
    texts = texts_of([_SAYS[found]])
    # What waits, for example because the phone was off, is not for whoever holds it now.
    return holder.sender_id, Outcome(texts, events, asked=ASKED_IDENTITY, silences="stranger")


async def _identity_answer(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    """Goes on with the same person, or begins a conversation of its own for anybody else."""
    holder = case.holder
    if is_same_person(case.text):
        texts = texts_of(["utter_sms_same_person"])
        return holder.sender_id, _agreed(Outcome(texts))
    if stranger(case.text) is Stranger.ASKS:
        texts = texts_of([_SAYS[Stranger.ASKS]])
        return holder.sender_id, _agreed(Outcome(texts, asked=ASKED_IDENTITY))
    if wants_fresh_start(case.text):
        return await _fresh(case, dialogue)
    sender = await dialogue.pass_on(holder.number_hash)
    outcome = _agreed(await _talk(case, dialogue, sender))
    outcome.events.append((sms_consent.NO_REMINDERS, "stranger"))
    if not outcome.choices and not outcome.asked:
        # NEW was offered: it may still come.
        outcome = replace(outcome, asked=OFFERED_FRESH)
    return sender, outcome


async def _fresh(case: Case, dialogue: Dialogue) -> tuple[str, Outcome]:
    sender = await dialogue.pass_on(case.holder.number_hash)
    return sender, _agreed(Outcome(texts_of(["utter_sms_fresh", "utter_greet"])))


# --- the dialogue -------------------------------------------------------------------------------


async def _talk(case: Case, dialogue: Dialogue, sender: str) -> Outcome:
    mine = sender == case.holder.sender_id
    calm = case.is_calm
    if mine and calm and case.holder.asked == ASKED_REMINDERS and not case.crossed:
        answered = _reminders_answer(case)
        if answered is not None:
            return answered
    if case.message.media and not case.text.strip():
        return Outcome(texts_of(["utter_sms_pictures"]), keeps_question=True)
    if mine and calm and case.crossed and is_bare(case.text):
        crossed = await _ask_again(case, dialogue, "utter_sms_crossed")  # it cannot belong to it
        if crossed is not None:
            return crossed
    text = meant(case, mine)
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


async def _replies(case: Case, dialogue: Dialogue, sender: str, text: str) -> list[Reply]:
    """Returns the dialogue's replies, those of before where a crash kept them from being sent."""
    if case.message.attempts > 1:
        written, replies = await dialogue.recall(sender)
        if replies and clean(written).casefold() == clean(text).casefold():
            return replies
    return await dialogue.reply(sender, text)


async def _ask_again(case: Case, dialogue: Dialogue, why: str) -> Outcome | None:
    """Asks the last question again, and says why; None where nothing was asked."""
    _, replies = await dialogue.recall(case.holder.sender_id)
    if not replies or not _asks(replies[-1]):
        return None
    return _spoken(case, [_plainly(why), replies[-1]], "")


def _asks(reply: Reply) -> bool:
    is_step = (reply["custom"] or {}).get("type") == "exercise_step"
    return bool(reply["buttons"]) or "?" in reply["text"] or is_step


def _reminders_answer(case: Case) -> Outcome | None:
    """Takes the answer to whether the bot may text first: only an explicit yes is one."""
    said = read_answer(case.text) if len(case.text) <= _SHORT else None
    if chosen(case.text, ("Yes", "No")):
        said = Answer.YES if chosen(case.text, ("Yes", "No")) == "Yes" else Answer.NO
    if said is Answer.YES:
        return Outcome(texts_of(["utter_sms_reminders_on"]), [(sms_consent.REMINDERS, "answer")])
    if said is Answer.NO:
        return Outcome(
            texts_of(["utter_sms_reminders_off"]), [(sms_consent.NO_REMINDERS, "answer")]
        )
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
            texts += texts_of(["utter_sms_reminders_on"])
        else:
            texts += texts_of(["utter_sms_ask_reminders"])
            asked = ASKED_REMINDERS
        choices = []
    if said.picture and public_url and clinic().sms.pictures and texts:
        last = texts[-1]
        address = f"{public_url}/pictures/{said.picture}"
        texts[-1] = Text(last.body, last.segments, last.kind, address)
    return Outcome(texts, choices=choices, asked=asked)
