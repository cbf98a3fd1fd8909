"""What the channel itself says by text, and the one instruction for a danger sign."""

from __future__ import annotations

from bot.channels.sms.case import Case, Dialogue, Reply, is_alert
from bot.replies import plain_response, urgent_response
from bot.safety import Urgency
from bot.safety.questions import questions
from bot.store import sms_consent
from bot.store.sms_outbox import Text
from bot.texting.choices import chosen
from bot.texting.gsm7 import plain, size
from bot.texting.keywords import Keyword, keyword
from bot.texting.parts import cut
from bot.texting.render import render


def texts_of(names: list[str], kind: str = sms_consent.REPLY) -> list[Text]:
    """Returns the channel's own responses as texts of a kind."""
    texts = [plain(str(plain_response(name, "sms")["text"])) for name in names]
    return [Text(part, size(part).segments, kind) for text in texts for part in cut(text)]


def meant(case: Case, mine: bool = True) -> str:
    """Returns the words that a message stands for: a choice by its number, or its own.

    Args:
        case: The message.
        mine: Whether the open question was put to whoever wrote it.
    """
    if mine and case.holder.choices:
        title = chosen(case.text, case.holder.choices)
        if title:
            return title
    if keyword(case.text) is Keyword.CANCEL:
        return "cancel my booking"
    return case.text


async def emergency(case: Case, dialogue: Dialogue) -> list[Text]:
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
    return instruction_in(replies) or _alone(urgent_response(level.label, pathology, "sms"))


def instruction_in(replies: list[Reply]) -> list[Text]:
    """Returns the instruction for a danger sign among replies, alone; empty where there is none."""
    return next((_alone(reply) for reply in replies if is_alert(reply)), [])


def _alone(reply: Reply) -> list[Text]:
    # Buttons would ask what cannot be answered any more.
    alone = [{"text": reply["text"], "buttons": [], "custom": None}]
    return [Text(t, size(t).segments, sms_consent.EMERGENCY) for t in render(alone).texts]
