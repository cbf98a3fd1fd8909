"""Starts exercises and answers in them, for tests of the actions that coach."""

from __future__ import annotations

from typing import Any

from actions.coached_steps import ValidateCoachingForm
from actions.coaching import ActionStartExercise
from actions.turns import today
from bot.coaching.ball_check import ball_questions
from bot.coaching.state import Session
from bot.store.records import export_patient
from tests.actions.turning import SENDER, Outcome, run

FORM = "coaching_form"
BRIDGE = "long_bridge"
SCREENED = {"screened_on": today()}
BALLS_FINE = {"ball_checked_on": today(), **dict.fromkeys(ball_questions(), "no")}


def start(exercise: str | None = BRIDGE, **more: Any) -> Outcome:
    entities = {"exercise": exercise} if exercise else {}
    text = more.pop("text", "let's exercise")
    return run(ActionStartExercise(), text, "start_exercise", entities=entities, **more)


def coach(text: str, session: Session, intent: str = "nlu_fallback", **more: Any) -> Outcome:
    given = more.pop("slots", BALLS_FINE)
    slots = {**SCREENED, **given, "coaching": session.as_dict(), "requested_slot": "coach_reply"}
    return run(ValidateCoachingForm(), text, intent, slots=slots, loop=FORM, **more)


def logged() -> list[Any]:
    rows: Any = export_patient(SENDER)["exercise_sessions"]
    return [(r["exercise"], r["outcome"], r["pain_before"], r["pain_after"]) for r in rows]
