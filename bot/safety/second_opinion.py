"""A learned second opinion on a message.

The sentence encoder was fine-tuned on the project's own labelled messages (``training/``); its
file and its heads lie in ``bot/safety/model``. What its estimate may do is in ``judgement``.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot.encoder.errors import EncoderError
from bot.safety.judgement import JUDGEMENT, Estimate, Judgement, read_judgement
from bot.safety.urgency import Urgency
from bot.yaml_text import read_yaml

if TYPE_CHECKING:
    from bot.encoder.heads import Head
    from bot.encoder.model import SentenceEncoder
    from bot.encoder.weights import Array

logger = logging.getLogger("backcoach.safety")

MODEL = Path(__file__).parent / "model"
FEW_WORDS = 4
# Of the word pieces of a message, how many must begin a word: gibberish falls to pieces.
_LEAST_KNOWN = 0.55
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = (
    r"(?:numb(?:ness)?|tingl(?:y|ing)|weak(?:ness)?|dizz(?:y|iness)|faint|chest pain|leg pain|"
    r"pins and needles|fever|nause(?:a|ous))"
)
# "My leg is not numb or anything, next": one denial from its first word to its last.
_DENIAL = re.compile(
    r"^\W*(?:(?:ok|okay|well|nope|no|and|yes|yeah|still),? )*"
    r"(?:(?:my|the) (?:left |right |other )?(?:legs?|foot|feet) (?:is|are|feels?) |"
    r"i(?:'?m| am|t'?s|t is| have| feel|'?ve got) |there(?:'?s| is) |i don'?t have )?"
    rf"(?:(?:not|no|isn'?t|aren'?t) (?:any )?|any ){_SIGN}"
    rf"(?:,? or (?:any |no )?{_SIGN}|,? (?:and )?no {_SIGN})*"
    r"(?: or anything| or whatever)?(?: at all| right now| now| so far| today| here)*"
    r"[,.!;]*(?: (?:so|and|just))*"
    r"(?: (?:next|going on|go on|let'?s go on|continue|moving on|done|ok))?"
    r"\W*$"
)

# "I take warfarin every day, btw": a fact for the ball questions, from its first word to its last.
# A dose, a fall or a symptom beside it, or "took", is for the model as ever.
_OPENS = r"^\W*(?:(?:hi|hey|hello|btw|by the way|fyi|also|and|well|ok|okay|oh|yes|yeah|yep|so),? )*"
_CLOSES = (
    r"(?:,? (?:btw|by the way|fyi|too|also|though|actually|now|currently|"
    r"so no balls?(?: please)?))*\W*$"
)
_THINNER = (
    r"(?:warfarin|coumadin|jantoven|eliquis|apixaban|xarelto|rivaroxaban|pradaxa|dabigatran|"
    r"savaysa|edoxaban|lovenox|heparin|plavix|clopidogrel|brilinta|effient|"
    r"(?:a |my |some )?blood[ -]?thinn?ers?)"
)
_TAKES = (
    r"(?:(?:i(?:'?m| am|'?ve been| have been)? )?(?:take|taking|on|use|using) |"
    r"(?:my|the) doctor (?:has|put) me on |i was put on |"
    r"i(?:'?ve| have)? (?:stopped|quit|no longer|don'?t|do not|used to|never)"
    r"(?: (?:take|taking|use|using|on|took))? (?:any )?)?"
)
_WHEN = (
    r"(?: (?:daily|every ?day|every (?:morning|night|evening)|once a day|long[- ]term|any ?more|"
    r"last (?:week|month|year)|a (?:week|month|year) ago|(?:weeks|months|years) ago|"
    r"for (?:a-?fib|atrial fibrillation|my heart|my heart rhythm)))*"
)
_PLAIN_FACT = re.compile(
    rf"{_OPENS}{_TAKES}(?:\w+ly )?{_THINNER}{_WHEN}{_CLOSES}|"
    rf"{_OPENS}(?:i )?(?:can'?t|cannot|can not) (?:lie|lay) (?:face ?down|(?:down )?on (?:my|the) "
    rf"(?:belly|stomach|tummy|front)){_CLOSES}"
)
# The call of nature in an exercise; only with a word that says that one will be back.
_BACK = r"(?:brb|be right back|hold on|wait|one (?:sec|second|moment|min|minute)|real quick|pause)"
_BREAK = re.compile(
    rf"^(?=.*\b{_BACK}\b)\W*(?:(?:{_BACK}|ok|okay|sorry|and|oh)\W+)*(?:i(?:'?ll)? )?(?:just )?"
    r"(?:need(?: to)?|have to|gotta|got to|want to|wanna|must) (?:go )?(?:to )?"
    rf"(?:pee|use (?:the )?(?:bathroom|restroom|toilet)|(?:the )?(?:bathroom|restroom|toilet))"
    rf"(?:\W+(?:{_BACK}|first|now|ok|sorry))*\W*$"
)
_BREAK_CHARACTERS = 80


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

    def can_judge(self, text: str) -> bool:
        """Tells whether a message holds enough for an estimate.

        It does not where it is nothing but plain words of back pain, or no words at all: the
        model has learnt from people's stories, and short or senseless text is none.
        """
        words = _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))
        if all(word in plain_words() for word in words):
            return False
        return self._encoder.known_share(text) >= _LEAST_KNOWN

    def estimate(self, text: str) -> Estimate:
        """Estimates level and pathology of a message."""
        embedding = self._encoder.evidence([_whole(text)])
        levels = self._level.probabilities(embedding)[0]
        categories = self._category.probabilities(embedding)[0]
        _, pathology = max(self._pathologies, key=lambda entry: float(categories[entry[0]]))
        shares = dict(zip(self._levels, (float(p) for p in levels), strict=True))
        return Estimate(shares, pathology, brief=len(_WORD.findall(text)) <= FEW_WORDS)

    def known(self, text: str) -> Array | None:
        """Returns the encoder's row of a message that was estimated before, if it is kept."""
        return self._encoder.known(_whole(text))

    def take_over(self, text: str, row: Array) -> None:
        """Keeps the row that the same encoder made of a message in another process."""
        self._encoder.take_over(_whole(text), row)

    def forget(self) -> None:
        """Lets go of the messages that were estimated."""
        self._encoder.forget()


def _whole(text: str) -> str:
    """Returns a text without halves of surrogate pairs, which the tokenizer cannot read."""
    return text.encode(errors="replace").decode()


def is_denial(text: str) -> bool:
    """Tells whether a message does nothing but deny signs by their plain names."""
    lowered = text.lower().replace("\u2019", "'")
    negated = re.search(r"\b(?:not|no|isn'?t|aren'?t|don'?t)\b", lowered)
    return negated is not None and _DENIAL.match(lowered) is not None


def is_plain_fact(text: str) -> bool:
    """Tells whether a message does nothing but name a blood thinner, or how one cannot lie.

    The model has learnt such words from people's stories of harm; alone they are no sign.
    """
    return _PLAIN_FACT.match(text.lower().replace("\u2019", "'")) is not None


def is_break(text: str) -> bool:
    """Tells whether a message only leaves for the bathroom: "hold on, gotta pee, brb"."""
    return (
        len(text) <= _BREAK_CHARACTERS
        and _BREAK.match(text.lower().replace("\u2019", "'")) is not None
    )


@lru_cache(maxsize=1)
def plain_words() -> frozenset[str]:
    """Returns the words of plain complaints (``plain.yml``)."""
    text = resources.files("bot.safety").joinpath("plain.yml").read_text(encoding="utf-8")
    return frozenset(read_yaml(text)["words"].split())


def open_second_opinion(folder: Path | None = None) -> SecondOpinion:
    """Loads the encoder and its heads.

    Raises:
        EncoderError: If they are missing, damaged, or do not belong together.
    """
    # Here, so that processes that only need the levels do not load the ONNX runtime.
    from bot.encoder.heads import HEADS, read_heads
    from bot.encoder.model import shared_encoder

    encoder = shared_encoder(folder or MODEL)
    heads = read_heads((folder or MODEL) / HEADS, encoder.identity)
    return SecondOpinion(encoder, heads["level"], heads["category"])


@lru_cache(maxsize=1)
def second_opinion() -> tuple[SecondOpinion, Judgement] | None:
    """Returns the second opinion, loaded once; None, with an error logged, where it is damaged."""
    try:
        return open_second_opinion(), read_judgement(MODEL / JUDGEMENT)
    except (EncoderError, OSError, ValueError, KeyError, TypeError) as error:
        logger.error("Screening by rules alone, the second opinion cannot be loaded: %s", error)
        return None
