"""Weighs what the rules found against the learned second opinion: pure functions.

The second opinion may raise a level or ask. Where it sees no sign, an alarm of the rules becomes
its direct question: a yes, not sure, or (bladder, bowel, saddle) no answer brings the alarm back.
No alarm of the rules ever ends in silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, log
from pathlib import Path

from bot.safety.findings import Screening, Status
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
    """

    levels: Mapping[Urgency, float]
    pathology: str

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
    """How the evidence is weighed (made by ``training/calibrate.py``).

    Attributes:
        sign: Weight of each piece of evidence for a danger sign, with ``bias``.
        emergency: The same for an emergency.
        alarm: Probability of a sign from which a level is given.
        ask: Probability of a sign from which the direct question is asked.
        certain: Probability of an emergency from which an emergency level is given.
        ask_emergency: Probability of an emergency from which a lower level comes with a question.
    """

    sign: Mapping[str, float]
    emergency: Mapping[str, float]
    alarm: float
    ask: float
    certain: float
    ask_emergency: float


def read_judgement(path: Path) -> Judgement:
    """Reads a judgement file."""
    return Judgement(**json.loads(path.read_text(encoding="utf-8")))


def evidence(rules: Screening, estimate: Estimate) -> dict[str, float]:
    """Returns what speaks for and against a danger sign, as named numbers."""
    statuses = {finding.status for finding in rules.findings}
    alarm = rules.level >= Urgency.PHYSICIAN_SOON
    return {
        "estimated_sign": _log_odds(estimate.sign),
        "estimated_emergency": _log_odds(estimate.emergency),
        **{
            f"rules_{level.label}": float(rules.level is level)
            for level in Urgency
            if level >= Urgency.PHYSICIAN_SOON
        },
        "rules_alarm_acute": float(alarm and rules.acute),
        "acute": float(rules.acute),
        "rules_ask": float(rules.ask is not None),
        "denies": float(rules.denies),
        "denies_only": float(rules.denies and not (alarm or rules.ask)),
        "negated": float(Status.NEGATED in statuses),
        "not_theirs": float(bool(statuses & {Status.HYPOTHETICAL, Status.OTHER_PERSON})),
        "resolved": float(Status.RESOLVED in statuses),
        "rules_found_nothing": float(not rules.findings),
    }


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return log(kept / (1 - kept))


def probability(weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Returns the probability that weighted evidence gives."""
    score = weights["bias"] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + exp(-max(min(score, 50.0), -50.0)))


def merge(rules: Screening, estimate: Estimate, judgement: Judgement) -> Screening:
    """Adds the second opinion to what the rules found.

    Args:
        rules: The rules' screening.
        estimate: The second opinion.
        judgement: How the evidence is weighed.

    Returns:
        The rules' screening, raised, or with a question.
    """
    found = evidence(rules, estimate)
    sign = probability(judgement.sign, found)
    emergency = probability(judgement.emergency, found)
    alarm = rules.level >= Urgency.PHYSICIAN_SOON
    level, pathology = Urgency.NONE, None
    if sign >= judgement.alarm:
        level, pathology = _level(rules, estimate, emergency >= judgement.certain)
    if level >= Urgency.PHYSICIAN_SOON:
        kept = replace(rules, level=level, pathology=pathology, ask=None)
        in_doubt = not level.is_emergency and emergency >= judgement.ask_emergency
        return _asking(kept, estimate, rules.settles if alarm else None) if in_doubt else kept
    if alarm:
        doubted = replace(rules, level=Urgency.NONE, pathology=None)
        return _asking(doubted, estimate, rules.settles, rules.level)
    if sign >= judgement.ask:
        return rules if rules.ask else _asking(rules, estimate, None)
    return replace(rules, ask=None, ask_level=Urgency.NONE)


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
