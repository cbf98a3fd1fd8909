"""Reads yes, no and not sure in the forms that people use."""

from __future__ import annotations

import re
from enum import Enum


class Answer(str, Enum):
    """What a message answers to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


# Words before the answer that change nothing about it.
_LEAD = re.compile(
    r"^(\W*\b(um+|uh+(?! ?huh)|oh|well|hmm+|lol|haha|actually|honestly|unfortunately|sadly|"
    r"luckily|thankfully|fortunately|thank (god|goodness|heavens)|god|hell|heck|"
    r"ok(ay)?( then)?|i said)\b\W*)+(?=\w)"
)
# Doubt wins over a yes or no beside it: "no, I'm not sure".
_UNSURE = re.compile(
    r"\b(not (really |too |so |100% |totally |entirely )?(sure|certain)|unsure|uncertain|"
    r"don'?t (really )?know(?! (what|anyone))|idk|dunno|no (idea|clue)|"
    r"can'?t (tell|say)(?! (that )?i\b)|"
    r"hard to (say|tell)|no s[eé]|tal vez|quiz[aá]s?|yes and no)\b"
)
_HALF = re.compile(
    r"\b(maybe|might be|could be|perhaps|possibly|probably|i think so|kinda?|kind of|sort of|sorta|"
    r"depends)\b"
)
# A no that is taken back in the same breath: "no, well, maybe a little".
_TAKEN_BACK = re.compile(
    r"\b((but|well|wait|actually|though|except|or)\b\W*)+(i (might|may|think)|yes|yeah|yep|maybe|"
    r"a (little|bit)|sometimes|kind ?of|kinda|sort of|sorta|slight\w*|possibly|perhaps|once)\b|"
    r"\bmaybe (a |some|yes|slight)"
)
# Not a no: these begin like one and tell a sign ("I haven't been able to pee").
_SIGN = (
    r"(?!.*\b(know|feel\w*|able|pee\w*|poop\w*|go|gone|going|hold\w*|control\w*|walk|move|wipe)\b)"
)
_NO = re.compile(
    r"^\W*(no+(pe)?(?! (feeling|control|sensation))|nah+|nay|naw|nop|never|none|negative|neg|"
    r"false|n|nada|nuh ?uh|neither|"
    r"not? (at all|that i\W?(know|a?m aware|noticed|can tell|remember)( of)?|really|me|now|yet|"
    r"even|any ?more|currently|recently|lately|since|so far)|"
    r"nothing( like that)?|para nada|"
    r"(definitely|absolutely|certainly|of course|totally|i think|i'?m afraid|afraid) not|"
    r"i('ve| have)? (no|none|never|nothing|not had)|"
    r"i (haven'?t|don'?t|didn'?t)( \w+)? any (problems?|trouble|issues?|changes?|numbness)|"
    r"(i |we )?(do not|don'?t|haven'?t|have not|am not|did not|didn'?t|wasn'?t|hasn'?t|can'?t say)"
    + _SIGN
    + r"|i'?m not"
    + _SIGN
    + r"|i'?m (all )?(good|fine)\W*$|(i )?don'?t think so)\b"
)
_YES = re.compile(
    r"^\W*(y|ye+s+|ye+a+h*|yep+|yup+|yah|ya|yas+|si|sí|s[ií] se[nñ]or|sure( thing)?|ok(ay)?|okey|"
    r"k|correct|right(?! (side|leg|foot|hip|low\w*|butt\w*|calf|knee|now|away|above|below|at|in))|"
    r"that'?s right|affirmative|absolutely|definitely|certainly|of course|indeed|"
    r"i (do|have|am|did|was|can'?t deny)(?! (feeling )?(fine|ok(ay)?|good|normal|well|healthy))|"
    r"i'?m afraid so|uh ?huh|mm?hm+|true|a (little|bit|lot)|"
    r"little bit|some(times|what)?|claro|please( do)?|go ahead|sounds good|let'?s (do it|go)|"
    r"fine|perfect|exactly|for sure|you bet|by all means|(it (does|is|has|did)|there (is|are))\W*$)"
    r"(\b|$)"
)
_YES_EMOJI = re.compile(r"^\W*[👍✅👌]")
_NO_EMOJI = re.compile(r"^\W*[👎❌]")


def read_answer(text: str) -> Answer | None:
    """Reads the answer to a yes-or-no question.

    Args:
        text: The patient's message.

    Returns:
        The answer, or None when the message answers something else.
    """
    lowered = _LEAD.sub("", text.strip().lower().replace("\u2019", "'"))
    if _UNSURE.search(lowered):
        return Answer.UNSURE
    if _NO.search(lowered):
        return Answer.UNSURE if _TAKEN_BACK.search(lowered) else Answer.NO
    if _HALF.search(lowered):
        return Answer.UNSURE
    if _YES.search(lowered) or _YES_EMOJI.search(text):
        return Answer.YES
    return Answer.NO if _NO_EMOJI.search(text) else None
