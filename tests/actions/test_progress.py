"""How the patient is doing, in conversation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import time_machine

from actions.progress import ActionCheckProgress
from bot.coaching.plan import Plan
from bot.patient import agree
from bot.store.records import record_exercise
from tests.actions.turning import SENDER, run

NOON = datetime(2026, 3, 4, 18, tzinfo=timezone.utc)  # a Wednesday, noon in Chicago
BRIDGE = "long_bridge"


def _did(*sessions: tuple[int, int | None, int | None]) -> None:
    """Logs sessions: days ago, pain before, pain after."""
    for ago, before, after in sessions:
        with time_machine.travel(NOON - timedelta(days=ago), tick=False):
            record_exercise(SENDER, BRIDGE, "finished", before, after)


def _said(**more: Any) -> list[dict[str, Any]]:
    with time_machine.travel(NOON, tick=False):
        return run(ActionCheckProgress(), "how am I doing", "check_progress", **more).messages


def _names(messages: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in messages]


def test_nothing_yet(store: Any) -> None:
    assert _names(_said()) == ["utter_progress_none"]
    record_exercise("web-2", BRIDGE, "finished", 1, 1)
    record_exercise(SENDER, BRIDGE, "stopped", 5, 7)
    assert _names(_said()) == ["utter_progress_none"]


def test_numbers_and_the_table(store: Any) -> None:
    _did((1, 6, 4))
    record_exercise("web-2", BRIDGE, "finished", 1, 1)
    message, cheer = _said()
    assert message["response"] == "utter_progress"
    assert cheer["response"] == "utter_progress_every_bit"
    assert (message["finished"], message["days"], message["recent_days"]) == (1, 1, "1 day")
    assert (message["first_pain"], message["last_pain"]) == (6, 4)
    custom = message["custom"]
    assert custom["type"] == "progress"
    assert custom["rows"] == [["Tue, Mar 3", "Long bridge", "6", "4"]]
    assert custom["chart"] == "/chat/progress.png", "no token in the address"
    assert "exercise was 6" in custom["alt"]


def test_without_scores_nothing_is_said_of_them(store: Any) -> None:
    _did((1, None, None))
    assert _names(_said()) == ["utter_progress_no_scores", "utter_progress_every_bit"]


def test_plan_is_told_before_anything_was_done(store: Any) -> None:
    plan = Plan(frozenset((0, 2)), time(19), date(2026, 2, 1), "America/Chicago")
    agree(SENDER, "web", plan, NOON)
    told, nothing_yet = _said()
    assert (told["response"], told["reminder_when"]) == (
        "utter_progress_plan_only", "Monday and Wednesday at 7 pm",
    )  # fmt: skip
    assert nothing_yet["response"] == "utter_progress_none"


def test_plan_and_streak(store: Any) -> None:
    _did((8, 4, 4), (1, 4, 4))
    plan = Plan(frozenset((0, 2)), time(19), date(2026, 2, 1), "America/Chicago")
    agree(SENDER, "web", plan, NOON)
    numbers, planned, streak = _said()
    assert numbers["response"] == "utter_progress"
    assert planned["reminder_when"] == "Monday and Wednesday at 7 pm"
    assert (planned["recent_days"], planned["planned_days"]) == ("1 day", 2)
    assert (streak["response"], streak["streak"]) == ("utter_progress_streak", 2)


@pytest.mark.parametrize(
    ("pains", "name"), [((6, 4), "better"), ((4, 4), "same"), ((4, 6), "worse")]
)
def test_two_weeks_lead_to_something(store: Any, pains: tuple[int, int], name: str) -> None:
    before, now = pains
    _did((10, before, 3), (8, before, 3), (3, now, 3), (1, now, 3))
    with time_machine.travel(NOON, tick=False):
        outcome = run(ActionCheckProgress(), slots={"screened_on": "2026-03-04"})
    assert outcome.said[-1] == f"utter_progress_{name}"
    screened = outcome.slots.get("screened_on", "2026-03-04")
    assert (screened is None) == (name == "worse"), "worse asks the safety questions anew"


@pytest.mark.parametrize("more", [{}, {"loop": "coaching_form"}, {"slots": {"urgency": "er_now"}}])
def test_pain_that_rises_is_not_praised(store: Any, more: dict[str, Any]) -> None:
    _did((10, 3, 3), (8, 3, 3), (3, 7, 7), (1, 8, 8))
    said = _names(_said(**more))
    assert said[0] == "utter_progress"
    assert not {"utter_progress_streak", "utter_progress_every_bit"} & set(said)
    assert said[1:] == ([] if more else ["utter_progress_worse"])


def test_pain_that_rises_within_days_is_not_praised_either(store: Any) -> None:
    _did((2, 3, 4), (1, 6, 8))
    assert _names(_said()) == ["utter_progress", "utter_progress_risen"]


@pytest.mark.parametrize("more", [{"slots": {"urgency": "er_now"}}, {"loop": "coaching_form"}])
def test_advice_waits_while_something_else_comes_first(store: Any, more: dict[str, Any]) -> None:
    _did((10, 6, 3), (8, 6, 3), (3, 4, 3), (1, 4, 3))
    assert not [name for name in _names(_said(**more)) if name.endswith("better")]
