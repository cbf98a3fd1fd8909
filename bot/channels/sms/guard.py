"""What bounds the texts to one number: a limit, and an end where a machine answers the machine.

Each text costs the clinic. Who is over the limit, or seems to be a machine, is told so once and
gets silence then; the instruction for a danger sign is sent in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.channels.sms.case import Case, Dialogue
from bot.channels.sms.saying import emergency, instruction_in, meant, texts_of
from bot.clinic import clinic
from bot.store import sms_consent
from bot.store.sms_flow import DAY, HOUR
from bot.store.sms_inbox import Outcome
from bot.store.sms_outbox import Text
from bot.texting.choices import is_bare
from bot.texting.machines import REPEATS, is_automatic


@dataclass(frozen=True)
class _Notice:
    """What is said once before the silence.

    Attributes:
        name: The response.
        kind: The kind of text that it is.
        rest: Within which time it is said once.
        answers: Whether the text may answer the open question: an automatic reply does not.
    """

    name: str
    kind: str
    rest: timedelta
    answers: bool = True


def is_over_limit(case: Case) -> bool:
    """Tells whether a number has had as many answers as the clinic allows."""
    return _rest_of(case) is not None


def _rest_of(case: Case) -> timedelta | None:
    """Returns within which time too many texts came; None where there were not."""
    most = clinic().sms
    if case.flow.in_day > most.texts_a_day:
        return DAY
    return HOUR if case.flow.in_hour > most.texts_an_hour else None


def was_helped(case: Case) -> bool:
    """Tells whether the number got the answer to HELP just now."""
    return case.flow.was_told(sms_consent.HELP, HOUR)


def was_confirmed(case: Case) -> bool:
    """Tells whether who is over the limit got the confirmation of an opt-out just now.

    STOP and START in turns would have no end.
    """
    return is_over_limit(case) and case.flow.was_told(sms_consent.CONFIRMATION, HOUR)


async def while_over_limit(case: Case, dialogue: Dialogue) -> Outcome:
    """Says once that the limit is reached, and then nothing but what a danger sign asks for."""
    notice = _Notice("utter_sms_limit", sms_consent.LIMIT, _rest_of(case) or HOUR)
    return await _nothing_but(notice, case, dialogue)


async def to_a_machine(case: Case, dialogue: Dialogue) -> Outcome | None:
    """Returns the one answer to a machine, or its silence; None where a person seems to write."""
    if not case.is_calm:
        return None
    by_words = is_automatic(case.text)
    if not by_words and (case.repeated < REPEATS or await _does_a_step(case, dialogue)):
        return None
    rest = DAY if by_words else HOUR
    notice = _Notice("utter_sms_machine", sms_consent.MACHINE, rest, answers=not by_words)
    return await _nothing_but(notice, case, dialogue)


async def _does_a_step(case: Case, dialogue: Dialogue) -> bool:
    """Tells whether an exercise's step waits, where the same words go on to the next one."""
    _, replies = await dialogue.recall(case.holder.sender_id)
    return bool(replies) and (replies[-1]["custom"] or {}).get("type") == "exercise_step"


async def _nothing_but(notice: _Notice, case: Case, dialogue: Dialogue) -> Outcome:
    """Returns a notice once within its time, or the instruction for a danger sign instead."""
    texts, heard = await _instruction(case, dialogue, notice.answers)
    if not texts and not case.flow.was_told(notice.kind, notice.rest):
        texts = texts_of([notice.name], notice.kind)
    return Outcome(texts, keeps_question=not heard)


async def _instruction(case: Case, dialogue: Dialogue, answers: bool) -> tuple[list[Text], bool]:
    """Returns the instruction for a danger sign, in a text or in the answer to a question.

    The answer "2" tells a sign only to the dialogue, which asked. What else that says is not sent;
    nothing is open then, so that no later text is taken for an answer.

    Returns:
        The texts, and whether the dialogue heard the text.
    """
    if not case.is_calm:
        return await emergency(case, dialogue), False
    if not (answers and case.holder.choices) or (case.crossed and is_bare(case.text)):
        return [], False
    replies = await dialogue.reply(case.holder.sender_id, meant(case))
    return instruction_in(replies), True
