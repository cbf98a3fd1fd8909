"""Danger signs come before everything else, whatever form or exercise is active.

The policy only carries the decision of ``bot.safety.reaction`` into the dialogue engine. An
active form's own prediction overrules every other policy in Rasa unless it, too, is marked as a
prediction without user input; then priority decides.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.entities.language import is_spanish
from bot.entities.yes_no import Answer, read_answer
from bot.policies.abstaining import AbstainingPolicy
from bot.replies import first_known, urgent_names
from bot.safety import Screening, Urgency
from bot.safety.reaction import RELEASING_INTENTS, Message, Reaction, Standing, react
from bot.triage.interview import question_named

URGENCY, PATHOLOGY, ASKED, ASKED_LEVEL, ASKED_AGAIN, RELEASING = (
    "urgency", "urgency_pathology", "sign_asked", "sign_asked_level", "sign_asked_again",
    "urgency_releasing",
)  # fmt: skip
# Below this an answer is taken from its words alone: the question is asked again, not guessed.
CONFIDENT = 0.8
FEW_WORDS = 6
HOLD = "utter_hold"
SIGN_CLEARED = "utter_sign_cleared"
BOOKING_ACTION, BOOKING_FORM = "action_start_booking", "booking_form"
FLARE_ACTION = "action_flare_up"
RELEASE_ACTION = "action_release_urgency"
URGENT, ASK_SIGN = "utter_urgent_", "utter_ask_sign_"
SPOKEN = (URGENT, HOLD, ASK_SIGN, "utter_release_check_")
# A no counts in plain words only: the model reads "nexxt" and "no wait" as one, and a question
# about danger must not be closed by a guess.
_ANSWER_OF_INTENT = {"affirm": Answer.YES, "unsure": Answer.UNSURE}


def standing_of(tracker: DialogueStateTracker) -> Standing:
    """Returns what stands in a conversation, from its slots."""
    return Standing(
        level=Urgency.of(tracker.get_slot(URGENCY)),
        pathology=tracker.get_slot(PATHOLOGY),
        asked=tracker.get_slot(ASKED),
        asked_level=Urgency.of(tracker.get_slot(ASKED_LEVEL)),
        asked_again=bool(tracker.get_slot(ASKED_AGAIN)),
        releasing=tracker.get_slot(RELEASING),
    )


def _changes(tracker: DialogueStateTracker, standing: Standing) -> list[Event]:
    wanted = {
        URGENCY: standing.level.label if standing.level else None,
        PATHOLOGY: standing.pathology,
        ASKED: standing.asked,
        ASKED_LEVEL: standing.asked_level.label if standing.asked_level else None,
        ASKED_AGAIN: standing.asked_again or None,
        RELEASING: standing.releasing,
    }
    return [SlotSet(k, value) for k, value in wanted.items() if tracker.get_slot(k) != value]


def _broke_off_booking(tracker: DialogueStateTracker) -> bool:
    """Tells whether the instruction before the answer broke off a booking that may go on now.

    An emergency comes before any booking, whatever its question was answered with.
    """
    level = standing_of(tracker).level
    if level < Urgency.PHYSICIAN_SOON or level.is_emergency:
        return False
    messages, ended = 0, False
    for event in reversed(tracker.events):
        messages += isinstance(event, UserUttered)
        if not isinstance(event, ActiveLoop):
            continue
        if ended:
            return bool(event.name == BOOKING_FORM)
        if messages != 1 or event.name is not None:
            return False
        ended = True
    return False


def _told_of_a_flare(tracker: DialogueStateTracker) -> bool:
    """Tells whether what was asked about, and cleared, was pain that got worse."""
    if standing_of(tracker).level >= Urgency.PHYSICIAN_SOON:
        return False
    said = [event for event in tracker.events if isinstance(event, UserUttered)]
    return len(said) > 1 and said[-2].intent.get("name") == "pain_increased"


def _after_cleared(tracker: DialogueStateTracker) -> str:
    """Returns what follows a no to a direct question outside every form."""
    if _broke_off_booking(tracker):
        return BOOKING_ACTION
    return FLARE_ACTION if _told_of_a_flare(tracker) else ACTION_LISTEN_NAME


def _in_spanish(tracker: DialogueStateTracker) -> bool:
    """Tells whether to answer in Spanish: the message is, or it is a word to a Spanish question."""
    text = (tracker.latest_message.text if tracker.latest_message else None) or ""
    if is_spanish(text):
        return True
    if len(text.split()) > FEW_WORDS:
        return False
    said = (e for e in reversed(tracker.events) if isinstance(e, BotUttered))
    last = next(said, None)
    return last is not None and str(last.metadata.get("utter_action") or "").endswith("_es")


def _message(tracker: DialogueStateTracker) -> Message:
    latest = tracker.latest_message
    text = latest.text or ""
    found = latest.parse_data.get("safety") or {}
    intent = latest.intent.get("name")
    confident = latest.intent.get("confidence", 0.0) >= CONFIDENT
    answer = read_answer(text) or (_ANSWER_OF_INTENT.get(intent) if confident else None)
    level, pathology = Urgency.NONE, None
    question = question_named(tracker.get_slot(REQUESTED_SLOT))
    if question and tracker.active_loop_name:
        said = question.read(text) or (answer.value if answer else "")
        level, pathology = question.level(said), question.suspected(said)
    screening = Screening(
        Urgency.of(found.get("level")),
        found.get("pathology"),
        found.get("ask"),
        Urgency.of(found.get("ask_level")),
    )
    if intent in RELEASING_INTENTS and not found.get("by_rules", True):
        # "I went to the ER, they checked me" tells of a sign, not of a new one: only the rules,
        # which know what is over, may hear one in it.
        screening = Screening()
    return Message(
        screening,
        intent,
        answer,
        level,
        pathology,
    )


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True
)
class SafetyPolicy(AbstainingPolicy):
    """Predicts the safety reaction to the newest message, and nothing else."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default config: a priority above every policy of Rasa's own."""
        return {"priority": 10}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the action that safety demands now, or abstains."""
        if not tracker.latest_message or not tracker.latest_message.text:
            return self._prediction(self._default_predictions(domain))
        action = tracker.latest_action_name or ""
        if action == ACTION_LISTEN_NAME:
            reaction = react(_message(tracker), standing_of(tracker))
            if reaction:
                return self._speak(reaction, tracker, domain)
            forgotten = self._forgotten_question(tracker)
            return self._prediction(self._default_predictions(domain), events=forgotten)
        if action.startswith(URGENT) and tracker.get_slot(ASKED):
            asked = [f"{ASK_SIGN}{tracker.get_slot(ASKED)}"]
            spanish = _in_spanish(tracker)
            return self._force(first_known(asked, domain.action_names_or_texts, spanish), domain)
        cleared = action.startswith(SIGN_CLEARED) and not tracker.active_loop_name
        if cleared:
            return self._force(_after_cleared(tracker), domain)
        if action.startswith(SPOKEN):
            return self._force(ACTION_LISTEN_NAME, domain)
        if self._owes_reminder(tracker):
            return self._force(HOLD, domain)
        return self._prediction(self._default_predictions(domain))

    def _speak(
        self, reaction: Reaction, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        if reaction.say == "release":
            return self._force(RELEASE_ACTION, domain)
        denied = tracker.get_slot(ASKED)
        known = domain.action_names_or_texts
        name = response_name(reaction, known, _in_spanish(tracker), denied)
        events = _changes(tracker, reaction.standing)
        if reaction.ends_flow and tracker.active_loop_name:
            events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        return self._force(name, domain, events)

    def _forgotten_question(self, tracker: DialogueStateTracker) -> list[Event]:
        """Drops a direct question or a release that this message went past."""
        if tracker.get_slot(ASKED) or tracker.get_slot(RELEASING):
            return [SlotSet(name, None) for name in (ASKED, ASKED_LEVEL, ASKED_AGAIN, RELEASING)]
        return []

    def _owes_reminder(self, tracker: DialogueStateTracker) -> bool:
        """Tells whether an emergency stands and this turn's answer has not repeated it yet."""
        if not standing_of(tracker).level.is_emergency:
            return False
        for event in reversed(tracker.events):
            if isinstance(event, ActionExecuted):
                if event.action_name == ACTION_LISTEN_NAME:
                    return True
                if (event.action_name or "").startswith((*SPOKEN, RELEASE_ACTION)):
                    return False
        return True

    def _force(
        self, action: str, domain: Domain, events: list[Event] | None = None
    ) -> PolicyPrediction:
        return PolicyPrediction(
            self.probabilities_of(action, 1.0, domain),
            self.__class__.__name__,
            self.priority,
            optional_events=events or [],
            is_no_user_prediction=True,
        )


def response_name(
    reaction: Reaction, known: list[str], spanish: bool = False, denied: str | None = None
) -> str:
    """Returns the response that says a reaction, the most specific one that exists.

    Args:
        reaction: What to say.
        known: The names of all responses.
        spanish: Whether the message was in Spanish; its words go before English ones.
        denied: The direct question that stood before the message, which a no answers.
    """
    standing = reaction.standing
    if reaction.say == "ask_sign":
        return first_known([f"{ASK_SIGN}{standing.asked}"], known, spanish)
    if reaction.say == "release_check":
        return first_known([f"utter_release_check_{standing.releasing}"], known, spanish)
    if reaction.say == "urgent":
        return first_known(urgent_names(standing.level.label, standing.pathology), known, spanish)
    if reaction.say == "sign_cleared":
        return first_known([f"{SIGN_CLEARED}_{denied}", SIGN_CLEARED], known, spanish)
    return first_known([HOLD], known, spanish)
