"""Reads a message as an event or a score of the session that is going on."""

from __future__ import annotations

import re

from bot.coaching import words
from bot.coaching.events import FELT, Event, Said
from bot.coaching.exercises import exercises
from bot.coaching.state import Phase, Session
from bot.entities.changed_mind import OTHER, read_changed_mind, wishes
from bot.entities.numbers import TEENS, TENS, UNITS
from bot.entities.pain import read_pain_change, read_pain_score
from bot.entities.yes_no import Answer, read_answer
from bot.safety.second_opinion import is_denial

ROUTINE = "routine"
_BY_INTENT = {
    "next_step": Event.NEXT,
    "previous_step": Event.BACK,
    "repeat_step": Event.REPEAT,
    "ask_step_help": Event.HELP,
    "pause_exercise": Event.PAUSE,
    "resume_exercise": Event.RESUME,
    "stop_exercise": Event.STOP,
    "pain_increased": Event.HURTS,
}
_WORDS = {event: re.compile(rf"^\W*({found})\W*$") for event, found in words.BY_WORD.items()}
_ANYWHERE = {event: re.compile(found) for event, found in words.ANYWHERE.items()}
_ASKED = {event: re.compile(found) for event, found in words.ASKED.items()}
_WORD = re.compile(r"[a-z]+")
_VALUES = {**UNITS, **TEENS, **TENS}
# Below this the classifier's reading of a message is not acted on inside an exercise.
MIN_CONFIDENCE = 0.35
# "My stomach hurts" while a score is waited for is still a sign; a long story is for the dialogue.
_MOST_CHARACTERS = 400


def _plain(text: str) -> str:
    lowered = text[:_MOST_CHARACTERS].lower().replace("\u2019", "'")
    return _WORD.sub(lambda found: words.TYPOS.get(found[0], found[0]), lowered)


def read_event(session: Session, text: str, intent: str, confidence: float) -> Said | None:
    """Reads a message as an event of the session; None when it is about something else.

    Args:
        session: The state.
        text: The message.
        intent: Its intent, as the classifier has it.
        confidence: The classifier's confidence, 0-1.
    """
    lowered = _plain(text)
    if has_alarm(lowered):
        return Said(Event.ALARM)
    told = _told(session, lowered)
    if told:
        return told
    if confidence >= MIN_CONFIDENCE and intent in _BY_INTENT:
        return Said(_BY_INTENT[intent])
    if session.phase is Phase.STEP and intent == "affirm" and read_answer(text) is Answer.YES:
        return Said(Event.NEXT)
    if is_denial(text):
        # "No numbness or anything" answers what the bot said to watch for; it goes on where it is.
        return Said(Event.NEXT if words.GOES_ON.search(lowered) else Event.REPEAT)
    return None


def _told(session: Session, lowered: str) -> Said | None:
    """Reads what the words alone make certain."""
    if session.phase is Phase.FELT:
        felt = _felt(lowered)
        if felt:
            return Said(felt)
    for event, pattern in _WORDS.items():
        if pattern.search(lowered):
            return Said(event)
    without = exercises_without_ball(lowered)
    if without:
        return Said(Event.NO_BALL, exercises=without)
    counted = _counted(session, lowered)
    if counted:
        return counted
    if words.NOT_TOO_HARD.search(lowered):
        return None
    asks = words.QUESTION.search(lowered) is not None
    patterns = [*_ASKED.items(), *(() if asks else _ANYWHERE.items())]
    return next((Said(event) for event, pattern in patterns if pattern.search(lowered)), None)


def _counted(session: Session, lowered: str) -> Said | None:
    """Reads how many repetitions were done; only where a step is being done."""
    if session.phase is not Phase.STEP:
        return None
    more = words.COUNT_MORE.search(lowered)
    if more:
        return Said(Event.COUNT_MORE, _value(more["number"]))
    found = words.COUNT.search(lowered)
    if found:
        return Said(Event.COUNT, _value(found["number"] or found["bare"]))
    bare = words.BARE_NUMBER.search(lowered)
    if bare and session.current.repetitions:
        number = int(bare[1])
        return Said(Event.COUNT if number > 10 else Event.WHICH_NUMBER, number)
    return None


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    return sum(_VALUES[word] for word in re.split(r"[ -]", number))


def _felt(lowered: str) -> Event | None:
    """Reads how the exercise felt: by the number of the choice, or in words."""
    numbered = words.FELT_NUMBER.match(lowered)
    if numbered:
        return list(FELT)[int(numbered[1]) - 1]
    for pattern, event, opposite in (
        (words.HARD, Event.FELT_HARD, Event.FELT_RIGHT),
        (words.EASY, Event.FELT_EASY, Event.FELT_HARD),
        (words.RIGHT, Event.FELT_RIGHT, Event.FELT_HARD),
    ):
        found = pattern.search(lowered)
        if found and not words.QUESTION.search(lowered):
            return opposite if words.NOT_THAT.search(lowered[: found.start()]) else event
    return None


def has_alarm(text: str) -> bool:
    """Tells whether a message holds a sign at which an exercise stops at once.

    Args:
        text: The message. Denied signs ("no numbness") and supposed ones ("what if it goes
            numb?") do not count.
    """
    lowered = _plain(text)
    if words.SUPPOSED.search(lowered):
        return False
    return any(
        not words.DENIED.search(lowered[: found.start()]) for found in words.ALARM.finditer(lowered)
    )


def is_flare(text: str) -> bool:
    """Tells whether a message says that the pain flared up, or rose after exercise."""
    lowered = _plain(text)
    asks = "?" in lowered or re.search(r"^\W*(?:can|does|do|will|what|why|is)\b", lowered)
    return not asks and words.FLARE.search(lowered) is not None


def asks_for_routine(text: str) -> bool:
    """Tells whether a message asks for all of the clinic's exercises."""
    return words.ROUTINE.search(_plain(text)) is not None


def read_change(text: str, current: str | None) -> str | None:
    """Reads which exercise is wished for in place of the one that goes on or waits.

    Args:
        text: The message.
        current: The exercise that goes on or waits, ``ROUTINE`` or None.

    Returns:
        An exercise's id, ``ROUTINE``, or ``OTHER`` where none is named; None for no such wish.
    """
    named = read_changed_mind(text)
    if named in (None, OTHER) and wishes(text) and asks_for_routine(text):
        named = ROUTINE
    return None if named == current else named


def exercises_without_ball(text: str) -> tuple[str, ...]:
    """Returns the ids of the exercises for which a message says that there is no ball.

    "No ball" means every one that needs a ball, "no tennis ball" only the one that needs that.
    """
    lowered = _plain(text)
    found = words.NO_BALL.search(lowered)
    if not found or "?" in lowered:
        return ()
    needing = {e.id: e.needs for e in exercises().values() if e.ball_on_belly}
    tennis, soft = words.TENNIS.search(found[0]), words.SOFT.search(found[0])
    if bool(tennis) == bool(soft):
        return tuple(needing)
    return tuple(name for name, needs in needing.items() if ("tennis" in needs) == bool(tennis))


def has_number(text: str) -> bool:
    """Tells whether a message holds a number, on the scale or not."""
    return re.search(r"\d", text) is not None


def read_score(session: Session, text: str, intent: str) -> int | None:
    """Reads a message as the pain score that the session waits for, or gives unasked.

    Returns:
        0 to 10, or None when the message holds no score or a score makes no sense now.
    """
    if not session.waits_for_score and intent not in ("report_pain", "pain_increased"):
        return None
    if session.phase is Phase.FELT or _counted(session, _plain(text)):
        return None
    if re.search(r"(?<![\w.])-\s?\d", text):
        return None
    pain = read_pain_score(text)
    if pain is None and session.phase is Phase.PAIN_AFTER and session.pain_before is not None:
        change = read_pain_change(text)
        shift = {"better": -1, "same": 0, "worse": 2}.get(change or "")
        return None if shift is None else max(0, min(10, session.pain_before + shift))
    return pain
