"""The plan and its reminders in conversation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import time_machine

from actions.reminders import (
    DRAFT,
    FORM,
    REPLY,
    ActionAskReminderReply,
    ActionCancelReminder,
    ActionSetReminder,
    ActionSubmitReminder,
    ValidateReminderForm,
)
from bot.coaching.plan import Plan
from bot.patient import agree, next_reminder, plan_of
from bot.store.records import export_patient
from tests.actions.turning import SENDER, Outcome, run

NOON = datetime(2026, 3, 4, 18, tzinfo=timezone.utc)  # a Wednesday, noon in Chicago
CHICAGO = "America/Chicago"
WEEKDAYS = Plan(frozenset(range(5)), time(19), date(2026, 3, 4), CHICAGO)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def _set(text: str, **more: Any) -> Outcome:
    return run(ActionSetReminder(), text, "set_reminder", **more)


def _answer(text: str, draft: dict[str, Any], name: str = "nlu_fallback", **more: Any) -> Outcome:
    slots = {DRAFT: draft, "requested_slot": REPLY}
    return run(ValidateReminderForm(), text, name, slots=slots, loop=FORM, **more)


def _asked(draft: dict[str, Any]) -> tuple[str, str | None]:
    (message,) = run(ActionAskReminderReply(), slots={DRAFT: draft}, loop=FORM).messages
    return message["response"], message.get("reminder_when")


def _agree(plan: Plan = WEEKDAYS) -> None:
    assert agree(SENDER, "web", plan, NOON)


@pytest.mark.parametrize(
    ("text", "first"),
    [("remind me at 7 pm on weekdays", ", the first time today at 7 pm"),
     ("remind me at 9 am on weekdays", ", the first time tomorrow at 9 am"),
     ("remind me at 7 pm on weekdays starting next monday", ""),
     ("remind me tomorrow at 5 to do my exercises", "")],
)  # fmt: skip
def test_it_is_said_from_when_the_plan_holds(store: Any, text: str, first: str) -> None:
    draft = _set(text).slots[DRAFT]
    (message,) = run(ActionAskReminderReply(), slots={DRAFT: draft}, loop=FORM).messages
    assert message["reminder_first"] == first


# --- setting -----------------------------------------------------------------------------------


def test_everything_in_one_message_is_read_back_and_stored_on_yes(store: Any) -> None:
    outcome = _set("remind me at 7 pm on weekdays")
    assert outcome.next_action == FORM
    draft = outcome.slots[DRAFT]
    assert _asked(draft) == ("utter_reminder_read_back", "Monday to Friday at 7 pm")
    assert plan_of(SENDER) is None, "nothing before the yes"
    agreed = _answer("yes", draft, "affirm").slots
    assert agreed["requested_slot"] is None
    assert agreed[DRAFT] == draft
    stored = run(ActionSubmitReminder(), slots={DRAFT: draft})
    assert stored.said == ["utter_reminder_set"]
    assert stored.messages[0]["custom"] == {"type": "plan", "remember": True}
    assert plan_of(SENDER) == WEEKDAYS
    reminder = next_reminder(SENDER)
    assert reminder
    assert reminder.next_due_at == NOON + timedelta(hours=7)
    assert (reminder.quiet_from, reminder.quiet_until) == ("21:00", "08:00")


def test_what_is_missing_is_asked_for(store: Any) -> None:
    draft = _set("set a reminder").slots[DRAFT]
    assert _asked(draft)[0] == "utter_reminder_ask_days"
    draft = _answer("mondays and thursdays", draft).slots[DRAFT]
    assert _asked(draft)[0] == "utter_reminder_ask_time"
    draft = _answer("8 am", draft, "faq").slots[DRAFT]
    assert _asked(draft) == ("utter_reminder_read_back", "Monday and Thursday at 8 am")
    draft = _answer("no, tuesdays", draft, "deny").slots[DRAFT]
    assert _asked(draft)[1] == "every Tuesday at 8 am"
    draft = _answer("no", draft, "deny").slots[DRAFT]
    assert _asked(draft)[0] == "utter_reminder_what_wrong"
    draft = _answer("6:30 pm", draft).slots[DRAFT]
    assert _asked(draft)[1] == "every Tuesday at 6:30 pm"
    draft = _answer("yes but make it 5", draft, "affirm").slots[DRAFT]
    assert _asked(draft)[1] == "every Tuesday at 5 pm"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("remind me tomorrow at 5", "once, on Thursday, March 5 at 5 pm"),
        ("remind me in 2 hours", "once, on Wednesday, March 4 at 2 pm"),
        ("every day at 9 am starting monday", "every day at 9 am, starting Monday, March 9"),
        ("weekends at 10 pacific time", "Saturday and Sunday at 10 am (Los Angeles time)"),
    ],
)
def test_wishes_as_they_are_read_back(store: Any, text: str, when: str) -> None:
    assert _asked(_set(text).slots[DRAFT]) == ("utter_reminder_read_back", when)


def test_quiet_hours_are_said_and_another_time_is_asked_for(store: Any) -> None:
    outcome = _set("yell at me at 10pm every day")
    assert outcome.said == ["utter_reminder_quiet"]
    draft = outcome.slots[DRAFT]
    assert _asked(draft)[0] == "utter_reminder_ask_time"
    again = _answer("7 am", draft)
    assert again.said == ["utter_reminder_quiet"]
    assert _asked(again.slots[DRAFT])[0] == "utter_reminder_ask_time"


def test_a_time_that_is_over_is_not_taken(store: Any) -> None:
    outcome = _set("remind me today at 9 am")
    assert outcome.said == ["utter_booking_time_past"]
    assert _asked(outcome.slots[DRAFT])[0] == "utter_reminder_ask_days"
    assert _set("remind me yesterday").said == ["utter_booking_time_past"]
    assert _set("remind me on february 30").said == ["utter_booking_time_impossible"]


def test_what_is_no_answer_is_left_to_the_rules_or_asked_again(store: Any) -> None:
    assert _answer("what does it cost?", {}, "faq").events == []
    assert _answer("are you open on monday at 9?", {}, "faq").events == []
    assert _answer("stop", {"days": [0]}, "stop_exercise").events == []
    for draft, what in (({}, "days"), ({"days": [0]}, "time")):
        outcome = _answer("blorp", draft)
        assert outcome.said == [f"utter_reminder_{what}_invalid"]
        assert outcome.slots[DRAFT] == draft, "the engine takes a form that sets nothing for lost"
    assert _answer("blorp", {"days": [0], "at": "19:00"}).events == []


@pytest.mark.parametrize("level", ["physician_soon", "same_day", "er_now"])
def test_no_plan_to_exercise_while_an_urgency_stands(store: Any, level: str) -> None:
    outcome = _set("remind me at 7 pm on weekdays", slots={"urgency": level})
    assert outcome.said == ["utter_no_exercise_now"]
    assert outcome.events == []


@pytest.mark.parametrize("loop", ["screen_form", "ball_form", "coaching_form", "booking_form"])
def test_another_form_is_finished_first(store: Any, loop: str) -> None:
    outcome = _set("remind me at 7 pm on weekdays", loop=loop)
    assert (outcome.said, outcome.events) == (["utter_reminder_not_now"], [])


@pytest.mark.usefixtures("broken_store")
def test_what_could_not_be_stored_is_said_so() -> None:
    draft = {"days": [0], "at": "19:00"}
    outcome = run(ActionSubmitReminder(), slots={DRAFT: draft})
    assert outcome.said == ["utter_reminder_failed"]
    assert outcome.next_action == FORM
    assert DRAFT not in outcome.slots, "yes tries again"


# --- changing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("move it to 8", "Monday to Friday at 8 pm"),
        ("change my reminder to 9 am", "Monday to Friday at 9 am"),
        ("could it come an hour earlier", "Monday to Friday at 6 pm"),
        ("make it weekends only", "Saturday and Sunday at 7 pm"),
        ("when is my reminder", "Monday to Friday at 7 pm"),
    ],
)
def test_a_change_keeps_the_rest_of_the_plan(store: Any, text: str, when: str) -> None:
    _agree()
    assert _asked(_set(text).slots[DRAFT]) == ("utter_reminder_read_back", when)


def test_later_without_a_time_asks_for_one(store: Any) -> None:
    _agree()
    assert _asked(_set("move my reminder later").slots[DRAFT])[0] == "utter_reminder_ask_time"


def test_a_changed_plan_takes_the_old_ones_place(store: Any) -> None:
    _agree()
    run(ActionSubmitReminder(), slots={DRAFT: _set("move it to 8").slots[DRAFT]})
    plan = plan_of(SENDER)
    assert plan
    assert plan.at == time(20)
    plans: Any = export_patient(SENDER)["plans"]
    assert [row["ended_at"] is None for row in plans] == [False, True]


def test_snooze(store: Any, noon: time_machine.Coordinates) -> None:
    noon.move_to(NOON - timedelta(days=1))
    _agree()
    noon.move_to(NOON)
    for text, when in (
        ("snooze", "today at 1 pm"),
        ("Remind me in an hour", "today at 1 pm"),
        ("snooze for 30 minutes", "today at 12:30 pm"),
    ):
        (message,) = _set(text).messages
        assert (message["response"], message["reminder_when"]) == ("utter_reminder_snoozed", when)
    in_a_form = _set("snooze", loop="coaching_form")
    assert in_a_form.said == ["utter_reminder_snoozed"]


def test_snooze_without_a_reminder_asks_for_the_days(store: Any) -> None:
    assert _asked(_set("remind me later").slots[DRAFT])[0] == "utter_reminder_ask_days"


# --- stopping ----------------------------------------------------------------------------------


def _cancel(text: str, **more: Any) -> Outcome:
    return run(ActionCancelReminder(), text, "cancel_reminder", **more)


@pytest.mark.parametrize("loop", [None, "coaching_form", "booking_form"])
def test_stop_stops_at_once(store: Any, loop: str | None) -> None:
    _agree()
    outcome = _cancel("stop my reminders", loop=loop)
    assert (outcome.said, outcome.events) == (["utter_reminder_stopped"], [])
    assert next_reminder(SENDER) is None
    assert _cancel("stop my reminders").said == ["utter_reminder_none"]


def test_after_a_stop_the_plan_can_be_taken_up_again(store: Any) -> None:
    _agree()
    _cancel("stop my reminders")
    draft = _set("turn on reminders").slots[DRAFT]
    assert _asked(draft)[1] == "Monday to Friday at 7 pm"
    run(ActionSubmitReminder(), slots={DRAFT: draft})
    assert next_reminder(SENDER)


def test_stop_in_the_form_leaves_it(store: Any) -> None:
    outcome = _cancel("no reminders please", loop=FORM)
    assert outcome.said == ["utter_reminder_dropped"]
    assert outcome.leaves_form
    assert outcome.slots[DRAFT] is None


def test_some_days_are_given_up_after_a_read_back(store: Any) -> None:
    _agree()
    outcome = _cancel("cancel the tuesday one, the reminder")
    assert outcome.next_action == FORM
    when = "Monday, Wednesday, Thursday and Friday at 7 pm"
    assert _asked(outcome.slots[DRAFT])[1] == when


def test_a_pause_is_a_pause(store: Any) -> None:
    _agree()
    (message,) = _cancel("skip tomorrow's reminder").messages
    assert message["response"] == "utter_reminder_skipped"
    assert message["reminder_days"] == "on Thursday, March 5"
    (message,) = _cancel("pause reminders this week im on vacation").messages
    assert message["reminder_days"] == "from Wednesday, March 4 to Sunday, March 8"
    reminder = next_reminder(SENDER)
    assert reminder
    assert (reminder.skip_from, reminder.skip_until) == (date(2026, 3, 4), date(2026, 3, 8))
