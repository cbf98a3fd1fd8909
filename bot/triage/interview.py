"""The screening interview: which question comes next, and what the answers mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.entities.changed_mind import without_wish
from bot.entities.yes_no import Answer, read_answer
from bot.safety.urgency import Urgency
from bot.yaml_text import read_yaml

_CHOICES = {
    "both": re.compile(r"\b(both|two|las dos|ambas)\b"),
    "one": re.compile(r"\b(one|left|right|single|una|izquierda|derecha)\b"),
    "pregnant": re.compile(r"\b(pregnan\w*|expecting|baby|embarazada)\b"),
    "procedure": re.compile(
        r"\b(surger\w*|procedure|injection|operation|operated|epidural|shot)\b"
    ),
    "hard": re.compile(
        r"\b(crash\w*|wreck\w*|car|truck|motorcycle|bike|horse|ladder|roof|stairs|height|hard|high"
        r"|hit|tackled?)\b"
    ),
    "small": re.compile(
        r"\b(small|little|minor|slip\w*|trip\w*|stumbl\w*|sneez\w*|cough\w*|lift\w*|bent|bend\w*)\b"
    ),
}
_NEGATED = re.compile(r"\b(not|no|never|neither|nor|without|\w+n't) (\w+ ){0,2}$")
_ONLY = re.compile(r"\b(just|only|but)\b")
# "Fine" answers a question about trouble with no; "ok" to it is no answer at all.
_NO_TROUBLE = re.compile(
    r"^\W*((i'?m|i am|it'?s|that'?s|all|everything'?s?|is|still|totally|just|perfectly|pretty) )*"
    r"(fine|normal|good|great|healthy)\b"
)
_NO_ANSWER = re.compile(r"^\W*(ok(ay)?|k+|sure|right|go ahead|alright)\W*$")
_AGE = re.compile(r"\b(\d{1,3})\b")
_ALMOST = re.compile(r"\b(under|not|almost|nearly|turning)\b")
ADULT_FROM = 18
UNCLEAR = "unclear"


@dataclass(frozen=True)
class ScreenQuestion:
    """One question of the interview.

    Attributes:
        name: The slot that holds its answer.
        label: How the summary names what was asked.
        pathology: What it looks for.
        choices: Answers besides yes, no and unsure.
        levels: The urgency that an answer means; answers that are not listed mean none.
        pathology_of: Answers that point to another pathology.
        asks_age: Whether it asks for adulthood, which an age answers too.
    """

    name: str
    label: str
    pathology: str
    choices: tuple[str, ...]
    levels: Mapping[str, Urgency]
    pathology_of: Mapping[str, str]
    asks_age: bool = False

    def level(self, answer: str) -> Urgency:
        """Returns the urgency that an answer means."""
        return self.levels.get(answer, Urgency.NONE)

    def suspected(self, answer: str) -> str:
        """Returns the pathology that an answer points to."""
        return self.pathology_of.get(answer, self.pathology)

    def read(self, text: str) -> str | None:
        """Reads the answer to this question from free text.

        Returns:
            ``yes``, ``no``, ``unsure`` or a choice; ``UNCLEAR`` for a word that answers nothing;
            None when the text is about something else.
        """
        lowered = text.lower().replace("\u2019", "'")
        if self.asks_age:
            return _read_age(lowered)
        answer = read_answer(text)
        plain: str | None = answer.value if answer else None
        if answer is Answer.NO:
            only = _ONLY.search(lowered)
            return (self._choice(lowered[only.end() :]) if only else None) or plain
        if _NO_TROUBLE.search(lowered):
            return "no"
        if _NO_ANSWER.search(lowered):
            return UNCLEAR
        return self._choice(lowered) or plain

    def _choice(self, lowered: str) -> str | None:
        """Reads one of the question's choices; no where all that are named are negated."""
        negated, lowered = False, without_wish(lowered)
        for choice in self.choices:
            for found in _CHOICES[choice].finditer(lowered):
                if not _NEGATED.search(lowered[: found.start()]):
                    return choice
                negated = True
        return "no" if negated else None


def _read_age(lowered: str) -> str | None:
    """Reads whether someone is an adult: from an age, else from yes or no."""
    ages = [int(found) for found in _AGE.findall(lowered)]
    if ages and ages[0] != ADULT_FROM:
        return "yes" if ages[0] > ADULT_FROM else "no"
    answer = read_answer(lowered)
    if answer is None and ages:
        return "no" if _ALMOST.search(lowered) else "yes"
    plain: str | None = answer.value if answer else None
    return plain


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
            label=entry["label"],
            pathology=entry["pathology"],
            choices=tuple(entry.get("choices", ())),
            levels={_label(key): Urgency.of(level) for key, level in entry["levels"].items()},
            pathology_of=entry.get("pathology_of", {}),
            asks_age=entry.get("asks_age", False),
        )
        for entry in read_yaml(text)["questions"]
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


_SPOKEN = {
    "yes": "yes", "no": "no", "unsure": "not sure", "one": "in one leg", "both": "in both legs",
    "pregnant": "pregnant", "procedure": "surgery or a shot",
}  # fmt: skip


def summary(answers: Mapping[str, str]) -> str:
    """Returns the answers as lines that a patient can show to a doctor or therapist."""
    return "\n".join(
        f"- {question.label.capitalize()}: {_SPOKEN[answers[question.name]]}"
        for question in screen_questions()
        if question.name in answers
    )


def reason(result: Disposition, answers: Mapping[str, str]) -> str:
    """Returns why the interview ends as it does, in plain words."""
    question = question_named(result.because)
    if question is None:
        return "none of your answers was a warning sign"
    return f'you answered "{_SPOKEN[answers[question.name]]}" on {question.label}'
