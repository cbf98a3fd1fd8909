"""Reads a change of mind about the exercise: "no wait, go back to the bridge"."""

from __future__ import annotations

import re

from bot.entities.exercise import read_exercise
from bot.entities.plain import plain

OTHER = "other"
"""What is wanted where another exercise is wished for, and none is named."""
_ASKS = re.compile(
    r"\W*(?:(?:and|but|so|ok|wait|no)\W+)*(?:why|when|where|who|which|is|are|does|do i|do you|did|"
    r"should|will|what(?! about)|how(?! about))\b"
)
_WISHES = re.compile(
    r"\b(?:instead|rather|prefer|switch|chang(?:e|ed) my mind|back to|let'?s|let us|"
    r"(?:i|we)(?:'d| would) like|(?:i|we) (?:want|wanna)|i'?ll (?:do|try|take|go)|"
    r"(?:can|could|may) (?:i|we)(?: just| please| maybe)? (?:do|try|start|switch|go)|"
    r"(?:what|how) about|give me|make (?:it|that)|"
    r"(?:do|start|try|take|pick|choose) (?:the|that|my|another|a))\b"
)
_CORRECTS = re.compile(
    r"\b(?:wait|actually|hold on|i mean|i meant|never ?mind|nvm|scratch that|second thoughts?|"
    r"forget (?:it|that|this|the)|oops|not (?:that|this|the)(?: one)?|no no)\b"
)
_REFUSES = re.compile(
    r"\b(?:don'?t|do not|didn'?t|can'?t|cannot|never|won'?t|not)(?: really| even)?"
    r" (?:want|wanna|like|do|did|feel like|need|going)(?: to)?(?: (?:do|try|start))?"
    r"(?: (?:the|that|this|my|a))?(?: \w+){0,2} ?(?:one|exercise)?\W*$"
)
_ANOTHER = re.compile(
    r"\b(?:the other|another|a different|some other) (?:one|exercise)\b|\bsomething (?:else|other|"
    r"different)\b|\b(?:one|something|exercise) without (?:a |the )?ball\b|\ba different one\b"
)
_NO = re.compile(r"\W*(?:no+|nope|nah|not)\b")
_NO_THE = re.compile(r"\W*(?:no+|nope|nah)\W+(?:the|do|that)\b(?: \w+){1,5}\W*$")
# "The belly one", "the other one"; not "the left one", "in one".
_THE_ONE = re.compile(r"(?<!left )(?<!right )(?<!\bin )\bone\b(?! (?:leg|side|foot))")


def read_changed_mind(text: str) -> str | None:
    """Reads which exercise a message wishes for in place of what is going on.

    Only a wish counts: a body part that an answer names ("a hernia by my belly button") is none,
    and neither is a question about an exercise.

    Returns:
        The exercise's id; ``OTHER`` where another one is wished for without a name; None where the
        message wishes for none.
    """
    said = plain(text)
    if _ASKS.match(said):
        return None
    wish = bool(_WISHES.search(said) or _CORRECTS.search(said))
    if (wish or _NO_THE.match(said)) and (named := read_exercise(text, wanted=True)):
        return None if _REFUSES.match(said) else named
    return OTHER if (wish or _NO.match(said)) and _ANOTHER.search(said) else None


def wishes(text: str) -> bool:
    """Tells whether a message wishes for something, or takes something back."""
    said = plain(text)
    return not _ASKS.match(said) and bool(_WISHES.search(said) or _CORRECTS.search(said))


def without_wish(text: str) -> str:
    """Returns a message without the "one" of its wish, which answers no "in one leg or both?"."""
    return _THE_ONE.sub(" ", text) if read_changed_mind(text) else text
