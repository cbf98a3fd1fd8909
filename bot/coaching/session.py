"""A coached exercise, or the clinic's routine, as a state machine of pure functions.

The gates stand inside: every function that moves takes what was answered today, and where a gate
is closed the session only waits for it, keeping the step that it was at.
"""

from __future__ import annotations

from dataclasses import replace

from bot.coaching import counting
from bot.coaching.events import FELT, FELT_WORDS, Event, Said, Say
from bot.coaching.exercises import exercises
from bot.coaching.gates import Gates
from bot.coaching.pain_rules import after_words, before_words, check_words
from bot.coaching.state import Phase, Session, Turn


def begin(
    exercise: str | None, gates: Gates, left_out: tuple[str, ...] = (), routine: bool = False
) -> Turn:
    """Begins an exercise, or the routine where none is named.

    Args:
        exercise: The exercise's id; None for the first of the routine.
        gates: What was answered today.
        left_out: Ids of exercises for which the patient has no ball.
        routine: Whether the rest of the routine follows.
    """
    if exercise is None:
        routine = True
        exercise = next(iter(exercises()))
    return enter(Session(exercise, routine=routine, left_out=left_out), gates)


def enter(session: Session, gates: Gates) -> Turn:
    """Goes on with a session as far as its gates allow.

    Args:
        session: The state; it may come from another day.
        gates: What was answered today.
    """
    if session.is_over:
        return Turn(session)
    if session.exercise in session.left_out:
        return _leave_out(session, gates, Say.NO_BALL, Say.NO_BALL)
    gate = gates.closed(session.details)
    if gate:
        return Turn(replace(session, gate=gate, paused=False))
    session = replace(session, gate=None, paused=False)
    if gates.refuse(session.details):
        return _leave_out(session, gates, Say.BALLS_LEFT_OUT, Say.BALL_SKIP)
    if session.has_begun:
        return Turn(session, (Say.RESUMED,))
    first = session.routine and session.exercise == next(iter(exercises()))
    return Turn(session, (Say.ROUTINE, Say.INTRO) if first else (Say.INTRO,))


def _leave_out(session: Session, gates: Gates, in_routine: Say, alone: Say) -> Turn:
    """Leaves the current exercise out; the routine goes on with the next one."""
    stopped = replace(session, phase=Phase.STOPPED, gate=None, paused=False)
    record = stopped if session.has_begun else None
    if session.routine:
        begun = following(session, gates)
        if begun:
            return replace(begun, say=(in_routine, *begun.say), record=record)
    return Turn(stopped, (alone,), record=record)


def following(session: Session, gates: Gates, pain: int | None = None) -> Turn | None:
    """Returns the turn that begins the routine's next exercise; None after the last.

    Args:
        session: The exercise before.
        gates: What was answered today.
        pain: The pain that was just told, so that it is not asked for twice.
    """
    order = list(exercises().values())
    rest = order[[exercise.id for exercise in order].index(session.exercise) + 1 :]
    for exercise in rest:
        if exercise.id in session.left_out or gates.refuse(exercise):
            continue
        known = session.pain_before if pain is None and session.has_begun else pain
        begun = Session(
            exercise.id,
            Phase.PAIN_BEFORE if known is None else Phase.STEP,
            pain_before=known,
            routine=True,
            left_out=session.left_out,
        )
        gate = gates.closed(exercise)
        return Turn(replace(begun, gate=gate), () if gate else (Say.NEXT_EXERCISE, Say.INTRO))
    return None


def score(session: Session, pain: int, gates: Gates) -> Turn:
    """Takes a pain score.

    Args:
        session: The state.
        pain: 0 to 10.
        gates: What was answered today.
    """
    if session.is_over:
        return Turn(session)
    if _is_closed(session, gates):
        return enter(session, gates)
    session = replace(session, gate=None, paused=False)
    if session.phase is Phase.PAIN_BEFORE:
        started = replace(session, phase=Phase.STEP, pain_before=pain)
        return Turn(started, (before_words(pain),))
    if session.phase is Phase.PAIN_AFTER:
        words = after_words(session.pain_before, pain)
        after = Phase.FINISHED if words is Say.AFTER_WORSE else Phase.FELT
        done = replace(session, phase=after, pain_after=pain)
        return Turn(done, (words,), record=done)
    if session.phase is Phase.FELT:
        return Turn(session)
    return _check(session, pain)


def _is_closed(session: Session, gates: Gates) -> bool:
    return gates.closed(session.details) is not None or gates.refuse(session.details)


def _check(session: Session, pain: int) -> Turn:
    """Applies the pain rules to a score given in the middle of the exercise."""
    words = check_words(session.pain_before, pain)
    if words is Say.STOP_FOR_PAIN:
        stopped = replace(session, phase=Phase.STOPPED, pain_after=pain)
        return Turn(stopped, (words,), record=stopped)
    return Turn(replace(session, phase=Phase.STEP), (words,))


def ask_score(session: Session) -> Turn:
    """Asks for a score on the scale; in the middle of the exercise, as a check of the pain."""
    asked = session.waits_for_score or session.phase is Phase.FELT
    waiting = session if asked else replace(session, phase=Phase.PAIN_CHECK)
    return Turn(waiting, (Say.SCORE_PLEASE,) if waiting.waits_for_score else ())


def advance(session: Session, said: Said | Event, gates: Gates) -> Turn:
    """Takes an event.

    Args:
        session: The state.
        said: What the patient did.
        gates: What was answered today.

    Returns:
        The next state; events that make no sense in a phase repeat its prompt.
    """
    said = said if isinstance(said, Said) else Said(said)
    if session.is_over:
        return Turn(session)
    ended = _anywhere(session, said, gates)
    if ended:
        return ended
    if _is_closed(session, gates) or session.gate or session.paused:
        going_on = enter(session, gates)
        if said.event is Event.RESUME or going_on.session.gate or going_on.session.is_over:
            return going_on
        if going_on.session.exercise != session.exercise:
            return going_on
        session = going_on.session
    if session.phase is Phase.STEP:
        return _advance_step(session, said)
    if session.phase is Phase.FELT:
        return _advance_felt(session, said.event, gates)
    return _advance_score(session, said.event)


def _anywhere(session: Session, said: Said, gates: Gates) -> Turn | None:
    """Takes the events that mean the same in every phase, before any gate too."""
    event = said.event
    if event is Event.STOP:
        stopped = replace(session, phase=Phase.STOPPED, gate=None, paused=False)
        begun = session.has_begun and session.phase is not Phase.FELT
        return Turn(stopped, (Say.STOPPED,), record=stopped if begun else None)
    if event is Event.PAUSE:
        return Turn(replace(session, paused=True), (Say.PAUSED,))
    if event is Event.OTHER_PERSON:
        # The gates were passed by one person: nobody else goes through on their answers.
        return Turn(replace(session, paused=True), (Say.OTHER_PERSON,))
    if event is Event.ALARM:
        alarmed = replace(session, phase=Phase.STOPPED, gate=None, paused=False, alarmed=True)
        begun = session.has_begun and session.phase is not Phase.FELT
        return Turn(alarmed, (Say.ALARM,), record=alarmed if begun else None)
    if session.phase is Phase.FELT:
        return None
    if event is Event.NO_BALL and session.exercise in said.exercises:
        without = session.leaving_out(said.exercises)
        return _leave_out(without, gates, Say.NO_BALL, Say.NO_BALL)
    if event is Event.SKIP_EXERCISE:
        skipped = session.leaving_out((session.exercise,))
        return _leave_out(skipped, gates, Say.SKIPPED_EXERCISE, Say.SKIPPED_EXERCISE)
    return None


def _advance_score(session: Session, event: Event) -> Turn:
    """Takes an event while a pain score is waited for."""
    if session.phase is not Phase.PAIN_BEFORE:
        if event is Event.BACK:
            return Turn(replace(session, phase=Phase.STEP))
        if event in (Event.RESTART, Event.SWAP_SIDE):
            return _backward(session, event)
    if event is Event.HELP:
        return Turn(session, (Say.HELP,))
    asked = (Event.REPEAT, Event.RESUME, Event.BACK, Event.RESTART)
    return Turn(session) if event in asked else ask_score(session)


def _advance_felt(session: Session, event: Event, gates: Gates) -> Turn:
    """Takes how it felt, or anything that goes past the question."""
    if event is Event.TOO_HARD:
        event = Event.FELT_HARD
    if event not in FELT and event not in (Event.NEXT, Event.SKIP, Event.SKIP_EXERCISE,
                                           Event.FINISH):  # fmt: skip
        return Turn(session)
    words = (FELT_WORDS[event],) if event in FELT else ()
    begun = following(session, gates, session.pain_after) if session.routine else None
    if begun:
        return replace(begun, say=(*words, *begun.say), felt=FELT.get(event))
    return Turn(replace(session, phase=Phase.FINISHED), words, felt=FELT.get(event))


def _advance_step(session: Session, said: Said) -> Turn:
    event = said.event
    if event is Event.NEXT:
        return _onward(session)
    if event in (Event.SKIP, Event.FINISH):
        return _cut_short(session, event)
    if event in (Event.BACK, Event.RESTART, Event.SWAP_SIDE):
        return _backward(session, event)
    if event is Event.HURTS:
        return Turn(replace(session, phase=Phase.PAIN_CHECK), (Say.HURTS,))
    simple = {
        Event.HELP: Say.HELP, Event.NO_BALL: Say.NO_BALL_NEEDED, Event.WHICH_NUMBER:
        Say.WHICH_NUMBER, Event.TOO_HARD: Say.EASIER, Event.FELT_HARD: Say.EASIER,
    }  # fmt: skip
    if event in simple:
        return Turn(session, (simple[event],), said_number=said.number)
    return _count(session, said)


def _count(session: Session, said: Said) -> Turn:
    counted = counting.count(session.current, session.count, said)
    if counted is None:
        return Turn(session)
    told = replace(session, count=counted.count)
    if counted.is_complete:
        onward = _onward(told)
        return replace(onward, say=(counted.say, *onward.say))
    return Turn(told, (counted.say,))


def _at(session: Session, step: int) -> Session:
    return replace(session, phase=Phase.STEP, step=step, count=0)


def _onward(session: Session) -> Turn:
    if session.step == len(session.details.steps) - 1:
        return Turn(replace(session, phase=Phase.PAIN_AFTER), (Say.WELL_DONE,))
    return Turn(_at(session, session.step + 1))


def _backward(session: Session, event: Event) -> Turn:
    """Goes back a step or to the first one, on the same side or the other."""
    if event is Event.SWAP_SIDE:
        if not session.details.one_sided:
            return Turn(session, (Say.SWAP_NOT_NEEDED,))
        swapped = replace(_at(session, 0), second_side=not session.second_side)
        return Turn(swapped, (Say.SWAPPED,))
    if event is Event.RESTART:
        return Turn(_at(session, 0), (Say.RESTARTED,))
    if session.step == 0:
        return Turn(session, (Say.FIRST_STEP,))
    return Turn(_at(session, session.step - 1))


def _cut_short(session: Session, event: Event) -> Turn:
    """Skips the step, or finishes the exercise before its last step."""
    last = session.step == len(session.details.steps) - 1
    short = replace(session, partial=True)
    if event is Event.SKIP and not last:
        return Turn(_at(short, session.step + 1), (Say.SKIPPED,))
    return Turn(replace(short, phase=Phase.PAIN_AFTER), (Say.ENOUGH,))
