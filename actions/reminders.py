"""The plan and its reminders in conversation."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events, FormValidation
from actions.turns import (
    REQUESTED_SLOT,
    active_loop,
    answer,
    in_language,
    intent,
    logger,
    now,
    standing_level,
    text,
)
from bot.clinic import clinic
from bot.coaching.plan import Plan, is_quiet_time, next_due, say_day
from bot.entities.calendar_days import PastDateError
from bot.entities.schedule import Wish, excepted, read_pause, read_wish
from bot.entities.yes_no import Answer
from bot.patient import agree, as_plan, next_reminder, plan_of, say_moment, say_plan, snooze
from bot.safety import Urgency
from bot.store.reminders import skip_days, stop_reminders

FORM, REPLY, DRAFT = "reminder_form", "reminder_reply", "reminder_draft"
SNOOZE = timedelta(hours=1)
_NEXT_DAY = time(9)  # "snooze until tomorrow"
_LATER = re.compile(r"\bsnooze\b|\b(later|l8r)\b(?! (in|on|at)\b)")
_MOVES = re.compile(r"\b(move|change|switch|shift|update|come|make|set)\b")
_IN_A_WHILE = re.compile(r"\bin (?:an?|half an|\w+) ?(?:h|hrs?|hours?|min(?:ute)?s?)\b", re.I)
_BUT = re.compile(r"\b(but|except|change|instead|actually|not|make it|rather)\b")
# Messages with these intents are never an answer, whatever days or hours they name.
_NEVER = frozenset(
    {"cancel_reminder", "stop_exercise", "delete_my_data", "export_my_data", "talk_to_human",
     "cancel_booking", "check_booking", "check_progress", "ask_privacy", "bot_challenge"}
)  # fmt: skip
# With these, a message that names neither day nor time may still be a try at an answer.
_MAYBE = frozenset({"set_reminder", "affirm", "deny", "unsure", "nlu_fallback", "report_pain"})
_SURE = 0.6


def _channel(tracker: Tracker) -> str:
    return tracker.get_latest_input_channel() or "web"


def _draft(tracker: Tracker) -> dict[str, Any]:
    return dict(tracker.get_slot(DRAFT) or {})


def _with(draft: dict[str, Any], wish: Wish) -> dict[str, Any]:
    """Returns the draft with what a message said put in."""
    merged = {**draft, "wrong": False}
    if wish.days:
        merged |= {"days": sorted(wish.days), "on": None}
    elif wish.on:
        merged |= {"days": None, "on": wish.on.isoformat()}
    if wish.at:
        merged["at"] = f"{wish.at:%H:%M}"
    if wish.starts_on:
        merged["starts"] = wish.starts_on.isoformat()
    if wish.time_zone:
        merged["zone"] = wish.time_zone
    return merged


def _of(plan: Plan) -> dict[str, Any]:
    """Returns the draft that a plan is."""
    return {
        "days": sorted(plan.days),
        "at": f"{plan.at:%H:%M}",
        "starts": plan.starts_on.isoformat(),
        "zone": plan.time_zone,
    }


def _plan(draft: dict[str, Any]) -> Plan | None:
    """Returns the plan of a draft; None while days or time are open."""
    if not draft.get("at") or not (draft.get("days") or draft.get("on")):
        return None
    at, zone = time.fromisoformat(draft["at"]), draft.get("zone") or clinic().time_zone
    if draft.get("on"):
        return Plan.once(date.fromisoformat(draft["on"]), at, zone)
    starts = draft.get("starts")
    first = date.fromisoformat(starts) if starts else now().astimezone(ZoneInfo(zone)).date()
    return Plan(frozenset(draft["days"]), at, first, zone)


def _checked(dispatcher: CollectingDispatcher, draft: dict[str, Any]) -> dict[str, Any]:
    """Returns the draft without what cannot be, and says why."""
    if draft.get("at") and is_quiet_time(time.fromisoformat(draft["at"])):
        dispatcher.utter_message(response="utter_reminder_quiet")
        return {**draft, "at": None}
    plan = _plan(draft)
    if plan and next_due(plan, now()) is None:
        dispatcher.utter_message(response="utter_booking_time_past")
        return {**draft, "at": None, "on": None}
    return draft


def _read(dispatcher: CollectingDispatcher, said: str, draft: dict[str, Any]) -> Wish | None:
    """Reads days and time; says why where a day cannot be, and returns None."""
    present = draft.get("at")
    try:
        return read_wish(said, now(), time.fromisoformat(present) if present else None)
    except ValueError as error:
        past = isinstance(error, PastDateError)
        response = "utter_booking_time_past" if past else "utter_booking_time_impossible"
        dispatcher.utter_message(response=response)
        return None


def _ask(draft: dict[str, Any]) -> Events:
    return [
        ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), SlotSet(DRAFT, draft),
        FollowupAction(FORM),
    ]  # fmt: skip


class ActionSetReminder(Action):
    """Starts a plan with reminders, changes it, or snoozes the next reminder."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_set_reminder"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Takes what the message says, and asks for the rest in the form."""
        loop, said = active_loop(tracker), text(tracker)
        if loop == FORM:
            return []
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        if self._snoozes(said) and _snooze(dispatcher, tracker.sender_id, said):
            return []
        if loop:
            dispatcher.utter_message(response="utter_reminder_not_now")
            return []
        plan = plan_of(tracker.sender_id)
        present = _of(plan) if plan else {}
        wish = _read(dispatcher, said, present)
        if wish is None:
            return _ask({})
        if plan and re.search(r"\b(later|earlier)\b", said.lower()) and not wish.at:
            present["at"] = None
        return _ask(_checked(dispatcher, _with(present, wish)))

    @staticmethod
    def _snoozes(said: str) -> bool:
        lowered = said.lower()
        later = _LATER.search(lowered) and not _MOVES.search(lowered)
        return bool(later or _IN_A_WHILE.search(lowered))


def _snooze(dispatcher: CollectingDispatcher, sender_id: str, said: str) -> bool:
    """Snoozes the next reminder and says when it comes; False where none is active."""
    active = next_reminder(sender_id)
    if active is None:
        return False
    wish = _read(dispatcher, said, {}) or Wish()
    until = now() + SNOOZE
    if wish.on:
        until = datetime.combine(wish.on, wish.at or _NEXT_DAY, tzinfo=until.tzinfo)
    due = snooze(sender_id, until) or until
    when = say_moment(due, now(), active.time_zone)
    dispatcher.utter_message(response="utter_reminder_snoozed", reminder_when=when)
    return True


class ValidateReminderForm(FormValidation):
    """Reads days, time and the confirmation into the draft of the plan."""

    form = FORM
    only_slot = REPLY

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Takes what a message says about the plan, or leaves it to the rules."""
        said, draft = text(tracker), _draft(tracker)
        name, confidence = intent(tracker)
        if name in _NEVER and confidence >= _SURE:
            return None
        complete = _plan(draft) is not None
        if complete and answer(tracker) is Answer.YES and not _BUT.search(said.lower()):
            return [SlotSet(DRAFT, draft), SlotSet(REQUESTED_SLOT, None)]
        wish = _read(dispatcher, said, draft)
        if wish is None:
            return [SlotSet(DRAFT, draft)]
        asks = "?" in said or name not in _MAYBE
        if not wish.is_empty and not ("?" in said and name not in _MAYBE):
            return [SlotSet(DRAFT, _checked(dispatcher, _with(draft, wish)))]
        if complete:
            denied = answer(tracker) is Answer.NO
            return [SlotSet(DRAFT, {**draft, "wrong": True})] if denied else None
        if asks and confidence >= _SURE:
            return None
        what = "time" if draft.get("days") or draft.get("on") else "days"
        dispatcher.utter_message(response=f"utter_reminder_{what}_invalid")
        return [SlotSet(DRAFT, draft)]  # a form that sets nothing counts as not understood


class ActionAskReminderReply(Action):
    """Asks for the days, the time, or whether all is right."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ask_reminder_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks for what is open."""
        draft = _draft(tracker)
        plan = _plan(draft)
        if draft.get("wrong"):
            dispatcher.utter_message(response="utter_reminder_what_wrong")
        elif plan:
            dispatcher.utter_message(
                response="utter_reminder_read_back",
                reminder_when=say_plan(plan, now().date()),
                reminder_first=_say_first(plan),
            )
        elif draft.get("days") or draft.get("on"):
            dispatcher.utter_message(response="utter_reminder_ask_time")
        else:
            dispatcher.utter_message(response="utter_reminder_ask_days")
        return []


def _say_first(plan: Plan) -> str:
    """Returns from when a plan of weeks holds, where its own words don't say so."""
    due = next_due(plan, now())
    if due is None or plan.is_once or plan.starts_on > now().date():
        return ""
    return f", the first time {say_moment(due, now(), plan.time_zone)}"


class ActionSubmitReminder(Action):
    """Stores the plan that the patient agreed to, or says honestly that it was not stored."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_submit_reminder"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Stores the plan, and says where its reminder will be seen."""
        plan = _plan(_draft(tracker))
        if plan is None:
            return []
        try:
            stored = agree(tracker.sender_id, _channel(tracker), plan, now())
        except Exception as error:
            logger.error("A plan could not be stored: %s", type(error).__name__)
            dispatcher.utter_message(response="utter_reminder_failed")
            return [FollowupAction(FORM)]
        if not stored:
            dispatcher.utter_message(response="utter_booking_time_past")
            return [SlotSet(DRAFT, None)]
        when = say_plan(plan, now().date())
        dispatcher.utter_message(response="utter_reminder_set", reminder_when=when)
        # The page keeps its token from now on, so that the next visit is this patient's.
        dispatcher.messages[-1]["custom"] = {"type": "plan", "remember": True}
        return [SlotSet(DRAFT, None)]


class ActionCancelReminder(Action):
    """Stops the reminders, for some days, on some days of the week, or altogether."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_cancel_reminder"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Stops as much as was asked for; without days, everything."""
        said, loop = text(tracker), active_loop(tracker)
        leaving: Events = []
        if loop == FORM:
            leaving = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), SlotSet(DRAFT, None)]
        active = next_reminder(tracker.sender_id)
        if active and not loop:
            partly = self._partly(dispatcher, as_plan(active), said, tracker.sender_id)
            if partly is not None:
                return partly
        if stop_reminders(tracker.sender_id):
            dispatcher.utter_message(response="utter_reminder_stopped")
        elif leaving:
            dispatcher.utter_message(response="utter_reminder_dropped")
        else:
            dispatcher.utter_message(response="utter_reminder_none")
        return leaving

    @staticmethod
    def _partly(
        dispatcher: CollectingDispatcher, plan: Plan, said: str, sender_id: str
    ) -> Events | None:
        """Leaves out some days; None where all reminders are meant."""
        left_out = excepted(said)
        rest = plan.days - left_out
        if left_out and rest and rest != plan.days and not plan.is_once:
            return _ask({**_of(plan), "days": sorted(rest)})
        try:
            pause = read_pause(said, now().date())
        except ValueError:
            return None
        if pause is None:
            return None
        skip_days(sender_id, *pause)
        dispatcher.utter_message(response="utter_reminder_skipped", reminder_days=_say_span(*pause))
        return []


def _say_span(first: date, last: date) -> str:
    return f"on {say_day(first)}" if first == last else f"from {say_day(first)} to {say_day(last)}"
