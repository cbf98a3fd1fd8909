"""What leaves the ball releases out, told at any moment of a conversation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml

from bot.coaching.ball_check import ball_questions
from bot.coaching.ball_facts import (
    OVER,
    ball_facts,
    read_told,
    say_facts,
    standing_facts,
    told_slot,
)
from bot.settings import ROOT

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I take warfarin btw, what's the cost?", "blood_thinner"),
        ("my doctor put me on eliquis last week and my back hurts", "blood_thinner"),
        ("no numbness but I take plavix", "blood_thinner"),
        ("is the ball ok on warfarin?", "blood_thinner"),
        ("they found an aneurysm in my belly last year", "aneurysm"),
        ("I have osteoporosis, is the bridge ok?", "weak_bones"),
        ("not sure if i have osteoporosis", "weak_bones"),
        ("I had a hip replacement 3 years ago, can you book me?", "new_hip"),
        ("i broke my hip last month", "fracture"),
        ("compression fracture L1 two months ago", "fracture"),
        ("can i do the ball release with a pacemaker", "implant"),
        ("I have a hernia", "hernia"),
        ("I had surgery on my back 3 weeks ago", "surgery"),
        ("I'm 20 weeks pregnant", "pregnant"),
        ("i can't lie on my stomach", "prone"),
        ("blood clot in my leg years ago", "clot"),
    ],
)
def test_what_is_told_is_kept(text: str, fact: str) -> None:
    assert read_told(text, TODAY) == {fact: TODAY.isoformat()}
    kept = standing_facts({told_slot(fact): TODAY.isoformat()}, TODAY)
    assert [known.name for known in kept] == [fact]


@pytest.mark.parametrize(
    "text",
    [
        "my mom takes warfarin", "what is osteoporosis?", "do blood thinners cause back pain?",
        "I have a herniated disc", "I have a disc hernia", "she is pregnant",
        "will i need a hip replacement", "if you have osteoporosis can you do it",
        "I had knee surgery", "my husband had an aneurysm but i'm fine", "my back is killing me",
        "heard blood thinners are bad", "let's do the ball release",
    ],
)  # fmt: skip
def test_what_others_have_or_a_question_is_not(text: str) -> None:
    assert read_told(text, TODAY) == {}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I don't take blood thinners", "blood_thinner"),
        ("I stopped taking warfarin last month", "blood_thinner"),
        ("no hernia", "hernia"),
        ("I'm not pregnant", "pregnant"),
    ],
)
def test_what_is_over_or_denied_takes_it_back(text: str, fact: str) -> None:
    told = read_told(text, TODAY)
    if fact == "pregnant":  # nothing is told, so nothing stands
        assert told.get(fact, OVER) == OVER
        return
    assert told == {fact: OVER}
    assert standing_facts({told_slot(fact): OVER}, TODAY) == ()


def test_what_heals_counts_for_its_weeks() -> None:
    slots = {"told_surgery": TODAY.isoformat(), "told_new_hip": TODAY.isoformat()}
    names = [
        [fact.name for fact in standing_facts(slots, TODAY + timedelta(weeks=weeks))]
        for weeks in (11, 12)
    ]
    assert names == [["surgery", "new_hip"], ["new_hip"]]


def test_facts_belong_to_questions_and_have_their_slots() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for fact in ball_facts():
        assert fact.question in ball_questions()
        name = told_slot(fact.name)
        assert name in domain["entities"]
        assert domain["slots"][name]["mappings"] == [{"type": "from_entity", "entity": name}]
    assert say_facts(ball_facts()[3:5]) == "you take a blood thinner and you bleed easily"
