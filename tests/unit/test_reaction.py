"""What the bot does about danger before anything else: the whole table of the decision."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities.yes_no import Answer
from bot.safety.findings import Screening
from bot.safety.questions import questions
from bot.safety.reaction import ANSWERED_IN_EMERGENCY, Message, Reaction, Standing, react
from bot.safety.urgency import Urgency

CALM = Screening()
EMERGENCIES = [Urgency.ER_NOW, Urgency.CALL_911, Urgency.CRISIS]
SIGNS = [Urgency.PHYSICIAN_SOON, Urgency.SAME_DAY, *EMERGENCIES]
UNANSWERED_IS_YES = ["cauda", "saddle", "bladder", "bowel"]


def _sign(level: Urgency, pathology: str = "fracture") -> Message:
    return Message(Screening(level, pathology))


# --- a sign in the new message -----------------------------------------------------------------


@pytest.mark.parametrize("level", SIGNS)
@pytest.mark.parametrize(
    "standing",
    [
        Standing(),
        Standing(asked="bladder"),
        Standing(asked="fever", asked_again=True),
        Standing(Urgency.PHYSICIAN_SOON, "cancer", releasing="seen"),
    ],
)
def test_sign_beats_everything(level: Urgency, standing: Standing) -> None:
    found = Screening(level, "vascular")
    for intent, answer in product(
        ["faq", "greet", "book_evaluation", "been_seen", None], [None, Answer.NO, Answer.YES]
    ):
        message = Message(found, intent, answer, Urgency.SAME_DAY, "infection")
        assert react(message, standing) == Reaction("urgent", Standing(level, "vascular"), True)


@pytest.mark.parametrize("level", [Urgency.NONE, Urgency.SELF_CARE, Urgency.PT_EVALUATION])
def test_lesser_finding_lets_the_dialogue_go_on(level: Urgency) -> None:
    assert react(_sign(level), Standing()) is None


def test_lower_sign_repeats_the_higher_instruction_that_stands() -> None:
    standing = Standing(Urgency.CALL_911, "cardiac", asked="fever", releasing="seen")
    reaction = react(_sign(Urgency.SAME_DAY, "infection"), standing)
    assert reaction == Reaction("urgent", Standing(Urgency.CALL_911, "cardiac"), True)


def test_crisis_outranks_and_is_not_outranked() -> None:
    raised = react(_sign(Urgency.CRISIS, "crisis"), Standing(Urgency.CALL_911, "cardiac"))
    assert raised
    assert raised.standing == Standing(Urgency.CRISIS, "crisis")
    kept = react(_sign(Urgency.CALL_911, "cardiac"), raised.standing)
    assert kept
    assert kept.standing.level is Urgency.CRISIS


def test_unclear_sign_is_asked_about() -> None:
    reaction = react(Message(Screening(ask="bladder"), "start_exercise"), Standing())
    assert reaction == Reaction("ask_sign", Standing(asked="bladder"))
    assert not reaction.ends_flow, "a form goes on once the question is answered"


def test_unclear_sign_in_an_emergency_keeps_the_level() -> None:
    reaction = react(Message(Screening(ask="fever")), Standing(Urgency.ER_NOW, "fracture"))
    assert reaction
    assert reaction.standing.level is Urgency.ER_NOW


# --- the answer to a direct question -----------------------------------------------------------


@pytest.mark.parametrize("name", questions())
def test_yes_and_not_sure_raise_the_level_of_the_question(name: str) -> None:
    question = questions()[name]
    for answer, again in product([Answer.YES, Answer.UNSURE], [False, True]):
        reaction = react(Message(CALM, "affirm", answer), Standing(asked=name, asked_again=again))
        assert reaction == Reaction("urgent", Standing(question.level, question.pathology), True)


@pytest.mark.parametrize("name", questions())
def test_no_clears_the_question_and_nothing_else(name: str) -> None:
    standing = Standing(Urgency.SAME_DAY, "infection", asked=name, asked_again=True)
    reaction = react(Message(CALM, "deny", Answer.NO), standing)
    assert reaction == Reaction("sign_cleared", Standing(Urgency.SAME_DAY, "infection"))


@pytest.mark.parametrize("name", UNANSWERED_IS_YES)
@pytest.mark.parametrize("intent", ["faq", "start_exercise", "out_of_scope", "greet"])
def test_going_past_a_bladder_bowel_or_saddle_question_counts_as_yes(
    name: str, intent: str
) -> None:
    reaction = react(Message(CALM, intent), Standing(asked=name))
    assert reaction == Reaction("urgent", Standing(Urgency.ER_NOW, "cauda_equina"), True)


@pytest.mark.parametrize("name", sorted(set(questions()) - set(UNANSWERED_IS_YES)))
def test_other_questions_are_repeated_once_and_no_emergency_is_dropped(name: str) -> None:
    question = questions()[name]
    first = react(Message(CALM, "faq"), Standing(asked=name))
    assert first == Reaction("ask_sign", Standing(asked=name, asked_again=True))
    second = react(Message(CALM, "faq"), first.standing)
    raised = Reaction("urgent", Standing(question.level, question.pathology), True)
    assert second == (raised if question.level.is_emergency else None)


def test_a_yes_means_no_less_than_the_alarm_that_raised_the_question() -> None:
    asked = react(Message(Screening(ask="fever", ask_level=Urgency.CALL_911)), Standing())
    assert asked == Reaction("ask_sign", Standing(asked="fever", asked_level=Urgency.CALL_911))
    reaction = react(Message(CALM, "affirm", Answer.YES), asked.standing)
    assert reaction
    assert reaction.standing == Standing(Urgency.CALL_911, "infection")


def test_a_no_that_raises_another_question_has_it_asked() -> None:
    said = Message(Screening(ask="fever"), "deny", Answer.NO)
    assert react(said, Standing(asked="bladder")) == Reaction("ask_sign", Standing(asked="fever"))


def test_a_cauda_question_is_settled_before_another_is_asked() -> None:
    reaction = react(Message(Screening(ask="fever")), Standing(asked="saddle"))
    assert reaction == Reaction("urgent", Standing(Urgency.ER_NOW, "cauda_equina"), True)
    repeated = react(Message(Screening(ask="fever")), Standing(asked="chest"))
    assert repeated == Reaction("ask_sign", Standing(asked="chest", asked_again=True))


def test_only_bladder_bowel_and_saddle_count_unanswered_as_yes() -> None:
    counted = {name for name, question in questions().items() if question.unanswered_is_yes}
    assert counted == set(UNANSWERED_IS_YES)


def test_another_unclear_sign_replaces_the_question() -> None:
    reaction = react(Message(Screening(ask="bladder")), Standing(asked="fever", asked_again=True))
    assert reaction == Reaction("ask_sign", Standing(asked="bladder"))


def test_a_yes_with_nothing_asked_means_nothing() -> None:
    for answer in Answer:
        assert react(Message(CALM, "affirm", answer), Standing()) is None


def test_lower_answer_does_not_lower_what_stands() -> None:
    standing = Standing(Urgency.CALL_911, "cardiac", asked="eye")
    reaction = react(Message(CALM, "affirm", Answer.YES), standing)
    assert reaction
    assert reaction.say == "urgent"
    assert reaction.standing == Standing(Urgency.CALL_911, "cardiac")


# --- the interview -----------------------------------------------------------------------------


def test_dangerous_answer_in_the_interview_is_said_at_once() -> None:
    message = Message(CALM, "affirm", Answer.YES, Urgency.ER_NOW, "cauda_equina")
    assert react(message, Standing()) == Reaction(
        "urgent", Standing(Urgency.ER_NOW, "cauda_equina"), True
    )


def test_lesser_answer_in_the_interview_waits_for_its_end() -> None:
    message = Message(CALM, "affirm", Answer.YES, Urgency.PHYSICIAN_SOON, "cancer")
    assert react(message, Standing()) is None


# --- what stands -------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [Urgency.ER_NOW, Urgency.CALL_911])
@pytest.mark.parametrize("intent", ["start_exercise", "book_evaluation", "out_of_scope", "affirm"])
def test_emergency_holds_everything_else(level: Urgency, intent: str) -> None:
    standing = Standing(level, "cauda_equina")
    assert react(Message(CALM, intent), standing) == Reaction("hold", standing)


@pytest.mark.parametrize("intent", sorted(ANSWERED_IN_EMERGENCY))
def test_questions_are_still_answered_in_an_emergency(intent: str) -> None:
    assert react(Message(CALM, intent), Standing(Urgency.ER_NOW, "cauda_equina")) is None


@pytest.mark.parametrize("intent", sorted(ANSWERED_IN_EMERGENCY | {"start_exercise", "affirm"}))
def test_in_a_crisis_only_the_wish_for_a_person_is_answered(intent: str) -> None:
    standing = Standing(Urgency.CRISIS, "crisis")
    expected = None if intent == "talk_to_human" else Reaction("hold", standing)
    assert react(Message(CALM, intent), standing) == expected


@pytest.mark.parametrize("level", [Urgency.SAME_DAY, Urgency.PHYSICIAN_SOON])
def test_below_an_emergency_the_patient_may_book(level: Urgency) -> None:
    assert react(Message(CALM, "book_evaluation"), Standing(level, "infection")) is None


# --- the release -------------------------------------------------------------------------------


@pytest.mark.parametrize("level", SIGNS)
@pytest.mark.parametrize(("intent", "how"), [("been_seen", "seen"), ("false_alarm", "mistake")])
def test_release_is_asked_first(level: Urgency, intent: str, how: str) -> None:
    reaction = react(Message(CALM, intent), Standing(level, "infection"))
    assert reaction == Reaction("release_check", Standing(level, "infection", releasing=how))


@pytest.mark.parametrize("intent", ["been_seen", "false_alarm"])
@pytest.mark.parametrize("level", [Urgency.NONE, Urgency.SELF_CARE, Urgency.PT_EVALUATION])
def test_nothing_stands_nothing_is_released(intent: str, level: Urgency) -> None:
    assert react(Message(CALM, intent), Standing(level)) is None


@pytest.mark.parametrize("level", SIGNS)
def test_release_needs_a_clear_yes(level: Urgency) -> None:
    asked = Standing(level, "infection", releasing="seen")
    yes = react(Message(CALM, "affirm", Answer.YES), asked)
    assert yes
    assert yes.say == "release"
    for answer in (Answer.NO, Answer.UNSURE):
        reaction = react(Message(CALM, "deny", answer), asked)
        assert reaction == Reaction("hold", Standing(level, "infection"))


def test_something_else_than_an_answer_forgets_the_release() -> None:
    asked = Standing(Urgency.ER_NOW, "cauda_equina", releasing="seen")
    reaction = react(Message(CALM, "start_exercise"), asked)
    assert reaction == Reaction("hold", Standing(Urgency.ER_NOW, "cauda_equina"))


def test_yes_without_the_question_releases_nothing() -> None:
    standing = Standing(Urgency.ER_NOW, "cauda_equina")
    assert react(Message(CALM, "affirm", Answer.YES), standing) == Reaction("hold", standing)


# --- for all messages --------------------------------------------------------------------------

PATHOLOGIES = st.sampled_from(["cauda_equina", "fracture", "infection", "crisis"])
SCREENINGS = st.one_of(
    st.just(CALM),
    st.builds(Screening, st.sampled_from(list(Urgency)), PATHOLOGIES),
    st.builds(Screening, ask=st.sampled_from(sorted(questions()))),
)
MESSAGES = st.builds(
    Message,
    SCREENINGS,
    st.sampled_from(["faq", "affirm", "deny", "been_seen", "false_alarm", "talk_to_human", None]),
    st.one_of(st.none(), st.sampled_from(list(Answer))),
    st.sampled_from(list(Urgency)),
    PATHOLOGIES,
)
RELEASED = {"urgent", "hold", "ask_sign", "sign_cleared", "release_check", "release"}


@given(st.lists(MESSAGES, max_size=8))
def test_level_only_rises_until_it_is_released(messages: list[Message]) -> None:
    """A release takes a releasing message, the question, and a yes to it: two turns."""
    standing, asked_in_turn = Standing(), -2
    for turn, message in enumerate(messages):
        reaction = react(message, standing)
        if reaction is None:
            # As the policy does: a question that a message went past is dropped.
            standing = Standing(standing.level, standing.pathology)
            assert message.screening.level < Urgency.PHYSICIAN_SOON
            continue
        assert reaction.say in RELEASED
        if reaction.say == "release":
            assert message.answer is Answer.YES
            assert asked_in_turn == turn - 1
            standing = Standing()
            continue
        assert reaction.standing.level >= standing.level
        if message.screening.level >= Urgency.PHYSICIAN_SOON:
            assert reaction.say == "urgent"
            assert reaction.standing.level >= message.screening.level
        asked_in_turn = turn if reaction.say == "release_check" else asked_in_turn
        standing = reaction.standing
