"""Reads the numbers that matter: ages, temperatures, weeks of pregnancy, pills."""

from __future__ import annotations

from collections.abc import Iterator

from bot.safety.document import Document, Token
from bot.safety.lexicon import Mention

_ONES = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen".split(),
        range(1, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        range(20, 100, 10),
        strict=True,
    )
)
_SUBJECTS = frozenset(
    "im shes hes am is was aged age turned turning mom dad grandma grandpa wife husband son"
    " daughter kid boy girl sister brother he she i patient y/o are has have tengo tiene cumplio"
    " me hijo hija nephew niece grandson granddaughter stepson stepdaughter nieta nieto"
    " my a our old only just almost nearly".split()
)
_RELATIVES = frozenset("mom moms dad dads grandma grandpa son daughter boy sister me".split())
_PERSONS = frozenset(
    "he she mom dad grandma grandpa wife husband son daughter kid boy girl sister brother nephew"
    " niece grandson granddaughter baby child patient father mother who hijo hija mama papa".split()
)
_OPENERS = frozenset(["", ".", ",", "?", "/", ":"])
_STRONG = frozenset(
    "im shes hes am is was aged age turned turning tengo tiene cumplio only just almost".split()
)
# What follows a number that is no age.
_UNITS = frozenset(
    "% weeks wks minutes hours days months miles pounds kg feet ft out late early / am pm st nd rd"
    " th mg x min sec seconds times degrees inches in cm mph reps sets of over percent more to or"
    " point done off pain steps stairs on from blocks lb block mile".split()
)
_YEARS = frozenset(["y/o", "yo", "y"])
_FIRST_PERSON = frozenset(["im", "am", "turn", "turned", "me", "age", ":", "only", "just"])
# Words beside a number of weeks that make it a length of time.
_PERIODS = frozenset(
    "for in after since another ago of post out later now every past last within about next old"
    " into training plan on off straight reschedule before over the these days pain".split()
)
_HEAT_CUES = frozenset(
    "temp temperature fever feverish thermometer running ran spiked spiking degrees tmax f forehead"
    " chills at low grade was is fiebre temperatura calentura grados measured hit reads says of"
    " had got been fevers shivery hot".split()
)
_WEATHER = frozenset(
    "austin texas outside heat weather degrees-outside summer forecast sun attic pool sauna yoga"
    " ac car garage".split()
)


def value(token: Token) -> float | None:
    """Returns the number that a token writes in digits or as one word, if any."""
    if token.text[0].isdigit():
        try:
            return float(token.text)
        except ValueError:
            return None
    return _ONES.get(token.text) or _TENS.get(token.text)


def _spoken(tokens: tuple[Token, ...], position: int) -> tuple[float | None, int]:
    """Returns a number and the position after it; "seventy eight" is one number."""
    number = value(tokens[position])
    following = position + 1
    if tokens[position].text in _TENS and following < len(tokens):
        unit = _ONES.get(tokens[following].text)
        if unit and unit < 10:
            return (number or 0) + unit, following + 1
    return number, following


def _word(tokens: tuple[Token, ...], position: int) -> str:
    return tokens[position].text if 0 <= position < len(tokens) else ""


def _is_age(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    before, after = _word(tokens, first - 1), _word(tokens, last)
    if after in _YEARS or (after == "years" and _word(tokens, last + 1) in ("old", "young")):
        return True
    if before == ":" and _word(tokens, first - 2) in ("age", "edad"):
        return True
    if after in ("anos", "years"):
        return _is_age_in_years(before, after, _word(tokens, last + 1))
    if after in _UNITS or before in ("l", "s", "t", "c", "/", "x"):
        return False
    return after in ("m", "f", "male", "female") or _is_age_alone(tokens, first, last)


def _is_age_in_years(before: str, years: str, then: str) -> bool:
    if years == "anos":
        return before in ("de", "tiene", "tengo", "cumplio", "con", ",") or before in _SUBJECTS
    return before in ("has", "have") and then in _OPENERS


def _is_age_alone(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Tells whether a number without a unit is an age: "I'm 46", "Mom, 82, fell"."""
    before, after = _word(tokens, first - 1), _word(tokens, last)
    if tokens[first].text in _ONES or (before in ("was", "is") and not _person(tokens, first - 2)):
        return False
    if before in _STRONG:
        return after in _OPENERS or after in ("and", "with", "now", "nd", "in", "who", "but")
    if before in _RELATIVES:
        return after != "and"
    return before in _OPENERS and after in _OPENERS


def _person(tokens: tuple[Token, ...], position: int) -> bool:
    return _word(tokens, position) in _PERSONS


def _age_concepts(age: float, alone: bool, own: bool) -> Iterator[str]:
    if alone and age < 45:
        return  # a bare small number is more often a pain score than an age
    if age < 18:
        yield "age_minor"
        if age >= 10 and own:
            yield "age_minor_self"
    if 18 <= age < 45:
        yield "age_young"
    if age >= 50:
        yield "age_50"
    if age >= 60:
        yield "age_60"
    if age >= 65:
        yield "age_65"


def _is_gestation(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Tells whether a number of weeks or months may count a pregnancy: "34w", "at 31 weeks"."""
    after, then = _word(tokens, last), _word(tokens, last + 1)
    if after not in ("weeks", "with", "months"):
        return False
    return _word(tokens, first - 1) not in _PERIODS and then not in _PERIODS


def _is_fever(tokens: tuple[Token, ...], position: int, number: float) -> bool:
    celsius = 37.8 <= number <= 41.5
    if not (celsius or 100 < number <= 107):
        return False
    around = {t.text for t in tokens[max(0, position - 6) : position + 5]}
    if around & _WEATHER or _word(tokens, position + 1) in ("pounds", "%", "mph", "miles", "kg"):
        return False
    if "." in tokens[position].text or _word(tokens, position + 1) == "ish":
        return True
    near = {t.text for t in tokens[max(0, position - 4) : position + 3]}
    return bool(near & _HEAT_CUES) and (not celsius or bool(near & {"measured", "temperature"}))


def number_mentions(document: Document) -> list[Mention]:
    """Returns what the numbers of a message mean, as concepts like those of the lexicon.

    Args:
        document: The message.

    Returns:
        Mentions of ``age_minor``, ``age_young``, ``age_50``, ``age_60``, ``age_65``,
        ``age_minor_self``, ``preg_num``, ``temp_high``, ``many`` (six and more of something).
    """
    tokens = document.tokens
    found = []
    position = 0
    while position < len(tokens):
        number, following = _spoken(tokens, position)
        if number is not None:
            if _is_fever(tokens, position, number):
                found.append(Mention("temp_high", position, following))
            elif 0 < number <= 110 and _is_age(tokens, position, following):
                before, after = _word(tokens, position - 1), _word(tokens, following)
                opening = position == 0 and 10 <= number <= 17
                alone = before in _OPENERS and after in _OPENERS | {"and"} and not opening
                own = opening or before in _FIRST_PERSON
                found += [
                    Mention(name, position, following) for name in _age_concepts(number, alone, own)
                ]
            if 4 <= number <= 42 and _is_gestation(tokens, position, following):
                found.append(Mention("preg_num", position, following))
            if 6 <= number <= 200 and float(number).is_integer():
                found.append(Mention("many", position, following))
        position = following
    return found
