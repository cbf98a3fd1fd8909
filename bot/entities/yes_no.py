"""Reads yes, no and not sure in the forms that people use.

A message is cut into marks (yes, no, hedges, corrections) and other chunks. Chunks that ask or
command something make it no answer at all: for a danger question, to ask again is always safer
than to take "no wait, how long do I hold?" for a no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bot.entities import answer_words as words
from bot.entities.plain import plain


class Answer(str, Enum):
    """What a message answers to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class _Kind(Enum):
    BLOCK = 0
    UNSURE = 1
    NO = 2
    EMPHATIC = 3
    YES = 4
    STRESS = 5
    HEDGE = 6
    WEAK = 7
    CORRECTION = 8
    FILLER = 9
    CHUNK = 10


@dataclass(frozen=True)
class _Mark:
    kind: _Kind
    text: str
    asked: bool = False
    joined: bool = False


def _compiled(fragments: list[str]) -> re.Pattern[str]:
    """Joins patterns, the more specific ones first: an alternation takes what fits first."""
    ordered = sorted(fragments, key=lambda fragment: -len(fragment.replace(words.END, "")))
    return re.compile(rf"(?:{'|'.join(ordered)})(?!\w)")


_AGREEING = (_Kind.YES, _Kind.EMPHATIC, _Kind.STRESS)
_PATTERNS = {
    _Kind.BLOCK: _compiled(words.BLOCK),
    _Kind.UNSURE: _compiled(words.UNSURE),
    _Kind.NO: _compiled(words.NO),
    _Kind.EMPHATIC: _compiled(words.EMPHATIC_YES),
    _Kind.YES: _compiled(words.YES),
    _Kind.STRESS: _compiled(words.STRESS),
    _Kind.HEDGE: _compiled(words.HEDGE),
    _Kind.WEAK: _compiled(words.WEAK_YES),
    _Kind.CORRECTION: _compiled(words.CORRECTION),
    _Kind.FILLER: _compiled(words.FILLER),
}
_DICTATED_NO = re.compile(words.DICTATED_NO)
_ANYWHERE = {
    _Kind.NO: re.compile(words.ANYWHERE["no"]),
    _Kind.UNSURE: re.compile(words.ANYWHERE["unsure"]),
}
_LOSS = re.compile(words.LOSS)
_QUESTION = re.compile(words.QUESTION)
_ABOUT_ANSWER = re.compile(words.ABOUT_ANSWER)
_ABOUT_YES = re.compile(words.ABOUT_YES)
_COMMAND = re.compile(words.COMMAND)
_CONFIRMED_COMMAND = re.compile(words.CONFIRMED_COMMAND)
_LEFT_AS_IT_IS = re.compile(words.LEFT_AS_IT_IS)
_ASKS_INSIDE = re.compile(words.ASKS_INSIDE)
_OPEN_AFTER_UNSURE = re.compile(words.OPEN_AFTER_UNSURE)

_SEPARATOR = re.compile(r"(?:[\s.,;:!()*\"<>~_=+|/\[\]{}]|\b(?:and|but|y|pero)\b(?= \w))+")
_CHUNK = re.compile(r"[^.,;:!?()\n]+?(?= (?:but|and|because|pero)\b|[.,;:!?()\n]|$)")
_ASKED = re.compile(r"[\s!.]*\?[?!\s]*")
_DISMAY = re.compile(r"(?:oh|aw+|uh oh|ugh)[ ,]+no+[!. ]*")
_HESITATION = re.compile(r"(?:h+m+|e+h+|meh|u+h+|u+m+)[ .!?]*")
_YES_SIGNS = re.compile("[\U0001f44d✅✔☑\U0001f44c\U0001f4af\U0001f197\U0001f64b]")
_NO_SIGNS = re.compile("[\U0001f44e❌✖\U0001f6ab⛔\U0001f645]")
_UNSURE_SIGNS = re.compile("[\U0001f937\U0001f914]")
_BESIDE = (_Kind.STRESS, _Kind.HEDGE, _Kind.CORRECTION)
_SIGN = re.compile(r"[^\x00-\x7f\w]+")
_PLAIN_END = re.compile(r"(?:no|nope|nah|yes|yeah|yep|yup|si|know)\b")
_YEAHS = ("yea", "ya", "yeh", "yh")
MAX_MARKS = 40


def read_answer(text: str) -> Answer | None:
    """Reads the answer to a yes-or-no question.

    Args:
        text: The patient's message.

    Returns:
        The answer, or None when the message answers something else, asks or commands.
    """
    said = plain(text).replace("'", "").replace("-", " ").strip()
    if _DISMAY.fullmatch(said):
        return None
    if _HESITATION.fullmatch(said):
        return Answer.UNSURE
    if not any(character.isalnum() for character in said):
        return _by_signs(said)
    marks = list(_marks(_SIGN.sub(" ", said).strip()))
    if len(marks) > MAX_MARKS:
        return None
    return _decide(marks)


def _by_signs(said: str) -> Answer | None:
    yes, no = bool(_YES_SIGNS.search(said)), bool(_NO_SIGNS.search(said))
    if _UNSURE_SIGNS.search(said) or (yes and no):
        return Answer.UNSURE
    if no:
        return Answer.NO
    return Answer.YES if yes else None


def _marks(said: str) -> Iterator[_Mark]:
    """Cuts a message into marks and chunks, at most one more than ``MAX_MARKS``."""
    at, found, chunks = 0, 0, 0
    while at < len(said) and found <= MAX_MARKS:
        gap = _SEPARATOR.match(said, at)
        joined = gap is not None and not gap[0].strip()
        at = gap.end() if gap else at
        if at >= len(said):
            return
        kind, end = _longest(said, at, not chunks)
        if end == at:
            chunk = _CHUNK.match(said, at)
            end = chunk.end() if chunk else at + 1
            chunks += 1
        asked = _ASKED.match(said, end)
        yield _Mark(kind, said[at:end].strip(), bool(asked), joined)
        found += 1
        at = asked.end() if asked else end


def _longest(said: str, at: int, may_be_dictated: bool) -> tuple[_Kind, int]:
    """Returns the kind of the longest mark that begins at a place, and where it ends."""
    best, end = _Kind.CHUNK, at
    for kind, pattern in _PATTERNS.items():
        match = pattern.match(said, at)
        if match and match.end() > end:
            best, end = kind, match.end()
    if end == at and may_be_dictated and (dictated := _DICTATED_NO.match(said, at)):
        return _Kind.NO, dictated.end()
    if best is _Kind.UNSURE and _OPEN_AFTER_UNSURE.match(said, end):
        return _Kind.BLOCK, end
    return best, end


def _decide(marks: list[_Mark]) -> Answer | None:
    kinds = [mark.kind for mark in marks]
    said_yes = any(kind in _AGREEING for kind in kinds)
    said_no = _Kind.NO in kinds
    chunks = [mark for mark in marks if mark.kind is _Kind.CHUNK]
    if _Kind.BLOCK in kinds or any(_leads_away(mark, said_yes, said_no) for mark in chunks):
        return None
    if _is_unfinished(marks) or _is_no_such(marks):
        return None
    if said_no and any(_LOSS.search(chunk.text) for chunk in chunks):
        return Answer.UNSURE
    answers = _answers(marks)
    if not answers:
        return _agreement(marks)
    if answers[-1].asked:
        return Answer.UNSURE
    return _weigh(answers, marks)


def _leads_away(chunk: _Mark, said_yes: bool, said_no: bool) -> bool:
    """Tells whether a chunk asks or commands something besides the answer."""
    words_of = chunk.text
    if (said_yes or said_no) and _ABOUT_ANSWER.fullmatch(words_of):
        return False
    if said_yes and (_ABOUT_YES.fullmatch(words_of) or _CONFIRMED_COMMAND.fullmatch(words_of)):
        return False
    if said_no and _LEFT_AS_IT_IS.fullmatch(words_of):
        return False
    return bool(
        chunk.asked
        or _QUESTION.match(words_of)
        or _COMMAND.match(words_of)
        or _ASKS_INSIDE.search(words_of)
        or words_of.endswith(" instead")
    )


def _is_unfinished(marks: list[_Mark]) -> bool:
    spoken = [mark for mark in marks if mark.kind is not _Kind.FILLER]
    return bool(spoken) and spoken[-1].text in words.UNFINISHED


def _is_no_such(marks: list[_Mark]) -> bool:
    """Tells whether a "no" belongs to the noun behind it: "no urine", "no reminders"."""
    return any(
        mark.text in ("no", "know")
        and following.kind is _Kind.CHUNK
        and following.joined
        and following.text.split()[0] not in words.AFTER_NO
        for mark, following in pairwise(marks)
    )


def _answers(marks: list[_Mark]) -> list[_Mark]:
    """Returns the marks that answer: those at the beginning, or the last after a statement."""
    found: list[_Mark] = []
    opened = False
    for index, mark in enumerate(marks):
        if mark.kind is _Kind.CHUNK:
            inside = [kind for kind, pattern in _ANYWHERE.items() if pattern.search(mark.text)]
            found += [_Mark(kind, mark.text, mark.asked) for kind in inside]
            opened = opened or not found
        elif mark.kind.value <= _Kind.HEDGE.value:
            at_end = index == len(marks) - 1 and not (mark.asked or mark.joined)
            if not opened or (at_end and _PLAIN_END.match(mark.text)):
                found.append(mark)
        elif mark.kind is _Kind.CORRECTION:
            found.append(mark)
    while found and found[-1].kind is _Kind.CORRECTION:
        found.pop()
    return found


def _agreement(marks: list[_Mark]) -> Answer | None:
    """Returns yes for "ok" and the like where nothing else is said."""
    spoken = [mark for mark in marks if mark.kind is not _Kind.FILLER]
    if not spoken or any(mark.asked for mark in marks):
        return None
    if any(mark.kind is not _Kind.WEAK for mark in spoken):
        return None
    return Answer.YES


def _weigh(answers: list[_Mark], marks: list[_Mark]) -> Answer:
    """Returns what the answers mean together; the later one counts where it corrects."""
    corrected = max((i for i, a in enumerate(answers) if a.kind is _Kind.CORRECTION), default=-1)
    latest = answers[corrected + 1 :]
    kinds = [mark.kind for mark in latest]
    yes = _Kind.YES in kinds or _Kind.EMPHATIC in kinds
    no = _Kind.NO in kinds
    if _Kind.UNSURE in kinds:
        return Answer.UNSURE
    if yes and no:
        return _contradiction([mark for mark in latest if mark.kind not in _BESIDE])
    if no:
        return Answer.UNSURE if _Kind.HEDGE in kinds else Answer.NO
    agreeing = _Kind.STRESS in kinds or any(mark.kind is _Kind.WEAK for mark in marks)
    return Answer.YES if yes or agreeing else Answer.UNSURE


def _contradiction(answers: list[_Mark]) -> Answer:
    """Reads "no, I do" and "yeah no" by their last words; other contradictions stay open."""
    ends_in_no = answers[-1].kind is _Kind.NO
    turn = max(i for i, mark in enumerate(answers) if (mark.kind is _Kind.NO) is not ends_in_no)
    before, last = answers[turn], answers[turn + 1 :]
    if ends_in_no:
        return Answer.NO if before.text.startswith(_YEAHS) else Answer.UNSURE
    emphatic = any(mark.kind is _Kind.EMPHATIC for mark in last)
    return Answer.YES if emphatic or last[0].text.startswith(_YEAHS) else Answer.UNSURE
