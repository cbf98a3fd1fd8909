"""What is said in a coached exercise: texts, and the card of a step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.sessions import told_facts
from actions.turns import text
from bot.clinic import clinic
from bot.coaching.ball_facts import say_facts
from bot.coaching.counting import left
from bot.coaching.events import Say
from bot.coaching.exercises import exercises
from bot.coaching.state import Session, Turn

PICTURES = "/pictures/"
_ASKS_TIME = ("long", "many", "time", "reps", "sec", "often")
_ASKS_WHY = ("why", "what for", "point of", "good for", "supposed to do")
_ASKS_FEEL = ("feel", "hurt", "pain", "normal", "supposed", "burn", "cramp", "shak")
# Where the patient told why, that is said back.
_TOLD = {
    Say.BALL_SKIP: "utter_coach_ball_told",
    Say.BALLS_LEFT_OUT: "utter_coach_balls_told",
}


def say(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> None:
    """Says what a turn says, before the prompt of its new state."""
    for word in turn.say:
        if word is Say.HELP:
            _help(dispatcher, turn.session, text(tracker))
        elif word in _TOLD and (told := told_facts(tracker)):
            dispatcher.utter_message(response=_TOLD[word], told=say_facts(told))
        else:
            facts = _facts(turn.session, turn.said_number)
            dispatcher.utter_message(response=f"utter_coach_{word.value}", **facts)
        if (
            word is Say.PAUSED
            and clinic().sms_number
            and tracker.get_latest_input_channel() == "web"
        ):
            dispatcher.utter_message(response="utter_link_hint")


def _help(dispatcher: CollectingDispatcher, session: Session, asked: str) -> None:
    step, lowered = session.current, asked.lower()

    def asks(words: tuple[str, ...]) -> bool:
        return any(word in lowered for word in words)

    if asks(_ASKS_TIME):
        dispatcher.utter_message(text=session.details.help["how_long"])
        return
    if asks(_ASKS_WHY):
        dispatcher.utter_message(text=session.details.purpose.text)
        return
    if "side" in lowered.split() or "sides" in lowered:
        sides = "one" if session.details.one_sided else "both"
        dispatcher.utter_message(response=f"utter_coach_side_{sides}")
        return
    dispatcher.utter_message(
        response="utter_coach_how",
        how=step.feel.text if asks(_ASKS_FEEL) else session.details.help["how"],
        mistakes=step.mistakes.text,
        step_stop=step.stop.text,
    )


def _facts(session: Session, number: int) -> dict[str, Any]:
    """Returns what a text may name of a session."""
    exercise, step = session.details, session.current
    least, most = step.repetitions or (0, 0)
    minutes = step.minutes or (0, 0)
    order = list(exercises())
    return {
        "exercise": exercise.name,
        "lay_name": exercise.lay_name,
        "purpose": exercise.purpose.text,
        "needs": exercise.needs,
        "stop_rule": exercise.stop.text,
        "place": order.index(session.exercise) + 1,
        "total": len(order),
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "done": session.count,
        "left": left(step, session.count),
        "all_of_them": str(most) if least == most else f"{least} to {most}",
        "minutes": f"{minutes[0]} to {minutes[1]}",
        "easier": step.easier.text,
        "said_number": number,
    }


def show_step(dispatcher: CollectingDispatcher, session: Session) -> None:
    """Shows the step as a text, with its card for channels that draw one."""
    step = session.current
    dispatcher.utter_message(
        response="utter_coach_step",
        exercise=session.details.name,
        number=session.step + 1,
        steps=len(session.details.steps),
        do=step.do.text,
        feel=step.feel.text,
        mistakes=step.mistakes.text,
        sms_step=f"{step.sms} {step.short_dose}".strip(),
    )
    dispatcher.messages[-1]["custom"] = card(session)


def card(session: Session) -> dict[str, Any]:
    """Returns the step as data: for a timer, a counter and the picture."""
    step = session.current
    return {
        "type": "exercise_step",
        "exercise": session.exercise,
        "name": session.details.name,
        "step": session.step + 1,
        "steps": len(session.details.steps),
        "seconds": step.seconds,
        "repetitions": step.repetitions[0] if step.repetitions else None,
        "repetitions_most": step.repetitions[1] if step.repetitions else None,
        "done": session.count,
        "picture": f"{PICTURES}{step.picture}",
        "alt": step.alt,
    }
