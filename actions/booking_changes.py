"""Tells what a patient wants changed while they book, or after they have booked."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions import booking_words as words
from actions.appointments import order, wish_in
from actions.turns import intent, text
from bot.entities.email import read_email
from bot.entities.person import read_name, read_phone

_SURE = 0.6


def reopened_slot(requested: str, tracker: Tracker) -> str | None:
    """Returns the earlier slot to ask for again: "back", "I gave you the wrong number"."""
    lowered = text(tracker).lower()
    before = order(tracker.slots)
    if requested not in before:
        return None
    given = [name for name in before[: before.index(requested)] if tracker.get_slot(name)]
    if words.BACK.search(lowered):
        return given[-1] if given else None
    # "Bad pain by the end of the day" is a reason, and says nothing against the day.
    wrong = words.SURELY_WRONG if requested == "booking_reason" else words.WRONG
    topic = words.topic_of(lowered) if wrong.search(lowered) else None
    return topic if topic in given else None


def wants_other_time(requested: str, tracker: Tracker) -> bool:
    """Tells whether a chosen time is to be another one, said where something else was asked."""
    said = text(tracker).lower()
    if not tracker.get_slot("booking_hold") or len(said) > words.OTHER_TIME_CHARACTERS:
        return False
    if not wish_in(said):
        return False
    name, confidence = intent(tracker)
    meant = name in ("change_booking", "book_evaluation") and confidence >= _SURE
    if requested == "booking_reason":  # "actually it's worse on Mondays"
        return meant and bool(words.OTHER_TIME.search(said))
    return bool(words.OTHER_TIME.search(said)) or _only_names_a_time(text(tracker))


def _only_names_a_time(said: str) -> bool:
    """Tells whether "Monday morning", where a name or number was asked, can be nothing else."""
    if "?" in said or len(said) > words.BARE_TIME_CHARACTERS or words.CALLS.search(said.lower()):
        return False
    return not (read_name(said) or read_phone(said) or read_email(said))


def wants_to_move(said: str) -> bool:
    """Tells whether someone who has an appointment speaks of another time for it."""
    lowered = said.lower()
    return bool(words.MOVES.search(lowered)) and not words.ONE_MORE.search(lowered)


def books_one_more(said: str) -> bool:
    """Tells whether someone who has an appointment surely wants another one beside it."""
    return bool(words.ONE_MORE.search(said.lower()))
