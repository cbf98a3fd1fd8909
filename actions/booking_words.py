"""The words by which patients correct, agree or go back while they book."""

from __future__ import annotations

import re

BACK = re.compile(r"^\W*(go )?back( up)?( one)?( please)?\W*$")
WRONG = re.compile(
    r"\b(wrong|incorrect|off|bad|chang\w*|fix|correct|mis-?spel\w*|spelled|spelling|typo|mistake|"
    r"messed up|isn'?t right|not right|redo)\b"
)
SURELY_WRONG = re.compile(
    r"\b(wrong|incorrect|change|fix|mis-?spel\w*|typo)\b.*\b(name|phone|number|e-?mail)\b|"
    r"\b(name|phone|number|e-?mail)\b.*\b(wrong|incorrect|mis-?spel\w*|typo)\b"
)
TOPICS = {
    "booking_name": re.compile(r"\b(names?|mis-?spel\w*|spelled|spelling)\b"),
    "booking_phone": re.compile(r"\b(phone|number|digits?)\b"),
    "booking_email": re.compile(r"\be-?mail\b"),
    "booking_reason": re.compile(r"\b(reason|notes?)\b"),
    "booking_time": re.compile(r"\b(time|day|date|hour)\b"),
}
# "Yes, call me any time" confirms, although it also asks for something.
AGREES = re.compile(r"^\W*(yes|yeah|yep|yup|correct|that'?s right)\b")
# "Yes, that's right, how do I get there?": the visit is agreed on, and so is no other question.
AGREES_AND_ASKS_THE_WAY = re.compile(
    r"^\W*(yes|yeah|yep|yup|correct|that'?s right|right|ok(ay)?)\b"
    r"(\W+(yes|that'?s|that is|it'?s|it is|is|all|right|correct|fine|good|perfect|great|thanks?|"
    r"thank you|please|and|but|so))*\W+"
    r"(how (do|can|would|should) (i|we) (get|come|find)\b.*|how to get\b.*|"
    r"where (is|are|do|should|can|am)\b.*\b(it|that|you|clinic|go|come|office|located|park)\b|"
    r"(what'?s|what is) (the|your) address\b|directions\b)[^.!?]*\W*$"
)
BUT = re.compile(r"\b(but|except|change|instead|actually|not|make it|rather)\b")
# "Actually, can we make it Friday morning?" in the middle of the other questions.
OTHER_TIME = re.compile(
    r"^\W*((oh|wait|no|hmm|sorry|well|ok(ay)?)\W+)*(actually|(can|could) (we|i|you)|"
    r"let'?s|make it|change|move|switch|i'?d rather)\b|\binstead\b|"
    r"\b(another|different|other) (time|day)\b"
)
OTHER_TIME_CHARACTERS = 120
BARE_TIME_CHARACTERS = 40
"""A message this short that names a time names nothing else."""
CALLS = re.compile(r"\b(call|phone|ring|text|reach|mail|skip|thanks?|fine|good|see you)\b")
# "I'd like it on Monday actually", of an appointment that is booked.
MOVES = re.compile(
    r"\b(actually|instead|resched\w*|rather|postpone)\b|\b(another|different|other) (time|day)\b|"
    r"\b(change|move|switch|make|like|want|have|do|push|shift) (it|that|mine|my \w+)\b"
)
ONE_MORE = re.compile(
    r"\b(another|second|2nd|one more|additional|extra|new) (app(oin)?t\w*|visit|eval\w*|booking|"
    r"one|session)\b|\bfor (my (wife|husband|partner|mom|mother|dad|father|son|daughter|friend|"
    r"brother|sister|kid|child)|someone else|somebody else)\b"
)
# "Book an evaluation" starts what is going on already; in more words it may well be a reason.
BOOKS = re.compile(
    r"\W*((i('?d like| want| would like)|please|can i|let'?s) ?(to )?)*(book|schedule|make)( me)?"
    r"( (an?|my|the|another))?( (app(oin)?t(ment)?|evaluation|eval|visit|booking))?( please)?\W*"
)
CANCEL = re.compile(r"\bcancel\b")
ABOUT_A_BOOKING = re.compile(r"\b(app(oin)?t(ment)?s?|booking|request|visit|eval\w*)\b")


def topic_of(said: str) -> str | None:
    """Returns the slot that a message like "the name is wrong" is about, or None."""
    lowered = said.lower()
    return next((slot for slot, words in TOPICS.items() if words.search(lowered)), None)
