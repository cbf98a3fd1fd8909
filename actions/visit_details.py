"""What a patient may add to a booking: an e-mail address, and why they come."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.turns import answer, intent, quietly_read, text
from bot.entities.email import read_email
from bot.entities.yes_no import Answer, read_answer
from bot.store.models import utc_now
from bot.store.records import assessment_since

MAX_REASON = 500
RECENT = timedelta(days=14)
"""Answers to the safety questions that are older tell little of a visit now."""
SKIPPED = False
"""What a slot holds where the patient gave nothing: filled, and empty."""
SHARE, KEEP = "Yes, pass them on", "No, don't"
_SHARED = "Answers to the safety questions, passed on with the patient's consent:"
_SHARED_SAID = "your answers to the safety questions"
_SKIPS = re.compile(
    r"\b(skip|pass|none|nothing|nope|no thank(s| you)|not now|rather not|prefer not|"
    r"(don'?t|do not) (have|use|want|need)|no (e-?mail|reason|comment|note)s?)\b|^\W*n/?a\W*$"
)
# "Nothing helps my sciatica, I don't want surgery" is a reason.
_NO_REASON = re.compile(
    r"\W*((i('?d| would|'?ll)?|no|please|let'?s|can|just|um+|ok(ay)?|sorry|there is|there'?s)\W+)*"
    r"(skip( (this|that|it|the question|one))?|pass( on (this|that|it))?|none|nope|n/?a|not now|"
    r"nothing( (else|special|really|more|much|in particular|to (add|say|tell|know)))*|nah?|"
    r"no thank(s| you)|(rather|prefer) not( to)?( say)?|"
    r"(don'?t|do not) (have|want|need)( (one|any|anything|to|to say|to add|that))*|"
    r"no (particular )?(reason|comment|note)s?)"
    r"(\W+(thanks|thank you|please|for now|now|really))*\W*"
)
_NO_WORDS = 4
# Other wishes, which are never the reason of a visit.
_ELSEWHERE = frozenset(
    {"stop_exercise", "cancel_booking", "change_booking", "check_booking", "talk_to_human",
     "delete_my_data", "export_my_data", "bot_challenge", "ask_privacy", "ask_capabilities",
     "check_progress"}
)  # fmt: skip
_SURE = 0.6


def given_email(tracker: Tracker) -> str | None:
    """Returns the address that a patient gave, or None."""
    return tracker.get_slot("booking_email") or None


def given_reason(tracker: Tracker) -> str | None:
    """Returns why a patient comes, as the clinic reads it, or None."""
    return (tracker.get_slot("booking_reason") or {}).get("text")


def read_back(tracker: Tracker) -> str:
    """Returns the lines of what was added, for the read-back; empty where nothing was."""
    email, reason = given_email(tracker), tracker.get_slot("booking_reason") or {}
    lines = [f"E-mail: {email}"] if email else []
    lines += [f"Reason: {reason['said']}"] if reason else []
    return "".join(f"\n{line}" for line in lines)


def screening_to_share(tracker: Tracker) -> Events:
    """Returns the event that keeps the patient's own answers at hand, to ask whether to share.

    A reason that was given before, in a booking that was put aside, is kept.
    """
    summary = quietly_read(assessment_since, tracker.sender_id, utc_now() - RECENT)
    kept = tracker.get_slot("booking_reason") or None
    return [SlotSet("booking_screening", summary), SlotSet("booking_reason", kept)]


def _skips(tracker: Tracker) -> bool:
    return bool(_SKIPS.search(text(tracker).lower())) or answer(tracker) is Answer.NO


def _gives_no_reason(said: str, given: Answer | None) -> bool:
    if _NO_REASON.fullmatch(said.lower()):
        return True
    # By its sound alone, only a short no is one.
    return given is Answer.NO and (len(said.split()) <= _NO_WORDS or read_answer(said) is Answer.NO)


def take_email(
    dispatcher: CollectingDispatcher, tracker: Tracker, digresses: bool
) -> Events | None:
    """Reads the address, or that there is none.

    Args:
        dispatcher: Takes what is said.
        tracker: The conversation.
        digresses: Whether the message is about something else.
    """
    said = text(tracker)
    email = read_email(said)
    if email:
        return [SlotSet("booking_email", email)]
    if "@" not in said and _skips(tracker):
        return [SlotSet("booking_email", SKIPPED)]
    if digresses or "?" in said:
        return None
    if answer(tracker) is not Answer.YES:
        dispatcher.utter_message(response="utter_booking_email_invalid")
    return [SlotSet("booking_email", None)]


def take_reason(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """Reads why the patient comes: their words, their answers with consent, or nothing."""
    said = " ".join(text(tracker).split())
    name, confidence = intent(tracker)
    summary, given = tracker.get_slot("booking_screening"), answer(tracker)
    if "?" in said or (name in _ELSEWHERE and confidence >= _SURE):
        return None
    if summary and (said == SHARE or given is Answer.YES):
        return [_reason(f"{_SHARED}\n{summary}", _SHARED_SAID)]
    if _gives_no_reason(said, given) or given is Answer.UNSURE:
        return [SlotSet("booking_reason", SKIPPED)]
    if len(said) > MAX_REASON:
        dispatcher.utter_message(response="utter_booking_reason_long")
        return [SlotSet("booking_reason", None)]
    if given is Answer.YES or not any(sign.isalpha() for sign in said):
        return [SlotSet("booking_reason", None)]
    return [_reason(said, said)]


def _reason(for_clinic: str, said: str) -> Any:
    return SlotSet("booking_reason", {"text": for_clinic, "said": said})


class ActionAskBookingReason(Action):
    """Asks whether answers to the safety questions may be passed on, else why the patient comes."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ask_booking_reason"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks; nothing of a screening goes to the clinic's visit without a yes."""
        summary = tracker.get_slot("booking_screening")
        if summary:
            dispatcher.utter_message(response="utter_booking_share", summary=summary)
        else:
            dispatcher.utter_message(response="utter_booking_reason")
        return []
