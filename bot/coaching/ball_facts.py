"""What a patient tells, at any moment, that leaves the ball releases out.

The ball questions ask for it before the exercise; somebody who told of a blood thinner last week
is not to be pressed on the belly because a "no" slipped out today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.entities.plain import plain
from bot.yaml_text import read_yaml

OVER = "over"
"""What is told of a fact that is over, or was never true."""
_CLAUSE = re.compile(r"[.;!?\n]+|,? (?:but|however|although|though)\b|, (?=i\b|i'|my |we )")
_FIRST = re.compile(r"\b(?:i|i'?m|i'?ve|i'?d|my|me|mine|we|we'?re|our)\b")
_NEGATED = re.compile(
    r"\b(?:no|not|never|without|don'?t|doesn'?t|didn'?t|isn'?t|haven'?t|hasn'?t|aren'?t|nor|"
    r"neither|none)\b(?! (?:sure|only|just|certain)\b)(?: \w+'?\w*){0,5}\W*$"
)
_ENDED = re.compile(
    r"\b(?:used to|stopped|no longer|any ?more|came off|went off|got off|quit|finished)\b"
)
_PEOPLE = (
    r"(?:mom|mum|mother|dad|father|wife|husband|partner|sister|brother|son|daughter|friend|"
    r"grand\w+|aunt|uncle|cousin|neighbou?r|boss|cat|dog|girlfriend|boyfriend|in ?laws?)"
)
_OTHERS = re.compile(
    rf"\b(?:my|his|her|our|their|a) (?:\w+ )?{_PEOPLE}\b|\b(?:he|she|he's|she's|someone|somebody|"
    r"people|patients|folks|anyone|they (?:take|have|had))\b|\bif you\b"
)
_ASKS = re.compile(
    r"\W*(?:(?:and|so|ok|btw|hi|hey) )*(?:what|how|why|do|does|can|could|is|are|will|would|should|"
    r"if)\b"
)
# "Is the ball ok on warfarin?" asks for oneself all the same.
_APPLIES = re.compile(r"\b(?:on|with|after|having|despite)(?: (?:a|an|the))?\W*$")
_NOT_HAD = re.compile(
    r"\b(?:need(?:ed|ing|s)?|get(?:ting)?|about|avoid|prevent|risk of|causes?|lead to|instead of|"
    r"heard|heard that|read that|worried about|afraid of|scared of|history of|runs in|"
    r"is (?:a|an)|means?|called|before)"
    r"(?: (?:a|an|the|my|having|getting))?\W*$"
)


@dataclass(frozen=True)
class Fact:
    """Something that leaves the ball releases out.

    Attributes:
        name: Its name.
        question: The ball question that asks for it.
        says: How it is said back to the patient, behind "You told me that".
        weeks: For how long it counts, or None for ever.
        ends: Whether "I stopped" and "no longer" end it.
        pattern: The words that name it.
    """

    name: str
    question: str
    says: str
    weeks: int | None
    ends: bool
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def ball_facts() -> tuple[Fact, ...]:
    """Returns the facts of ``ball_check.yml``."""
    text = resources.files("bot.coaching").joinpath("ball_check.yml").read_text(encoding="utf-8")
    return tuple(
        Fact(
            entry["fact"],
            entry["question"],
            entry["says"],
            entry.get("weeks"),
            entry.get("ends", False),
            re.compile("|".join(f"(?:{pattern})" for pattern in entry["patterns"])),
        )
        for entry in read_yaml(text)["told"]
    )


def told_slot(fact: str) -> str:
    """Returns the name of the slot, and of the entity, that keeps what was told of a fact."""
    return f"told_{fact}"


def read_told(text: str, today: date) -> dict[str, str]:
    """Reads what a message tells of things that leave the ball releases out.

    Args:
        text: The message.
        today: The day, from which on it counts.

    Returns:
        For each fact that it tells something of: the day in ISO form, or ``OVER``.
    """
    found: dict[str, str] = {}
    for clause in _CLAUSE.split(plain(text)):
        for fact in ball_facts():
            match = fact.pattern.search(clause)
            holds = _holds(fact, clause, match) if match else None
            if holds:
                found[fact.name] = today.isoformat()
            elif holds is False:
                found.setdefault(fact.name, OVER)
    return found


def _holds(fact: Fact, clause: str, match: re.Match[str]) -> bool | None:
    """Tells whether a clause tells of a fact (True), denies it (False), or neither (None)."""
    before = clause[: match.start()]
    if _OTHERS.search(before) or _NOT_HAD.search(before):
        return None
    if fact.ends and _ENDED.search(clause):
        return False
    if _NEGATED.search(before):
        return False
    asks = _ASKS.match(clause) and not _FIRST.search(clause)
    return None if asks and not _APPLIES.search(before) else True


def standing_facts(slots: Mapping[str, Any], today: date) -> tuple[Fact, ...]:
    """Returns the facts that were told and still count.

    Args:
        slots: The conversation's slots.
        today: The present day.
    """
    told = ((fact, str(slots.get(told_slot(fact.name)) or OVER)) for fact in ball_facts())
    return tuple(fact for fact, on in told if on != OVER and _counts(fact, on, today))


def _counts(fact: Fact, on: str, today: date) -> bool:
    return fact.weeks is None or today < date.fromisoformat(on) + timedelta(weeks=fact.weeks)


def say_facts(facts: tuple[Fact, ...]) -> str:
    """Returns facts in words: "you take a blood thinner and you have a hernia"."""
    return " and ".join(fact.says for fact in facts)
