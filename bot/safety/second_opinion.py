"""A learned second opinion on a message: it may raise the level or ask, never lower the level.

The sentence encoder was fine-tuned on the project's own labelled messages (``training/``); its
file, its heads and the thresholds lie in ``bot/safety/model``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.encoder.errors import EncoderError
from bot.safety.findings import Screening
from bot.safety.questions import questions
from bot.safety.urgency import Urgency

if TYPE_CHECKING:
    from bot.encoder.heads import Head
    from bot.encoder.model import SentenceEncoder

logger = logging.getLogger("backcoach.safety")

MODEL = Path(__file__).parent / "model"
THRESHOLDS = "thresholds.json"
# The direct question that settles a suspicion of each pathology.
QUESTION_OF = {
    "cauda_equina": "saddle",
    "cord_compression": "band",
    "cancer": "cancer",
    "fracture": "fall",
    "infection": "fever",
    "vascular": "belly_pulse",
    "cardiac": "chest",
    "neuro_deficit": "one_leg",
    "inflammatory": "night_pain",
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
    def level(self) -> Urgency:
        """Returns the level that half of the probability of a sign reaches or exceeds."""
        reached = 0.0
        for level in sorted(self.levels, reverse=True):
            if level is Urgency.NONE:
                break
            reached += self.levels[level]
            if reached >= self.sign / 2:
                return level
        return Urgency.NONE


@dataclass(frozen=True)
class Thresholds:
    """Probabilities of a sign from which the second opinion acts.

    Attributes:
        ask: Asks the direct question.
        urgent: Raises to the estimated level.
        confirm: Lets an alarm of the rules stand for a sign that the message does not call new
            or worse; below it the direct question comes first.
    """

    ask: float
    urgent: float
    confirm: float


class SecondOpinion:
    """The encoder with its heads.

    Args:
        encoder: The fine-tuned encoder.
        level: The head over the levels.
        category: The head over the pathologies.
    """

    def __init__(self, encoder: SentenceEncoder, level: Head, category: Head) -> None:
        self._encoder, self._level, self._category = encoder, level, category
        self._levels = [Urgency.of(name) for name in level.classes]
        self._pathologies = [
            (column, name) for column, name in enumerate(category.classes) if name != "none"
        ]

    def estimate(self, text: str) -> Estimate:
        """Estimates level and pathology of a message."""
        embedding = self._encoder.encode([text])
        levels = self._level.probabilities(embedding)[0]
        categories = self._category.probabilities(embedding)[0]
        _, pathology = max(self._pathologies, key=lambda entry: float(categories[entry[0]]))
        return Estimate(dict(zip(self._levels, (float(p) for p in levels), strict=True)), pathology)


@lru_cache(maxsize=1)
def second_opinion() -> tuple[SecondOpinion, Thresholds] | None:
    """Returns the second opinion, loaded once; None, with an error logged, where it is damaged."""
    # Here, so that processes that only need the levels do not load the ONNX runtime.
    from bot.encoder.heads import HEADS, read_heads
    from bot.encoder.model import shared_encoder

    try:
        encoder = shared_encoder(MODEL)
        heads = read_heads(MODEL / HEADS, encoder.identity)
        thresholds = Thresholds(**json.loads((MODEL / THRESHOLDS).read_text(encoding="utf-8")))
    except (EncoderError, OSError, ValueError, TypeError) as error:
        logger.error("Screening by rules alone, the second opinion cannot be loaded: %s", error)
        return None
    return SecondOpinion(encoder, heads["level"], heads["category"]), thresholds


def merge(rules: Screening, estimate: Estimate, thresholds: Thresholds) -> Screening:
    """Adds the second opinion to what the rules found.

    Args:
        rules: The rules' screening.
        estimate: The second opinion.
        thresholds: From which probabilities it acts.

    Returns:
        The rules' screening, raised, or with a question. An alarm of the rules becomes its direct
        question only where the message does not say that the sign is new or worse and the second
        opinion sees none either; a yes, not sure, or (bladder, bowel, saddle) no answer brings
        the alarm back.
    """
    if estimate.sign >= thresholds.urgent and estimate.level > rules.level:
        return replace(rules, level=estimate.level, pathology=estimate.pathology, ask=None)
    if rules.level >= Urgency.PHYSICIAN_SOON:
        doubtful = not rules.acute and estimate.sign < thresholds.confirm
        question = _question(rules.pathology)
        if doubtful and questions()[question].level >= rules.level:
            return replace(rules, level=Urgency.NONE, pathology=None, ask=question)
        return rules
    if rules.ask is None and estimate.sign >= thresholds.ask:
        return replace(rules, ask=_question(estimate.pathology))
    return rules


def _question(pathology: str | None) -> str:
    return QUESTION_OF[pathology or "cauda_equina"]
