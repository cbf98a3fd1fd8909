"""Questions that the bot did not understand: made examples of an intent, or dismissed."""

from __future__ import annotations

import re

from starlette.responses import Response

from bot.console.keys import patient_link
from bot.console.pages import Call, RefusedError, go, render
from bot.examples import ExampleError, add_to_folder
from bot.settings import NLU_DATA
from bot.store import audit
from bot.store.inbox import Missed, missed, missed_one
from bot.store.records import close_unanswered

_INTENT = re.compile(r"^- intent: (\S+)$", re.MULTILINE)


def intents() -> list[tuple[str, str]]:
    """Returns the intents that have examples, with their names in words, by these names."""
    names = {
        name
        for path in NLU_DATA.glob("*.yml")
        for name in _INTENT.findall(path.read_text(encoding="utf-8"))
    }
    return sorted(((name, intent_words(name)) for name in names), key=lambda pair: pair[1])


def intent_words(name: str) -> str:
    """Returns an intent's name in words: "faq/heat_or_ice" is "Question: heat or ice"."""
    topic, _, question = name.partition("/")
    said = (question or topic).replace("_", " ")
    return f"Question: {said}" if question else f"{said[:1].upper()}{said[1:]}"


def questions(call: Call) -> Response:
    """Shows the messages that were not understood and not reviewed yet."""
    audit.record(call.actor, "view list", detail="questions")
    return render(call, "questions.html", missed=missed())


def _one(call: Call) -> Missed:
    found = missed_one(call.number())
    if found is None:
        raise RefusedError(404, "That message is not on the list any more.")
    return found


def question(call: Call) -> Response:
    """Shows one of them with the form to learn from it."""
    one = _one(call)
    audit.record(call.actor, "view", one.sender_id, "question")
    return _question(call, one, one.text)


def _question(call: Call, one: Missed, wording: str, error: str = "") -> Response:
    every = intents()
    known = dict(every)
    nearest = [(name, known[name]) for name in re.findall(r"[\w/]+", one.nearest) if name in known]
    return render(
        call, "question.html", 400 if error else 200,
        one=one, wording=wording, nearest=nearest, intents=every, error=error,
        chosen=call.form.get("intent", nearest[0][0] if nearest else ""),
        patient=patient_link(one.sender_id),
    )  # fmt: skip


def accept(call: Call) -> Response:
    """Makes a message, as staff have worded it, an example of an intent."""
    one = _one(call)
    wording, intent = call.form.get("wording", "")[:500], call.form.get("intent", "")
    if intent not in dict(intents()):
        return _question(call, one, wording, "Please choose what the patient meant.")
    try:
        add_to_folder(NLU_DATA, intent, wording)
    except ExampleError as error:
        return _question(call, one, wording, str(error))
    except OSError:
        why = "The training files cannot be written by the console here: ask who runs the bot."
        return _question(call, one, wording, why)
    close_unanswered(one.id)
    audit.record(call.actor, "accept example", detail=intent)
    return go("/questions", "learnt")


def dismiss(call: Call) -> Response:
    """Takes a message off the list."""
    done = close_unanswered(call.number())
    if done:
        audit.record(call.actor, "dismiss question")
    return go("/questions", "dismissed" if done else "gone")
