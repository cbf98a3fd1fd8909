"""Misunderstandings, bare yes and no, the release of an urgency."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from actions.help import (
    ActionNotUnderstood,
    ActionReleaseUrgency,
    ActionTakeOffer,
)
from actions.turns import is_fresh, previous_turn_did
from bot.replies import responses
from bot.store.records import all_unanswered, export_patient
from tests.actions.turning import SENDER, bot, did, run, user

LISTEN = did("action_listen")
MISSED = [user("blorp"), did("action_not_understood"), bot("utter_not_understood"), LISTEN]
ANSWERED = [user("hi", "greet"), did("utter_greet"), bot("utter_greet"), LISTEN]


# --- not understood ----------------------------------------------------------------------------


def test_first_misunderstanding_asks_and_is_kept_for_review(store: Any) -> None:
    outcome = run(ActionNotUnderstood(), "blorp", before=ANSWERED, ranking=["greet", "faq/hours"])
    assert outcome.said == ["utter_not_understood"]
    (missed,) = all_unanswered()
    assert (missed.text, missed.nearest) == ("blorp", "greet, faq/hours")


def test_the_nearest_readings_are_offered_as_choices(store: Any) -> None:
    outcome = run(
        ActionNotUnderstood(), "the ball thing money", before=ANSWERED,
        ranking=["greet", "faq/cost_insurance", "start_exercise"],
    )  # fmt: skip
    assert outcome.said == ["utter_did_you_mean"]
    assert outcome.buttons == [
        ("Cost and insurance", "/faq/cost_insurance"),
        ("Start an exercise", "/start_exercise"),
    ]


def test_second_in_a_row_offers_choices_and_the_phone(store: Any) -> None:
    outcome = run(ActionNotUnderstood(), "blarp", before=MISSED)
    assert outcome.said == ["utter_choices"]
    (choices,) = responses()["utter_choices"]
    assert "{clinic_phone}" in choices["text"]
    assert len(choices["buttons"]) >= 3


def test_an_understood_message_between_starts_the_count_anew(store: Any) -> None:
    outcome = run(ActionNotUnderstood(), "blarp", before=[*MISSED, *ANSWERED])
    assert outcome.said == ["utter_not_understood"]


def test_off_topic_is_said_to_be_so_and_not_kept(store: Any) -> None:
    outcome = run(ActionNotUnderstood(), "tell me a joke", "out_of_scope")
    assert outcome.said == ["utter_out_of_scope"]
    assert all_unanswered() == []
    again = run(ActionNotUnderstood(), "a pizza", "out_of_scope", before=MISSED)
    assert again.said == ["utter_choices"]


@pytest.mark.parametrize("loop", ["screen_form", "ball_form", "booking_form", "coaching_form"])
def test_in_a_form_the_question_is_asked_again(store: Any, loop: str) -> None:
    outcome = run(ActionNotUnderstood(), "blorp", loop=loop)
    assert outcome.said == ["utter_please_answer"]
    again = run(ActionNotUnderstood(), "blorp", loop=loop, before=MISSED)
    assert again.said == ["utter_not_understood_in_form_again"]


@pytest.mark.usefixtures("broken_store")
def test_misunderstanding_is_answered_without_a_database(caplog: pytest.LogCaptureFixture) -> None:
    outcome = run(ActionNotUnderstood(), "my secret words")
    assert outcome.said == ["utter_not_understood"]
    assert "secret" not in caplog.text
    assert "record_unanswered failed" in caplog.text


# --- a bare yes or no --------------------------------------------------------------------------

BOOK = ("Book an evaluation", "/book_evaluation")
LATER = ("Not now", "/deny")


def _offered(response: str, *buttons: tuple[str, str]) -> list[dict[str, Any]]:
    return [user("hm"), did(response), bot(response, *buttons), LISTEN]


@pytest.mark.parametrize(
    ("payload", "action", "exercise"),
    [
        ("/book_evaluation", "action_start_booking", None),
        ("/start_exercise", "action_start_exercise", None),
        ("/start_exercise?exercise=ta_activation", "action_start_exercise", "ta_activation"),
        ("/describe_pain", "action_start_triage", None),
        ("/resume_exercise", "action_resume_exercise", None),
    ],
)
def test_yes_takes_the_last_offer(payload: str, action: str, exercise: str | None) -> None:
    before = _offered("utter_offer_next", ("Yes, go on", payload), LATER)
    outcome = run(ActionTakeOffer(), "yes", "affirm", before=before)
    assert outcome.next_action == action
    assert outcome.slots.get("exercise_wanted") == exercise
    assert outcome.said == []


@pytest.mark.parametrize("response", ["utter_offer_next", "utter_triage_done"])
def test_no_declines_the_last_offer(response: str) -> None:
    outcome = run(ActionTakeOffer(), "no", "deny", before=_offered(response, BOOK, LATER))
    assert outcome.said == ["utter_offer_declined"]
    assert outcome.events == []


@pytest.mark.parametrize("said", ["yes", "no", "not sure"])
def test_answer_to_nothing_starts_nothing(said: str) -> None:
    outcome = run(ActionTakeOffer(), said, before=_offered("utter_faq"))
    assert outcome.said == ["utter_what_next"]
    assert outcome.events == []


def test_yes_does_not_reach_an_offer_further_back() -> None:
    before = [*_offered("utter_triage_done", BOOK), *_offered("utter_faq")]
    assert run(ActionTakeOffer(), "yes", "affirm", before=before).next_action is None


@pytest.mark.parametrize(
    "payload", ["/been_seen", "/delete_my_data", "/affirm", "/restart", "https://example.com", ""]
)
def test_yes_never_becomes_another_command(payload: str) -> None:
    before = _offered("utter_urgent_same_day", ("X", payload))
    outcome = run(ActionTakeOffer(), "yes", "affirm", before=before)
    assert outcome.next_action is None


@pytest.mark.parametrize("said", ["yes", "no"])
def test_in_a_form_an_answer_belongs_to_the_form(said: str) -> None:
    before = _offered("utter_offer_next", BOOK)
    outcome = run(ActionTakeOffer(), said, before=before, loop="booking_form")
    assert outcome.said == ["utter_please_answer"]
    assert outcome.events == []


# --- the release -------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["seen", "mistake"])
def test_release_is_recorded_said_and_offers_the_evaluation(store: Any, how: str) -> None:
    slots = {"urgency": "er_now", "urgency_pathology": "cauda_equina", "urgency_releasing": how}
    outcome = run(ActionReleaseUrgency(), "yes", "affirm", slots=slots)
    assert outcome.said == [f"utter_released_{how}"]
    (record,) = export_patient(SENDER)["urgencies"]
    assert (record["event"], record["level"]) == (how, "er_now")
    assert record["pathology"] == "cauda_equina"
    for slot in ("urgency", "urgency_pathology", "urgency_releasing"):
        assert outcome.slots[slot] is None
    assert outcome.slots["screened_on"] is None, "the next exercise needs a new screen"
    offered = responses()[f"utter_released_{how}"][0]["buttons"][0]["payload"]
    assert offered == "/book_evaluation"


@pytest.mark.parametrize("how", ["seen", "mistake"])
@pytest.mark.parametrize(("said", "asked_in"), [("yes", "_es"), ("sí", ""), ("yes", "")])
def test_release_is_said_in_the_language_of_its_question(
    store: Any, how: str, said: str, asked_in: str
) -> None:
    slots = {"urgency": "er_now", "urgency_releasing": how}
    before = _offered(f"utter_release_check_{how}{asked_in}")
    outcome = run(ActionReleaseUrgency(), said, "affirm", before=before, slots=slots)
    spanish = "_es" if asked_in or "sí" in said else ""
    assert outcome.said == [f"utter_released_{how}{spanish}"]


@pytest.mark.usefixtures("broken_store")
def test_release_that_cannot_be_recorded_does_not_happen() -> None:
    slots = {"urgency": "er_now", "urgency_releasing": "seen"}
    with pytest.raises(SQLAlchemyError):
        run(ActionReleaseUrgency(), "yes", "affirm", slots=slots)


# --- reading the tracker -----------------------------------------------------------------------


def _tracker(events: list[dict[str, Any]]) -> Any:
    return type("T", (), {"events": events})()


@pytest.mark.parametrize(
    ("since", "fresh"),
    [([], True), ([did("booking_form")], True), ([did("utter_faq")], False),
     ([did("booking_form"), did("utter_faq"), did("booking_form")], False)],
)  # fmt: skip
def test_message_is_fresh_until_another_action_dealt_with_it(
    since: list[dict[str, Any]], fresh: bool
) -> None:
    events = [*MISSED, user("Ana"), *since]
    assert is_fresh(_tracker(events), "booking_form") is fresh


def test_what_the_turn_before_did() -> None:
    events = [*MISSED, user("again")]
    assert previous_turn_did(_tracker(events), "action_not_understood")
    assert not previous_turn_did(_tracker([*events, LISTEN, user("x")]), "action_not_understood")
    assert not previous_turn_did(_tracker([user("first")]), "action_not_understood")
