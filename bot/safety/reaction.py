"""Decides what the bot must say about danger before anything else: one pure function.

The order of the rules is the clinical one: a sign in the new message first, then the answer to a
direct question, then what still stands from before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.entities.yes_no import Answer
from bot.safety.findings import Screening
from bot.safety.questions import Question, questions
from bot.safety.urgency import Urgency

RELEASING_INTENTS = {"been_seen": "seen", "false_alarm": "mistake"}
# What is still answered while an emergency stands; everything else meets the reminder.
ANSWERED_IN_EMERGENCY = frozenset(
    {
        "faq",
        "talk_to_human",
        "bot_challenge",
        "ask_privacy",
        "delete_my_data",
        "export_my_data",
    }
)
ANSWERED_IN_CRISIS = frozenset({"talk_to_human"})


@dataclass(frozen=True)
class Standing:
    """What stands in a conversation before a message.

    Attributes:
        level: The highest level so far that was not released.
        pathology: The pathology behind it.
        asked: The direct question that waits for its answer.
        asked_level: The urgency that a yes to it means at least, beside the question's own.
        asked_again: Whether that question was already repeated.
        releasing: ``seen`` or ``mistake`` while the release waits for its confirmation.
    """

    level: Urgency = Urgency.NONE
    pathology: str | None = None
    asked: str | None = None
    asked_level: Urgency = Urgency.NONE
    asked_again: bool = False
    releasing: str | None = None


@dataclass(frozen=True)
class Message:
    """What is known of the patient's new message.

    Attributes:
        screening: The detector's result.
        intent: The base intent, for example ``faq``.
        answer: The yes, no or not sure that it holds, if any.
        screening_level: The level that the answer to the interview's current question means,
            ``NONE`` where no interview asks or the answer is harmless.
        screening_pathology: The pathology of that question.
    """

    screening: Screening
    intent: str | None = None
    answer: Answer | None = None
    screening_level: Urgency = Urgency.NONE
    screening_pathology: str | None = None


@dataclass(frozen=True)
class Reaction:
    """What the bot does next.

    Attributes:
        say: ``urgent``, ``hold``, ``ask_sign``, ``sign_cleared``, ``release_check`` or ``release``.
        standing: What stands from now on.
        ends_flow: Whether a form or exercise that was going on ends.
    """

    say: str
    standing: Standing
    ends_flow: bool = False


def react(message: Message, standing: Standing) -> Reaction | None:
    """Decides the safety reaction to a message.

    Args:
        message: The new message.
        standing: What stands in the conversation.

    Returns:
        What to do before anything else, or None when the dialogue may go its way.
    """
    ask = _worth_asking(message.screening, standing)
    if message.screening.level >= Urgency.PHYSICIAN_SOON:
        found = message.screening
        return _urgent(found.level, found.pathology, standing, ask, found.ask_level)
    if standing.asked:
        reaction = _answer_to_question(message, standing)
        if reaction:
            return reaction
        standing = _settled(standing)
    if message.screening_level >= Urgency.SAME_DAY:
        return _urgent(message.screening_level, message.screening_pathology, standing)
    if ask:
        return _asking(standing, ask, message.screening.ask_level)
    return _while_standing(message, standing)


def _settled(standing: Standing) -> Standing:
    return replace(standing, asked=None, asked_level=Urgency.NONE, asked_again=False)


def _asking(standing: Standing, ask: str, level: Urgency) -> Reaction:
    asked = replace(standing, asked=ask, asked_level=level, asked_again=False)
    return Reaction("ask_sign", asked)


def _worth_asking(screening: Screening, standing: Standing) -> str | None:
    """Returns the direct question whose yes would be more urgent than what is known."""
    if screening.ask is None:
        return None
    known = max(screening.level, standing.level)
    yes = max(questions()[screening.ask].level, screening.ask_level)
    return screening.ask if yes > known else None


def _urgent(
    level: Urgency,
    pathology: str | None,
    standing: Standing,
    ask: str | None = None,
    ask_level: Urgency = Urgency.NONE,
) -> Reaction:
    """Raises the level; a lower sign than the one that stands repeats the higher instruction.

    A level below the emergencies may come with the direct question that would make it one.
    """
    ask_level = ask_level if ask else Urgency.NONE
    if level < standing.level:
        level, pathology = standing.level, standing.pathology
    return Reaction("urgent", Standing(level, pathology, ask, ask_level), ends_flow=True)


def _answer_to_question(message: Message, standing: Standing) -> Reaction | None:
    question: Question = questions()[standing.asked or ""]
    level = max(question.level, standing.asked_level)
    if message.answer in (Answer.YES, Answer.UNSURE):
        return _urgent(level, question.pathology, standing)
    new = _worth_asking(message.screening, standing)
    another = new if new != standing.asked else None
    if message.answer is Answer.NO:
        if another:
            return _asking(standing, another, message.screening.ask_level)
        return Reaction("sign_cleared", _settled(standing))
    # Read as a no by the model, but not in words: asked once more, neither believed nor alarmed.
    doubtful = message.intent == "deny" and not standing.asked_again
    if question.unanswered_is_yes and not doubtful:
        return _urgent(level, question.pathology, standing)
    if another and not level.is_emergency:
        return None
    if not standing.asked_again:
        return Reaction("ask_sign", replace(standing, asked_again=True))
    # An emergency that was asked about twice is not let go of in silence.
    return _urgent(level, question.pathology, standing) if level.is_emergency else None


def _while_standing(message: Message, standing: Standing) -> Reaction | None:
    if standing.level < Urgency.PHYSICIAN_SOON:
        return None
    if standing.releasing:
        if message.answer is Answer.YES:
            return Reaction("release", standing)
        if message.answer is not None:
            return Reaction("hold", replace(standing, releasing=None))
        standing = replace(standing, releasing=None)
    if message.intent in RELEASING_INTENTS:
        releasing = RELEASING_INTENTS[message.intent]
        return Reaction("release_check", replace(standing, releasing=releasing))
    if not standing.level.is_emergency:
        return None
    answered = ANSWERED_IN_CRISIS if standing.level is Urgency.CRISIS else ANSWERED_IN_EMERGENCY
    return None if message.intent in answered else Reaction("hold", standing)
