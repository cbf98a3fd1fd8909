"""Reads phone numbers, typed or spoken, and says them as people write them."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from bot.entities.numbers import DICTATED, TEENS, TENS, UNITS

MAX_TEXT = 400

_TOKEN = re.compile(r"[a-z]+|\d+|[^a-z\d]+")
_ZERO = {"oh": "0", "o": "0"}
_TIMES = {"double": 2, "triple": 3}
_BREAKS = frozenset({"dash", "hyphen", "dot", "period", "then", "and", "space"})
_UNITS = {word: str(value) for word, value in UNITS.items() if word not in ("un", "una")} | _ZERO
_GAP = re.compile(r"[\s.,()/-]{1,4}")
_NANP = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
# Digits that are something else: dates, times, and numbers of a card or a policy.
_OTHER_DIGITS = re.compile(
    r"(?<!\d)\d{1,4}([/.-])\d{1,2}\1\d{2,4}(?!\d)|(?<!\d)\d{1,2}:\d{2}(?!\d)|"
    r"(?<!\d)\d{1,2} ?[ap]\.?m\b|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|"
    r"\b(?:ids?|ssn|social|policy|member|account|acct|claim|card|mrn|case|order|invoice|zip|"
    r"confirmation)\b"
    r"(?:(?!phone|cell|mobile|call)[^\d+]){0,20}[\d][\d -]*"
)
_NOT_MINE = re.compile(
    r"(?:\bnot|\bisn'?t|\bwrong|\bold (?:number|one|phone|cell)(?: (?:is|was))?|\binstead of|"
    r"\bno longer)\W*$"
)
_NO_LONGER = re.compile(r"\W*(?:is|was) (?:wrong|old|not|my old|no longer)\b")
_MORE_BEFORE = re.compile(r"\d[\s.-]?$")
_MORE_BEHIND = re.compile(r"[\s.-]?\d{1,6}(?![\d:]| ?[ap]\.?m|/)")


def read_phone(text: str, region: str = "US") -> str | None:
    """Reads a phone number.

    Args:
        text: The answer to "which number?", the number anywhere in it, typed or spoken.
        region: The country whose number format is assumed without a country code.

    Returns:
        The number in E.164 form (an extension is left out), or None when there is none that can
        exist, and for digits that are a date, a social security or a policy number.
    """
    said = _OTHER_DIGITS.sub(" ; ", _digits(_typed(text)))
    matches = phonenumbers.PhoneNumberMatcher(
        said, region, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=20
    )
    for match in matches:
        if _is_meant(said, match.start, match.end) and _can_exist(match.number):
            return str(
                phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            )
    return None


def spoken_phone(phone: str) -> str:
    """Returns an E.164 number as people of its country write it."""
    parsed = phonenumbers.parse(phone)
    shape = phonenumbers.PhoneNumberFormat
    national = shape.NATIONAL if parsed.country_code == 1 else shape.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, national))


def _typed(text: str) -> str:
    """Brings the signs that people put between digits into the ones that are understood."""
    said = " ".join(unicodedata.normalize("NFKC", text[:MAX_TEXT]).lower().split())[:MAX_TEXT]
    said = re.sub(r"[‐‑‒–—−]", "-", said)
    said = re.sub(r"(?<=\d)[_*·•](?=\d)", "-", said)
    said = re.sub(
        r"(?<![a-z\d])[o\d](?:[-.]?[o\d]){6,}(?![a-z])", lambda m: m[0].replace("o", "0"), said
    )
    return re.sub(r"(?<![\d.-])00(?=[1-9])", "+", re.sub(r"\bplus (?=\d)", "+", said))


def _can_exist(number: phonenumbers.PhoneNumber) -> bool:
    # 555 numbers are not assigned but well formed: possible, not "valid".
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    return number.country_code != 1 or bool(_NANP.fullmatch(str(number.national_number)))


def _is_meant(said: str, start: int, end: int) -> bool:
    """Tells whether a number stands alone and is not named as the wrong one."""
    before, behind = said[:start], said[end:]
    if _MORE_BEFORE.search(before) or _MORE_BEHIND.match(behind):
        return False
    return not _NOT_MINE.search(before[-40:]) and not _NO_LONGER.match(behind)


def _digits(said: str) -> str:
    """Writes spoken numbers as digits where they are as many as a phone number has."""
    tokens = _TOKEN.findall(said)
    written: list[str] = []
    at = 0
    while at < len(tokens):
        digits, length = _run(tokens, at)
        if len(digits) == 10 or (len(digits) == 11 and digits[0] == "1"):
            written.append(digits)
            at += length
        else:
            written.append(tokens[at])
            at += 1
    return "".join(written)


def _run(tokens: list[str], start: int) -> tuple[str, int]:
    """Returns the digits that are spoken from a token on, and how many tokens they take."""
    digits, at, end, spoken = "", start, start, False
    while at < len(tokens) and len(digits) <= 11:
        token = tokens[at]
        if digits and (token in _BREAKS or _GAP.fullmatch(token)):
            at += 1
            continue
        said, length = _spoken(tokens, at, bool(digits))
        if not length:
            break
        spoken = spoken or not token.isdigit()
        digits += said
        at += length
        end = at
    return (digits, end - start) if spoken else ("", 0)


def _spoken(tokens: list[str], at: int, inside: bool) -> tuple[str, int]:
    """Returns the digits of one spoken number and its length in tokens; ("", 0) for other words."""
    token = tokens[at]
    following = tokens[at + 2] if at + 2 < len(tokens) and _GAP.fullmatch(tokens[at + 1]) else ""
    if token.isdigit():
        return token, 1
    if token in _TIMES and following in _UNITS:
        return _UNITS[following] * _TIMES[token], 3
    if token in TENS:
        unit = UNITS.get(following, 0)
        return (str(TENS[token] + unit), 3) if unit else (str(TENS[token]), 1)
    if token in _UNITS and (token not in _ZERO or inside):
        if following in ("hundred", "thousand"):
            return _UNITS[token] + ("00" if following == "hundred" else "000"), 3
        return _UNITS[token], 1
    if token in TEENS:
        return str(TEENS[token]), 1
    is_number = following in _UNITS or following.isdigit()
    return (str(DICTATED[token]), 1) if inside and is_number and token in DICTATED else ("", 0)
