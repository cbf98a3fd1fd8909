"""Reads a pain score on the 0-10 scale, and whether pain is better, the same or worse.

A message is cut into tokens. A number counts as a score only where its neighbours allow it: "a
six today" does, "20 reps", "L5" and "call me at 5" do not. Of several scores the one that holds
now counts ("was 8, now 5"), and of several that hold, the highest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.entities import pain_words as words
from bot.entities.numbers import DICTATED, TEENS, TENS, UNITS
from bot.entities.plain import plain

WORST = 10
MAX_TOKENS = 160

_TOKEN = re.compile(r"[$#~+-]?\w+(?:[.,:/'-]\w+)*[%+]?|[^\w\s]")
_ARTICLES = ("un", "una")
_VALUE = {word: value for word, value in UNITS.items() if word not in _ARTICLES}
_VALUE |= {"ten": 10, "diez": 10, "nought": 0, "naught": 0}
_STRICT_VALUES = frozenset({"one", "uno"})
_DIGITS = re.compile(r"~?(\d{1,3}(?:[.,]\d)?)(?:ish|\+)?")
_PAIR = re.compile(r"(\w+(?:\.\d)?)([-/])(\w+(?:\.\d)?)")
_NOW, _PAST, _BEFORE_DAY = "now", "past", "another day"


@dataclass(frozen=True)
class _Score:
    """A number that may be a score: its value, and its place among the tokens."""

    value: float
    first: int
    last: int
    when: str | None = None


def read_pain_score(text: str) -> int | None:
    """Reads a pain score.

    Args:
        text: The patient's message, for example "about 7 or 8" (read as the higher).

    Returns:
        0 to 10, or None when the message holds no score on that scale.
    """
    said = _told(plain(text))
    scores = _scores(said)
    if scores:
        current = _current(scores)
        return None if current is None else _rounded(current)
    return 0 if _is_painless(said) else None


def read_pain_change(text: str) -> str | None:
    """Reads whether the pain is ``better``, ``same`` or ``worse``; None when it is not said."""
    said = plain(text).replace("'", "")
    if words.CHANGE_ASKED.search(said) or words.CHANGE_ELSEWHERE.search(said):
        return None
    if words.SAME.search(said):
        return "same"
    found = sorted(
        (match.end(), name)
        for name, pattern in (("better", words.BETTER), ("worse", words.WORSE))
        for match in pattern.finditer(words.NOT_CHANGED.sub(" ", said))
    )
    if found:
        return found[-1][1]
    if words.NOT_CHANGED.search(said):
        return "same"
    return _change_of_scores(_scores(_told(plain(text))))


def _change_of_scores(scores: list[_Score]) -> str | None:
    past = [score.value for score in scores if score.when in (_PAST, _BEFORE_DAY)]
    now = [score.value for score in scores if score.when not in (_PAST, _BEFORE_DAY)]
    if not past or not now:
        return None
    if max(now) == max(past):
        return "same"
    return "worse" if max(now) > max(past) else "better"


def _rounded(value: float) -> int:
    return min(WORST, int(value + 0.5))


def _told(said: str) -> str:
    """Drops what holds no score: the scale's own name, numbers taken back, questions."""
    said = words.ARROW.sub(r"from \1 to \2", words.ISH.sub(" ", said))
    told = words.ASKING.sub(" . ", words.CORRECTED.sub(" ", words.SCALE.sub(" ", said)))
    return "" if words.ARRANGING.search(told) else told


def _is_painless(said: str) -> bool:
    if words.PAINLESS_BUT.search(said):
        return False
    return bool(words.PAINLESS.search(said) or words.NOTHING.fullmatch(said))


def _current(scores: list[_Score]) -> float | None:
    """Returns the score that holds now, the highest where several do."""
    for wanted in ((_NOW,), (None,), (_PAST,)):
        values = [score.value for score in scores if score.when in wanted]
        if values:
            return max(values)
    return None


def _scores(said: str) -> list[_Score]:
    tokens = _TOKEN.findall(said)[:MAX_TOKENS]
    numbers = _numbers(tokens)
    kept = [number for group in _groups(tokens, numbers) for number in _accepted(tokens, group)]
    return _dated(tokens, kept)


def _numbers(tokens: list[str]) -> list[_Score]:
    """Returns every number, those that cannot be scores with a value above the scale."""
    found: list[_Score] = []
    at = 0
    while at < len(tokens):
        value, length = _number_at(tokens, at)
        if value is not None:
            found.append(_Score(value, at, at + length - 1))
        at += length
    return found


def _number_at(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Returns the number that begins at a token and its length in tokens."""
    token = tokens[at]
    if token in TENS:
        combined = at + 1 < len(tokens) and tokens[at + 1] in UNITS
        return 100.0, 2 if combined else 1
    if token in TEENS and token not in ("ten", "diez", "once"):
        return 100.0, 1
    value = _simple(token)
    if value is None and token in DICTATED and _is_dictated(tokens, at):
        value = float(DICTATED[token])
    if value is None:
        return _pair(tokens, at)
    rest = " ".join(tokens[at + 1 : at + 4])
    if rest.startswith(("point ", "punto ")) and (tenth := _simple(tokens[at + 2])) is not None:
        return value + tenth / 10, 3
    if rest.startswith(("and a half", "y medio", "and half")):
        return value + 0.5, 4 if rest.startswith("and a") else 3
    if rest.startswith("1/2"):
        return value + 0.5, 2
    out_of = words.OUT_OF_TEN.match(rest)
    if out_of:
        return min(value, WORST), 1 + len(out_of[0].split())
    return value, 1


def _simple(token: str) -> float | None:
    if token in _VALUE:
        return float(_VALUE[token])
    match = _DIGITS.fullmatch(token)
    return float(match[1].replace(",", ".")) if match else None


def _pair(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Reads "6/10", "seven/ten", "7-8" and "5/6"."""
    match = _PAIR.fullmatch(tokens[at])
    if not match:
        return None, 1
    first, second = _simple(match[1]), _simple(match[3])
    if first is None or second is None:
        return None, 1
    if match[2] == "/" and second == WORST:
        return min(first, WORST), 1
    if 0 < second - first <= (2 if match[2] == "/" else 4) and second <= WORST:
        return second, 1
    return None, 1


def _is_dictated(tokens: list[str], at: int) -> bool:
    """Tells whether a word like "for" or "too" can only be a dictated number."""
    before = tokens[at - 1] if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    return before in ("a", "an") and (not after or after in words.AFTER_DICTATED)


def _groups(tokens: list[str], numbers: list[_Score]) -> list[list[_Score]]:
    """Joins numbers into ranges: "7 or 8", "between 4 and 5", "3 maybe 4", "three, four"."""
    groups: list[list[_Score]] = []
    for number in numbers:
        between = tokens[groups[-1][-1].last + 1 : number.first] if groups else []
        opener = tokens[groups[-1][0].first - 1] if groups and groups[-1][0].first else ""
        joins = all(token in words.RANGE for token in between) or (
            opener in ("between", "entre") and between in (["and"], ["y"])
        )
        if groups and joins and not _is_from(tokens, groups[-1][0].first):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _is_from(tokens: list[str], first: int) -> bool:
    return "from" in tokens[max(0, first - 2) : first]


def _accepted(tokens: list[str], group: list[_Score]) -> list[_Score]:
    """Returns the highest number of a group where all of it can be a score."""
    adjacent = all(after.first - before.last == 1 for before, after in pairwise(group))
    if len(group) > 3 or (len(group) > 2 and adjacent):
        return []
    if any(number.value > WORST for number in group):
        return []
    first, last = group[0], group[-1]
    if not _allowed_before(tokens, first) or not _allowed_after(tokens, last):
        return []
    value = max(number.value for number in group)
    return [_Score(value, first.first, last.last)]


def _allowed_before(tokens: list[str], number: _Score) -> bool:
    before = tokens[max(0, number.first - 4) : number.first]
    near = [token for token in before if token not in words.APPROXIMATELY]
    last = near[-1] if near else ""
    if tokens[number.first] in _STRICT_VALUES and not _is_strictly_allowed(tokens, number):
        return False
    if last == "at":
        return len(near) == 1 or near[-2] in words.BEFORE_AT
    if last == "number":
        return near[-2:-1] != ["the"] and "please" not in tokens[number.last + 1 : number.last + 2]
    if last == "of":
        return near[-2:-1] != [] and near[-2] in words.BEFORE_OF
    return last not in words.NOT_BEFORE and not last.startswith("$")


def _is_strictly_allowed(tokens: list[str], number: _Score) -> bool:
    """Tells whether a "one" is a score, as in "a one", and no pronoun, as in "this one"."""
    before = tokens[number.first - 1] if number.first else ""
    after = tokens[number.last + 1] if number.last + 1 < len(tokens) else ""
    if number.last > number.first:
        return True
    opens = before in words.BEFORE_ONE or not before
    return opens and (not after or after in words.AFTER_ONE)


def _allowed_after(tokens: list[str], number: _Score) -> bool:
    after = [*tokens[number.last + 1 : number.last + 3], "", ""]
    if after[0] in ("out", "outta", "outa"):
        return bool(words.OUT_OF_TEN.match(" ".join(tokens[number.last + 1 : number.last + 4])))
    if after[0] == "in" and after[1] in words.NOT_AFTER_IN:
        return False
    return not after[0] or not after[0][0].isalnum() or after[0] in words.AFTER


def _dated(tokens: list[str], scores: list[_Score]) -> list[_Score]:
    """Says of each score when it held, by the words before it, else by those behind it."""
    dated: list[_Score] = []
    start = 0
    for index, score in enumerate(scores):
        stop = scores[index + 1].first if index + 1 < len(scores) else len(tokens)
        before = _last_clause(tokens[start : score.first])
        after = _first_clause(tokens[score.last + 1 : stop])
        when, used = _when(before, after)
        dated.append(_Score(score.value, score.first, score.last, when))
        start = score.last + 1 + used
    return dated


def _when(before: list[str], after: list[str]) -> tuple[str | None, int]:
    """Returns when a score held, and how many of the tokens behind it that has used up."""
    cues = [words.TENSE[token] for token in before if token in words.TENSE]
    if cues and cues[-1] == _NOW:
        return _NOW, 0
    behind = _cue_behind(after)
    if _BEFORE_DAY in cues or (cues and behind[0] == _BEFORE_DAY):
        return _BEFORE_DAY, behind[1] if behind[0] == _BEFORE_DAY else 0
    return (cues[-1], 0) if cues else behind


def _cue_behind(after: list[str]) -> tuple[str | None, int]:
    for place, token in enumerate(after):
        if token in words.TENSE_BEHIND:
            return words.TENSE_BEHIND[token], place + 1
        if token in words.TENSE:
            break
    return None, 0


def _last_clause(tokens: list[str]) -> list[str]:
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place] in words.CLAUSE_ENDS:
            return tokens[place + 1 :]
    return tokens


def _first_clause(tokens: list[str]) -> list[str]:
    for place, token in enumerate(tokens):
        if token in words.CLAUSE_ENDS:
            return tokens[:place]
    return tokens
