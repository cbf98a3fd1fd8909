"""The questions that the clinic answers, with their answers, sources and groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.replies import plain_response, responses
from bot.settings import ROOT
from bot.yaml_text import read_yaml

PREFIX = "utter_faq/"
CHANNEL = "web"


@dataclass(frozen=True)
class Answer:
    """One question and its answer.

    Attributes:
        topic: Its name, as in the intent ``faq/topic``.
        question: The question in a patient's words.
        text: The answer, in the markup of the responses, with the clinic's facts.
        sources: The full citations behind it.
        group: The title of its group.
    """

    topic: str
    question: str
    text: str
    sources: tuple[str, ...]
    group: str


@lru_cache(maxsize=1)
def groups() -> dict[str, tuple[Answer, ...]]:
    """Returns all answers by the title of their group, in the order of ``data/faq.yml``."""
    listed = read_yaml((ROOT / "data" / "faq.yml").read_text(encoding="utf-8"))
    citations = read_yaml((ROOT / "data" / "sources.yml").read_text(encoding="utf-8"))
    return {
        group["title"]: tuple(
            _answer(topic, group["title"], citations) for topic in group["topics"]
        )
        for group in listed
    }


@lru_cache(maxsize=1)
def answers() -> dict[str, Answer]:
    """Returns all answers by topic."""
    return {answer.topic: answer for group in groups().values() for answer in group}


def topics() -> set[str]:
    """Returns the topics for which there is a response."""
    return {name[len(PREFIX) :] for name in responses() if name.startswith(PREFIX)}


def _answer(topic: str, group: str, citations: dict[str, Any]) -> Answer:
    response = plain_response(f"{PREFIX}{topic}", CHANNEL)
    data = response["metadata"]
    sources = tuple(citations[code]["name"] for code in data["sources"])
    return Answer(topic, data["title"], response["text"].strip(), sources, group)
