"""Reads a message as an event or a score of the session that is going on."""

from __future__ import annotations

import re

from bot.coaching.session import Event, Phase, Session
from bot.entities.pain import read_pain_change, read_pain_score
from bot.entities.yes_no import Answer, read_answer

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
# Short words whose meaning in an exercise is certain, whatever the classifier thinks of them.
_BY_WORD = {
    Event.NEXT: r"n|next|done|ready|ok(ay)?|k|got it|did it|finished|go on|go ahead|continue|"
    r"yes|yep|yeah|next (one|step|please)|siguiente|listo",
    Event.BACK: r"b|back|go back|previous( step)?|last step|atr[aá]s",
    Event.REPEAT: r"r|repeat|again|say (that|it) again|what\??|huh\??|repite",
    Event.PAUSE: r"p|pause|wait|hold on|brb|one (sec|second|moment|min|minute)",
    Event.STOP: r"s|stop|quit|end|enough|i'?m done for today|no more|para|basta",
}
_WORDS = {event: re.compile(rf"^\W*({words})\W*$") for event, words in _BY_WORD.items()}
# Below this the classifier's reading of a message is not acted on inside an exercise.
MIN_CONFIDENCE = 0.35


def read_event(session: Session, text: str, intent: str, confidence: float) -> Event | None:
    """Reads a message as an event of the session; None when it is about something else."""
    lowered = text.lower()
    for event, pattern in _WORDS.items():
        if pattern.search(lowered):
            return event
    if confidence >= MIN_CONFIDENCE and intent in _BY_INTENT:
        return _BY_INTENT[intent]
    if session.phase is Phase.STEP and intent == "affirm" and read_answer(text) is Answer.YES:
        return Event.NEXT
    return None


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
    if re.search(r"(?<![\w.])-\s?\d", text):
        return None
    pain = read_pain_score(text)
    if pain is None and session.phase is Phase.PAIN_AFTER and session.pain_before is not None:
        change = read_pain_change(text)
        shift = {"better": -1, "same": 0, "worse": 2}.get(change or "")
        return None if shift is None else max(0, min(10, session.pain_before + shift))
    return pain
