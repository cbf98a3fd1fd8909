"""How the patient is doing, in conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.turns import active_loop, now, standing_level
from bot.coaching.plan import Advice, Plan, advice
from bot.coaching.progress import Progress, in_words, progress, table
from bot.patient import plan_of, record_of, say_plan
from bot.safety import Urgency

CHART = "/chat/progress.png"
_LEAST_STREAK = 2


class ActionCheckProgress(Action):
    """Says what the patient has done so far, and what two weeks of pain scores lead to."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_check_progress"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Reads the record and the plan."""
        record, plan = record_of(tracker.sender_id), plan_of(tracker.sender_id)
        done = progress(record, now().date(), plan)
        if not done.finished:
            if plan:
                when = say_plan(plan, now().date())
                dispatcher.utter_message(response="utter_progress_plan_only", reminder_when=when)
            dispatcher.utter_message(response="utter_progress_none")
            return []
        _say_numbers(dispatcher, done)
        dispatcher.messages[-1]["custom"] = {
            "type": "progress",
            **table(record),
            "chart": CHART,
            "alt": in_words(record),
        }
        if plan:
            _say_plan(dispatcher, done, plan)
        if not done.is_rising:
            # Praise, in the face of pain that rises, would tell the patient not to mind it.
            _cheer(dispatcher, done)
        if active_loop(tracker) or standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            return []
        return _say_advice(dispatcher, done)


def _cheer(dispatcher: CollectingDispatcher, done: Progress) -> None:
    if done.streak >= _LEAST_STREAK:
        dispatcher.utter_message(response="utter_progress_streak", streak=done.streak)
    elif done.trend is None:
        dispatcher.utter_message(response="utter_progress_every_bit")


def _say_numbers(dispatcher: CollectingDispatcher, done: Progress) -> None:
    scored = done.first_pain is not None
    dispatcher.utter_message(
        response="utter_progress" if scored else "utter_progress_no_scores",
        finished=done.finished,
        days=done.days,
        recent_days=_days(done.recent_days),
        first_pain=done.first_pain,
        last_pain=done.last_pain,
    )


def _say_plan(dispatcher: CollectingDispatcher, done: Progress, plan: Plan) -> None:
    dispatcher.utter_message(
        response="utter_progress_plan",
        reminder_when=say_plan(plan, now().date()),
        recent_days=_days(done.recent_days),
        planned_days=done.planned_days,
    )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _say_advice(dispatcher: CollectingDispatcher, done: Progress) -> Events:
    """Says what the trend leads to; worse means that the safety questions are asked anew."""
    if done.trend is None:
        if done.is_rising:
            dispatcher.utter_message(response="utter_progress_risen")
        return []
    dispatcher.utter_message(response=f"utter_progress_{done.trend.value}")
    return [SlotSet("screened_on", None)] if advice(done.trend) is Advice.SCREEN else []
