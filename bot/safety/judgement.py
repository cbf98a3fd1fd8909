"""Weighs what the rules found against the learned second opinion: pure functions.

The second opinion may raise a level or ask. An alarm of the rules that it doubts becomes the
sign's direct question: a yes, not sure, or (bladder, bowel, saddle) no answer brings the alarm
back. Only where it is nearly certain that the words mean something else ("my butt went numb on the
bleachers and woke up") do they count as no sign, and never those of a firm sign; how often that
hides a true one is measured by ``training/calibrate.py``. Where the second opinion cannot be
loaded, every alarm of the rules stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.safety.findings import Screening
from bot.safety.urgency import Urgency

JUDGEMENT = "judgement.json"
# The direct question that settles a suspicion of each pathology.
QUESTION_OF = {
    # All its signs in one: a no must clear every one of them, and each alone is an emergency.
    "cauda_equina": "cauda",
    "cord_compression": "band",
    "cancer": "cancer",
    "fracture": "fall",
    "infection": "fever",
    "vascular": "belly_pulse",
    "cardiac": "chest",
    "neuro_deficit": "one_leg",
    "inflammatory": "eye",
    "renal_visceral": "urine",
    "pregnancy": "pregnancy",
    "child": "age",
    "post_procedure": "procedure",
    "overdose": "overdose",
    "crisis": "crisis",
}


@dataclass(frozen=True)
class Estimate:
    """What the model makes of a message.

    Attributes:
        levels: Probability of each level, ``NONE`` for no danger sign.
        pathology: The likeliest pathology, given that there is a sign.
        brief: Whether the message is of a few words, of which the model makes little.
    """

    levels: Mapping[Urgency, float]
    pathology: str
    brief: bool = False

    @property
    def sign(self) -> float:
        """Returns the probability that the message holds a danger sign."""
        return 1.0 - self.levels[Urgency.NONE]

    @property
    def emergency(self) -> float:
        """Returns the probability that the message is an emergency."""
        return sum(p for level, p in self.levels.items() if level.is_emergency)

    def likeliest(self, emergency: bool) -> Urgency:
        """Returns the likeliest level among the emergencies, or among the other levels."""
        among = [
            level
            for level in self.levels
            if level is not Urgency.NONE and level.is_emergency == emergency
        ]
        return max(among, key=lambda level: self.levels[level])


@dataclass(frozen=True)
class Judgement:
    """From which probability on what is done (chosen by ``training/calibrate.py``).

    Attributes:
        alarm: Of a sign: a level is given, whatever the rules found.
        confirm: Of a sign: an alarm of the rules is given as it is, without asking.
        ask: Of a sign: the direct question is asked, whatever the rules found.
        ask_brief: The same, for a message of a few words of which the rules know nothing.
        doubt: Of a sign: an alarm of the rules is asked about. Below it the second opinion is so
            sure of another meaning that the words are taken for no sign, unless one is firm.
        firm: Signs whose words were nearly always right in the labelled messages: their alarm is
            at least asked about, whatever the second opinion makes of it.
        sure: Signs whose alarm stands, whatever the second opinion makes of it.
        certain: Of an emergency: the level is one.
        ask_emergency: Of an emergency: a lower level comes with the direct question.
    """

    alarm: float
    confirm: float
    ask: float
    ask_brief: float
    doubt: float
    certain: float
    ask_emergency: float
    firm: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()


def read_judgement(path: Path) -> Judgement:
    """Reads a judgement file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Judgement(
        **{**content, "firm": tuple(content["firm"]), "sure": tuple(content.get("sure", ()))}
    )


def merge(rules: Screening, estimate: Estimate, judgement: Judgement) -> Screening:
    """Adds the second opinion to what the rules found.

    Args:
        rules: The rules' screening.
        estimate: The second opinion.
        judgement: How the evidence is weighed.

    Returns:
        The rules' screening, raised, or with a question.
    """
    alarm = rules.level >= Urgency.PHYSICIAN_SOON
    if estimate.sign >= (judgement.confirm if alarm else judgement.alarm):
        level, pathology = _level(rules, estimate, estimate.emergency >= judgement.certain)
        kept = replace(rules, level=level, pathology=pathology, ask=None, ask_level=Urgency.NONE)
        in_doubt = not level.is_emergency and estimate.emergency >= judgement.ask_emergency
        return _asking(kept, estimate, rules.settles if alarm else None) if in_doubt else kept
    quiet = replace(rules, level=Urgency.NONE, pathology=None, ask=None, ask_level=Urgency.NONE)
    if alarm and _holds(rules, judgement.sure):
        return rules
    if alarm and (estimate.sign >= judgement.doubt or _holds(rules, judgement.firm)):
        return _asking(quiet, estimate, rules.settles, rules.level)
    unknown = estimate.brief and not rules.findings
    if estimate.sign >= (judgement.ask_brief if unknown else judgement.ask):
        return rules if rules.ask and not alarm else _asking(quiet, estimate, None)
    return quiet


def _holds(rules: Screening, names: tuple[str, ...]) -> bool:
    """Tells whether the rules' alarm rests on one of these signs."""
    return any(
        finding.level >= Urgency.PHYSICIAN_SOON and finding.sign in names
        for finding in rules.findings
    )


def _asking(
    screening: Screening, estimate: Estimate, settles: str | None, least: Urgency = Urgency.NONE
) -> Screening:
    """Adds the direct question of a doubtful sign.

    Args:
        screening: What is known.
        estimate: The second opinion, for signs that the rules know nothing of.
        settles: The question of the sign that the rules found, if any.
        least: The level of the rules' alarm: a yes never means less.
    """
    if settles:
        return replace(screening, ask=settles, ask_level=least)
    likely = estimate.likeliest(emergency=estimate.emergency >= estimate.sign / 2)
    if estimate.pathology == "neuro_deficit" and likely is Urgency.CALL_911:
        return replace(screening, ask="stroke")
    if estimate.pathology == "pregnancy" and not likely.is_emergency:
        return replace(screening, ask="expecting")
    return replace(screening, ask=QUESTION_OF[estimate.pathology])


def _level(rules: Screening, estimate: Estimate, certain: bool) -> tuple[Urgency, str | None]:
    """Returns the level of a message that surely holds a sign."""
    estimated = estimate.likeliest(emergency=certain)
    if estimated > rules.level:
        return estimated, estimate.pathology
    return rules.level, rules.pathology
