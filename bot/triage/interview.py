"""The screening interview: which question comes next, and what the answers mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from bot.entities.yes_no import Answer, read_answer
from bot.safety.urgency import Urgency

_CHOICES = {
    "both": re.compile(r"\b(both|two|las dos|ambas)\b"),
    "one": re.compile(r"\b(one|left|right|single|una|izquierda|derecha)\b"),
    "pregnant": re.compile(r"\b(pregnan\w*|expecting|baby|embarazada)\b"),
    "procedure": re.compile(
        r"\b(surger\w*|procedure|injection|operation|operated|epidural|shot)\b"
    ),
}


@dataclass(frozen=True)
class ScreenQuestion:
    """One question of the interview.

    Attributes:
        name: The slot that holds its answer.
        pathology: What it looks for.
        choices: Answers besides yes, no and unsure.
        levels: The urgency that an answer means; answers that are not listed mean none.
        pathology_of: Answers that point to another pathology.
    """

    name: str
    pathology: str
    choices: tuple[str, ...]
    levels: Mapping[str, Urgency]
    pathology_of: Mapping[str, str]

    def level(self, answer: str) -> Urgency:
        """Returns the urgency that an answer means."""
        return self.levels.get(answer, Urgency.NONE)

    def suspected(self, answer: str) -> str:
        """Returns the pathology that an answer points to."""
        return self.pathology_of.get(answer, self.pathology)

    def read(self, text: str) -> str | None:
        """Reads the answer to this question from free text; None when it answers another."""
        plain = read_answer(text)
        if plain is not Answer.NO:
            for choice in self.choices:
                if _CHOICES[choice].search(text.lower()):
                    return choice
        return plain.value if plain else None


@dataclass(frozen=True)
class Disposition:
    """What the interview ends in.

    Attributes:
        level: The urgency of all answers together.
        pathology: The pathology that decided it, or None.
        because: The name of the deciding question, or None.
    """

    level: Urgency
    pathology: str | None = None
    because: str | None = None


@lru_cache(maxsize=1)
def screen_questions() -> tuple[ScreenQuestion, ...]:
    """Returns the interview's questions in their order."""
    text = resources.files("bot.triage").joinpath("questions.yml").read_text(encoding="utf-8")
    return tuple(
        ScreenQuestion(
            name=entry["name"],
            pathology=entry["pathology"],
            choices=tuple(entry.get("choices", ())),
            levels={_label(key): Urgency.of(level) for key, level in entry["levels"].items()},
            pathology_of=entry.get("pathology_of", {}),
        )
        for entry in yaml.safe_load(text)["questions"]
    )


def _label(key: object) -> str:
    """Undoes YAML's reading of a bare yes or no as a boolean."""
    return {True: "yes", False: "no"}.get(key, str(key)) if isinstance(key, bool) else str(key)


def question_named(name: str | None) -> ScreenQuestion | None:
    """Returns the question of that name, or None where there is none."""
    return next((question for question in screen_questions() if question.name == name), None)


def next_question(answers: Mapping[str, str]) -> ScreenQuestion | None:
    """Returns the first question that is still open; None when all are answered."""
    return next((q for q in screen_questions() if q.name not in answers), None)


def disposition(answers: Mapping[str, str]) -> Disposition:
    """Returns what the answers mean together: the most urgent one decides.

    Args:
        answers: Question name to answer (``yes``, ``no``, ``unsure`` or one of its choices).
    """
    worst = Disposition(Urgency.SELF_CARE)
    for question in screen_questions():
        answer = answers.get(question.name)
        if answer and question.level(answer) > worst.level:
            worst = Disposition(question.level(answer), question.suspected(answer), question.name)
    return worst
