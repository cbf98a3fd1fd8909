"""The screening interview in conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changed_mind import change_in_screen
from actions.forms import Events, FormValidation
from actions.sessions import note_no_ball
from actions.turns import (
    REQUESTED_SLOT,
    active_loop,
    answer_about_danger,
    in_language,
    quietly,
    standing_level,
    text,
    today,
)
from bot.coaching.reading import is_flare
from bot.safety import Urgency
from bot.store.records import record_assessment
from bot.triage.interview import (
    UNCLEAR,
    Disposition,
    disposition,
    next_question,
    question_named,
    reason,
    screen_questions,
    summary,
)

FORM = "screen_form"


def start_screen(purpose: str) -> Events:
    """Returns the events that start the interview anew, for exercise, triage or flare."""
    return [
        ActiveLoop(None),
        SlotSet(REQUESTED_SLOT, None),
        *(SlotSet(question.name, None) for question in screen_questions()),
        SlotSet("after_screen", purpose),
        FollowupAction(FORM),
    ]


def screen_before_exercise() -> dict[str, Any]:
    """Returns the event that lets an interview that is going on end in an exercise."""
    event: dict[str, Any] = SlotSet("after_screen", "exercise")
    return event


def _answers(slots: dict[str, Any]) -> dict[str, str]:
    names = [question.name for question in screen_questions()]
    return {name: slots[name] for name in names if slots.get(name)}


class ActionStartTriage(Action):
    """Answers a description of pain with the danger questions."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_triage"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Starts the interview, unless something else is going on."""
        loop = active_loop(tracker)
        if loop:
            dispatcher.utter_message(response="utter_noted")
            return []
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        if is_flare(text(tracker)):
            return [FollowupAction("action_flare_up")]
        if tracker.get_slot("screened_on") == today():
            dispatcher.utter_message(response="utter_triage_done")
            return []
        dispatcher.utter_message(response="utter_triage_start")
        return start_screen("triage")


class ValidateScreenForm(FormValidation):
    """Reads the answers of the interview.

    Answers that mean danger today never arrive here: the safety policy takes them first.
    """

    form = FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads yes, no, not sure, or one of the question's choices."""
        question = question_named(requested)
        if question is None:
            return None
        without = note_no_ball(dispatcher, tracker)
        if without is not None:
            return without
        changed = change_in_screen(dispatcher, tracker)
        if changed is not None:
            return changed
        said = question.read(text(tracker))
        if said == UNCLEAR:
            return None
        if said is None:
            by_intent = answer_about_danger(tracker)
            said = by_intent.value if by_intent else None
        return None if said is None else [SlotSet(requested, said)]

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the next open question."""
        question = next_question(_answers(slots))
        return question.name if question else None


class ActionScreenDone(Action):
    """Says what the interview ends in, and goes on with what it was for."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_screen_done"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Computes the disposition, acts on it, and gives the patient a summary to take along."""
        answers = _answers(tracker.slots)
        result = disposition(answers)
        quietly(
            record_assessment,
            tracker.sender_id,
            result.level.label,
            result.pathology,
            summary(answers),
        )
        if result.level >= Urgency.PHYSICIAN_SOON:
            return self._urgent(dispatcher, domain, result, answers)
        screened = SlotSet("screened_on", today())
        if tracker.get_slot("after_screen") == "exercise":
            dispatcher.utter_message(response="utter_screen_clear")
            return [screened, FollowupAction("action_start_exercise")]
        if tracker.get_slot("after_screen") == "flare":
            dispatcher.utter_message(response="utter_flare_ease")
            return [screened]
        dispatcher.utter_message(
            response="utter_triage_summary",
            reason=reason(result, answers),
            summary=summary(answers),
        )
        dispatcher.utter_message(response="utter_triage_done")
        return [screened]

    @staticmethod
    def _urgent(
        dispatcher: CollectingDispatcher,
        domain: dict[str, Any],
        result: Disposition,
        answers: dict[str, str],
    ) -> Events:
        general = f"utter_urgent_{result.level.label}"
        specific = f"{general}_{result.pathology}"
        known = specific in (domain.get("responses") or {})
        dispatcher.utter_message(response=specific if known else general)
        if not result.level.is_emergency:  # an emergency instruction stands alone
            dispatcher.utter_message(
                response="utter_triage_summary",
                reason=reason(result, answers),
                summary=summary(answers),
            )
        return [
            SlotSet("urgency", result.level.label),
            SlotSet("urgency_pathology", result.pathology),
        ]
