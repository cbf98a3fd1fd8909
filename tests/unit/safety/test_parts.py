"""The parts that the detector is made of."""

import subprocess
import sys

import pytest

from bot.safety.document import read
from bot.safety.lexicon import Lexicon, lexicon, load_yaml
from bot.safety.numbers import number_mentions
from bot.safety.patterns import parse
from bot.safety.signs import facts, signs
from bot.safety.spelling import spelling


def _words(text: str) -> list[str]:
    return [token.text for token in read(text).tokens]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can't  PEE!", ["i", "cant", "pee", "."]),
        ("I can not pee", ["i", "cant", "pee"]),
        ("cnt w/out mum", ["cant", "without", "mom"]),
        ("Niño cayó", ["nino", "cayo"]),
        ("numb comma weak comma period", ["numb", ",", "weak", ",", "."]),
        ("my bladdr", ["my", "bladder"]),
        ("the ladder", ["the", "ladder"]),
        ("fewer", ["fewer"]),
    ],
)
def test_reading(text: str, words: list[str]) -> None:
    assert _words(text) == words


def test_tokens_know_their_place() -> None:
    text = "Ünd I gonna pee’d myself"
    document = read(text)
    for token in document.tokens:
        assert text[token.start : token.end]
    assert text[document.tokens[-1].start : document.tokens[-1].end] == "myself"


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("wet _2 bed", "i wet the whole bed", True),
        ("wet _2 bed", "i wet the very big old bed", False),
        ("my? leg|arm", "leg", True),
        ("numb*", "numbness", True),
        ("lost all+my feeling", "lost all my feeling", True),
        ("$side leg", "left leg", True),
        ("took # pills", "took 9 pills", True),
        ("a _3 b", "a . b", False),
    ],
)
def test_phrases(phrase: str, text: str, found: bool) -> None:
    mentions = Lexicon({"x": phrase}, {"side": "left|right"}).find(read(text))
    assert bool(mentions) is found


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("I'm 15", "age_minor_self"),
        ("my dad is 81", "age_65"),
        ("62F", "age_60"),
        ("she is seventy eight.", "age_65"),
        ("temp 101.5", "temp_high"),
        ("38.6 fever", "temp_high"),
        ("34w and no kicks", "preg_num"),
    ],
)
def test_numbers(text: str, concept: str) -> None:
    assert concept in {mention.concept for mention in number_mentions(read(text))}


@pytest.mark.parametrize(
    "text",
    ["I'm 15 minutes late", "I am 80% better", "102 in austin today", "I'm 10 days out", "16 reps"],
)
def test_numbers_that_mean_nothing(text: str) -> None:
    named = {mention.concept for mention in number_mentions(read(text))}
    assert named <= {"many", "preg_num"}


@pytest.mark.parametrize("source", ["a & b > c", "-x", ""])
def test_bad_patterns_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match="not a pattern"):
        parse(source)


def test_every_concept_that_the_signs_name_exists() -> None:
    numbers = {
        "age_minor", "age_young", "age_50", "age_60", "age_65", "age_minor_self", "preg_num",
        "temp_high", "many",
    }  # fmt: skip
    known = lexicon().concepts | numbers | {fact.name for fact in facts()}
    for owner in (*signs(), *facts()):
        for pattern in owner.patterns + getattr(owner, "unclear", ()):
            assert pattern.concepts <= known, (owner.name, pattern.source)


def test_shorthand_is_applied_once() -> None:
    rules = spelling()
    for variant, meant in rules.shorthand.items():
        assert variant not in meant, variant


def test_import_opens_no_file_and_no_engine() -> None:
    code = (
        "import sys, builtins; opened=[]; real=builtins.open\n"
        "import yaml, rapidfuzz.process\n"
        "from importlib import resources\n"
        "import bot.safety\n"
        "from bot.safety import lexicon, signs, spelling\n"
        "assert lexicon.lexicon.cache_info().currsize == 0\n"
        "assert signs._data.cache_info().currsize == 0\n"
        "assert spelling.spelling.cache_info().currsize == 0\n"
        "assert not {'rasa','sanic','spacy','tensorflow'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_assertion_rules_name_what_exists() -> None:
    data = load_yaml("assertion.yml")
    named = {sign.name for sign in signs()} | {sign.pathology for sign in signs()}
    named |= {fact.name for fact in facts()}
    used = {other for cue in data["cues"].values() for other in cue.get("not_inside", ())}
    for rule in data["rules"]:
        assert set(rule.get("not_for", [])) | set(rule.get("only_for", [])) <= named, rule
        for key in ("cues", "stops", "unless", "unless_anywhere"):
            used |= set(rule.get(key, ()))
    assert used == set(data["cues"])
