"""A copy of the patient's data and its deletion: never without a yes, and then really."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from actions.help import ActionTakeOffer
from actions.privacy import (
    ActionConfirmDelete,
    ActionConfirmExport,
    ActionDeleteData,
    ActionExportData,
)
from bot.replies import responses
from bot.store import appointments, audit
from bot.store.handoffs import record_hand_off
from bot.store.models import utc_now
from bot.store.records import all_bookings, export_patient, record_assessment, request_booking
from tests.actions.turning import SENDER, bot, did, run, user
from tests.booking.times import slot

LISTEN = did("action_listen")
FORMS = ["screen_form", "ball_form", "coaching_form", "reminder_form", "booking_form"]
QUESTIONS = [
    (ActionConfirmDelete, "utter_delete_confirm", "action_delete_data", "utter_data_kept"),
    (ActionConfirmExport, "utter_export_confirm", "action_export_data", "utter_export_declined"),
]


def _asked(response: str) -> list[dict[str, Any]]:
    buttons = [(b["title"], b["payload"]) for b in responses()[response][0]["buttons"]]
    return [user("hm"), did("action_confirm"), bot(response, *buttons), LISTEN]


# --- the question ------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", FORMS)
@pytest.mark.parametrize(("action", "question", "_then", "_declined"), QUESTIONS)
def test_question_sets_an_open_form_aside(
    action: Any, question: str, _then: str, _declined: str, loop: str
) -> None:
    """Else a yes would answer the form: after the danger questions, an emergency."""
    outcome = run(action(), "delete my data", loop=loop)
    assert outcome.said == [question]
    assert outcome.leaves_form
    assert outcome.slots == {"requested_slot": None, "set_aside": loop}


@pytest.mark.parametrize(("action", "question", "then", "declined"), QUESTIONS)
def test_yes_does_it_right_after_the_question_only(
    action: Any, question: str, then: str, declined: str
) -> None:
    before = _asked(question)
    assert run(ActionTakeOffer(), "yes", "affirm", before=before).next_action == then
    later = [*before, user("hm"), did("utter_faq"), bot("utter_faq"), LISTEN]
    assert run(ActionTakeOffer(), "yes", "affirm", before=later).next_action is None


@pytest.mark.parametrize("said", ["no", "not sure", "No thanks"])
@pytest.mark.parametrize(("action", "question", "then", "declined"), QUESTIONS)
def test_anything_but_yes_leaves_everything_and_the_form_goes_on(
    action: Any, question: str, then: str, declined: str, said: str
) -> None:
    before, aside = _asked(question), {"set_aside": "screen_form"}
    outcome = run(ActionTakeOffer(), said, before=before, slots=aside)
    assert outcome.said == [declined]
    assert outcome.next_action == "screen_form"
    assert outcome.slots == {"set_aside": None}
    alone = run(ActionTakeOffer(), said, before=before)
    assert (alone.said, alone.next_action) == ([declined], None)


@pytest.mark.parametrize("action", [ActionConfirmDelete, ActionConfirmExport])
@pytest.mark.parametrize("level", ["er_now", "call_911", "crisis"])
def test_while_an_emergency_stands_nothing_is_asked(action: Any, level: str) -> None:
    outcome = run(action(), "delete my data", slots={"urgency": level})
    assert outcome.said == ["utter_data_later"]
    assert outcome.events == []


# --- deletion ----------------------------------------------------------------------------------


def test_deletion_deletes_and_forgets_the_conversation(store: Any) -> None:
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    outcome = run(ActionDeleteData(), "yes")
    assert outcome.said == ["utter_deleted"]
    assert outcome.messages[0]["custom"] == {"type": "forget"}
    assert [booking.name for booking in all_bookings()] == ["Bob Ray"]
    assert outcome.events[0]["event"] == "restart"
    (entry,) = audit.entries()
    assert (entry.actor, entry.action, entry.patient) == ("patient", "delete", SENDER)


def test_deletion_ends_the_turn(store: Any) -> None:
    """Were listening its last action, the restarted conversation would be answered once more."""
    events = run(ActionDeleteData(), "yes").events
    assert [event.get("name") for event in events] == [None, "action_delete_data"]


def test_visits_ahead_are_cancelled_and_said_so_without_a_promise(store: Any) -> None:
    key = appointments.hold(SENDER, slot(0))
    appointments.book(SENDER, key, "Ana Lopez", "+15125550100", False, "web")
    outcome = run(ActionDeleteData(), "yes")
    assert outcome.said == ["utter_deleted", "utter_deleted_visits"]
    assert outcome.messages[1]["visits"] == "Monday, March 6 at 9 am"
    text = responses()["utter_deleted_visits"][0]["text"]
    assert "may not have seen" in text
    assert "{clinic_phone}" in text


def test_by_text_message_the_cancelled_visits_are_said_before_all_is_forgotten(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa_sdk import Tracker

    from bot.channels.sms.turn import _until_forgotten

    monkeypatch.setattr(Tracker, "get_latest_input_channel", lambda self: "sms")
    key = appointments.hold(SENDER, slot(0))
    appointments.book(SENDER, key, "Ana Lopez", "+15125550100", False, "sms")
    outcome = run(ActionDeleteData(), "yes")
    assert outcome.said == ["utter_deleted_visits", "utter_deleted"]
    assert _until_forgotten(outcome.messages) == outcome.messages


@pytest.mark.usefixtures("broken_store")
def test_deletion_that_failed_is_never_said_to_be_done() -> None:
    with pytest.raises(SQLAlchemyError):
        run(ActionDeleteData(), "yes")


def test_what_is_kept_is_said() -> None:
    for variation in responses()["utter_deleted"]:
        assert "I keep a note" in variation["text"]
        assert "{clinic_phone}" in variation["text"]


# --- a copy ------------------------------------------------------------------------------------


def test_copy_is_a_text_to_read_and_the_same_as_json(store: Any) -> None:
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    record_assessment(SENDER, "self_care", None, "Fever: no.")
    outcome = run(ActionExportData(), "yes", slots={"set_aside": "booking_form"})
    assert outcome.said == ["utter_export_text", "utter_export_json"]
    assert outcome.next_action == "booking_form"
    text, data = (message["custom"] for message in outcome.messages)
    assert {text["type"], data["type"]} == {"download"}
    assert (text["filename"], data["filename"]) == (
        "backcoach-my-data.txt", "backcoach-my-data.json",
    )  # fmt: skip
    for part in ("Ana Lopez", "+15125550100", "Fever: no.", "Requests for an evaluation"):
        assert part in text["content"]
    assert "Bob" not in text["content"] + data["content"]
    exported = json.loads(data["content"])
    assert exported.pop("progress")["rows"] == []
    assert exported == export_patient(SENDER)
    (entry,) = audit.entries()
    assert (entry.actor, entry.action, entry.patient) == ("patient", "export", SENDER)


def test_last_messages_of_a_wish_for_a_person_are_readable(store: Any) -> None:
    record_hand_off(SENDER, "web", [("patient", "a human please")])
    text, data = (message["custom"] for message in run(ActionExportData(), "yes").messages)
    assert "last messages: patient, a human please" in text["content"]
    (wish,) = json.loads(data["content"])["hand_offs"]
    assert wish["last_messages"] == [["patient", "a human please"]]


def test_moments_in_the_text_are_the_clinics(store: Any) -> None:
    key = appointments.hold(SENDER, slot(0))
    appointments.book(SENDER, key, "Ana Lopez", "+15125550100", False, "web")
    text = run(ActionExportData(), "yes").messages[0]["custom"]["content"]
    assert "starts at: 2090-03-06 09:00" in text
    assert "America/Chicago" in text


@pytest.mark.usefixtures("broken_store")
def test_copy_that_cannot_be_audited_is_not_given() -> None:
    with pytest.raises(SQLAlchemyError):
        run(ActionExportData(), "yes")


def test_by_text_message_a_copy_is_never_sent(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa_sdk import Tracker

    monkeypatch.setattr(Tracker, "get_latest_input_channel", lambda self: "sms")
    outcome = run(ActionConfirmExport(), "give me my data")
    assert outcome.said == ["utter_export_by_clinic"]
    assert outcome.events == []
    before = [user("hm"), did("action_confirm_export"), bot("utter_export_by_clinic"), LISTEN]
    assert run(ActionTakeOffer(), "yes", "affirm", before=before).next_action is None
    assert "{clinic_phone}" in responses()["utter_export_by_clinic"][0]["text"]
    assert [entry.action for entry in audit.entries()] == ["export_asked"]


def test_nothing_of_a_deletion_is_in_a_copy_made_later(store: Any) -> None:
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    run(ActionDeleteData(), "yes")
    text = run(ActionExportData(), "yes").messages[0]["custom"]["content"]
    assert "Nothing is kept." in text
    assert utc_now() - audit.entries()[0].at < timedelta(minutes=1)
