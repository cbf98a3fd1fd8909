"""Reads which side of the body a message means."""

from __future__ import annotations

import re

from bot.entities.plain import plain

LEFT, RIGHT, BOTH, MIDDLE = "left", "right", "both", "middle"

_BODY = (
    r"side|sided|sides|leg|legs|hip|hips|back|lower|low|buttock|butt|but|cheek|glute|foot|knee|"
    r"thigh|calf|flank|"
    r"ribs?|shoulder|groin|arm|ankle|one|lumbar|si|spine|part|area|ball of|heel|toes?|hamstring|"
    r"piriformis"
)
_END = (
    r"(?=\W*$| ?[,.;!]| (?:i|and|or|but|not|more|mostly|mainly|maybe|wait|too|also|please|thanks|"
    r"lol|now|is|hurts|y)\b)"
)
_HEDGED = (
    r"(?:its |mostly |mainly |usually |only |just |more |the |on |to |a la |al |el |la |id say |"
    r"no |ok |yes )*"
)
# "Left" and "right" have other meanings; these frames mean the body.
_FRAMES = (
    r"\b{{side}} (?:{body})\b|\b(?:on|to|down|in|toward|towards|across) (?:the|my|its|his|"
    r"her) {{side}}\b{place}|"
    r"\b(?:my|the|more|mostly|mainly|than) (?:on )?(?:the )?{{side}}{end}|"
    r"^\W*{hedged}{{side}}{end}|"
    r"(?:\b(?:and|or|not|wait|also|y) |[,.;&] ?)(?:the |on the |its |mean |no )*{{side}}{end}"
).format(
    body=_BODY,
    end=_END,
    hedged=_HEDGED,
    place=r"(?! (?:track|way|number|path|page|day|time|exercise))",
)
_LEFT = re.compile(
    _FRAMES.format(side=r"(?:left|leftt?|lefft|lef|lft|lt|lhs)")
    + rf"|\bl (?:{_BODY})\b"
    + r"|\bizq(?:uierd[oa]s?)?\b|\bleft of (?:my|the) (?:spine|back|middle)\b"
)
_RIGHT = re.compile(
    _FRAMES.format(side=r"(?:right|rihgt|rigth|rigt|righ|rite|wright|write|rt|rhs)")
    + rf"|\br (?:{_BODY})\b"
    + r"|\bderech[oa]s?\b|\bright of (?:my|the) (?:spine|back|middle)\b"
)
_BOTH = re.compile(
    r"\bboth (?:sides?|legs?|hips?|knees?|feet|buttocks?|cheeks?|of (?:my|the) )|^\W*(?:its |on |"
    r"in |mostly )*both"
    r"(?=\W*$| ?[,.;!]| (?:but|i|really|equally|mostly|please)\b)|\b(?:either|each) (?:side|leg|"
    r"hip)\b|\bbilateral\w*|"
    r"\btwo sides\b|\bamb[oa]s\b|\bl[oa]s dos(?: lad[oa]s| piernas)?\b|\b(?:all the way |right |"
    r"straight )?across (?:my|the) "
    r"(?:low|lower|whole|back|belt)\w*|\ball the way across\b|\bswitch(?:es|ing)? sides?\b|"
    r"\bside to side\b|"
    r"\b(?:left|l|lft) ?(?:and|&|\+) ?(?:right|r|rt)\b|\b(?:right|r|rt) ?(?:and|&|\+) ?(?:left|l|"
    r"lft)\b"
)
_MIDDLE = re.compile(
    r"^\W*(?:(?:its|the|in|on|more|right|dead|smack|mostly|kind of|just) )*(?:middle|center|"
    r"centre|central|midline)"
    r"(?=\W*$| ?[,.;!])|\b(?:in|down|right in|towards?) the (?:middle|center|centre|"
    r"midline)(?! of (?:the (?:night|day|"
    r"week|month)|an? |doing|my (?:shift|day)))|\bmiddle of (?:my|the) (?:low|lower|back|spine|"
    r"lumbar)\w*|"
    r"\b(?:right|directly|just|only|more|its) on (?:the|my) spine\b|\bon the spine itself\b|"
    r"\ben (?:el )?(?:medio|centro)\b|\bel centro\b"
)
# Words that look like a side and are none, and questions that only name the choice.
_OTHER = re.compile(
    r"\b(?:that|thats|thats|youre|you are|is that|is this|this|doing (?:this|it)|all|im|i am|"
    r"its) right\b(?! (?:side|leg|hip|"
    r"lower|low))|\bright (?:now|away|then|on\b(?! the)|after|before|here|there|where|above|below|"
    r"at|in|when|"
    r"ball|way|exercise|number|handed|to know|thing|time|place)\b|\bright\?|\bleft (?:work|home|"
    r"my|the|a|it|over|out|"
    r"for|me|at|to go)\b|\bwhats left\b|\b(?:left or right|right or left)\b|^\W*right,? (?:im|"
    r"lets|so|ill|ok|then|well|"
    r"what|how|thanks|can|do)\b|\bwrite (?:me|back|it|that|to)\b|"
    r"\b(?:are|is|have|has|got|reps?|nothing|much|many|they|i|we|he|she) left\b(?! (?:side|leg|"
    r"hip|lower))|\balright\b"
)
_TAKEN_BACK = re.compile(
    r"\b(?:not|isnt) (?:on |in )?(?:the |my )?(?:left|right|l|r)(?: side| leg| one)?(?: (?:or|"
    r"nor) (?:left|right))?\b"
    r"|\b\w+ (?:side )?(?:no wait|wait no|i mean|i meant|scratch that|no sorry)\b"
)


def read_side(text: str) -> str | None:
    """Reads the side of the body that a message means.

    Args:
        text: The patient's message, for example "mostly on the rt side".

    Returns:
        ``left``, ``right``, ``both`` or ``middle``; None when no side of the body is meant, and
        for the other meanings of the words ("right now", "I left work", "is that right?").
    """
    said = _TAKEN_BACK.sub(" ", plain(text).replace("'", "").replace("-", " "))
    if _BOTH.search(said):
        return BOTH
    if _MIDDLE.search(said):
        return MIDDLE
    body = _OTHER.sub(" . ", said)
    left, right = bool(_LEFT.search(body)), bool(_RIGHT.search(body))
    if left and right:
        return BOTH
    if left:
        return LEFT
    return RIGHT if right else None
