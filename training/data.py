"""The labelled messages that the encoder is fine-tuned on, and their fixed split."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent

LEVELS = ["none", "physician_soon", "same_day", "er_now", "call_911", "crisis"]
EMERGENCIES = {"er_now", "call_911", "crisis"}

# In messages with these intents a danger sign may well be told, so they are no negatives.
MAY_HOLD_SIGNS = {
    "been_seen",
    "describe_pain",
    "false_alarm",
    "faq/when_to_see_doctor",
    "out_of_scope",
    "pain_increased",
    "report_pain",
}

_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_TEST_SHARE = 0.08


@dataclass(frozen=True)
class Example:
    """A message and what is known of it.

    Attributes:
        text: The message.
        group: Messages with the same group fall on the same side of the split.
        intent: The full intent name, or None where it is not labelled.
        level: The urgency, or None where it is not labelled.
        category: The pathology, or None where it is not labelled.
    """

    text: str
    group: str
    intent: str | None = None
    level: str | None = None
    category: str | None = None

    @property
    def held_back(self) -> bool:
        """Whether the fixed split uses this message for evaluation only."""
        digest = hashlib.sha256(self.group.encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32 < _TEST_SHARE

    @property
    def ordinary(self) -> bool:
        """Whether this is an intent example that surely holds no danger sign."""
        return self.intent is not None and self.intent not in MAY_HOLD_SIGNS


def load(root: Path = ROOT) -> list[Example]:
    """Reads all training messages, each text once; a danger label wins over an intent."""
    texts: dict[str, Example] = {}
    for example in [*_safety(root / "data" / "safety"), *_intents(root / "data" / "nlu")]:
        texts.setdefault(" ".join(example.text.lower().split()), example)
    return list(texts.values())


def load_spent(root: Path = ROOT) -> list[Example]:
    """Reads the messages that were held out once and have been learnt from since."""
    return list(_rows(root / "data" / "safety" / "dev.jsonl"))


def plain_examples(path: Path) -> Iterator[tuple[str, str]]:
    """Yields the examples of a training file, without entity marks, with their full intents."""
    for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in item.get("examples", "").splitlines() if "intent" in item else ():
            if line.startswith("- "):
                yield _ENTITY.sub(r"\1", line[2:]).strip(), item["intent"]


def _intents(folder: Path) -> Iterator[Example]:
    for path in _files(folder.glob("*.yml")):
        for text, intent in plain_examples(path):
            yield Example(text, group=text.lower(), intent=intent)


def _safety(folder: Path) -> Iterator[Example]:
    for path in _files(folder.glob("s*.jsonl")):
        yield from _rows(path)


def _rows(path: Path) -> Iterator[Example]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        group = row.get("pair") or row["text"].lower()
        yield Example(row["text"], str(group), level=row["level"], category=row["category"])


def _files(paths: Iterable[Path]) -> list[Path]:
    """Leaves out held-out messages, whatever the folder."""
    return [path for path in sorted(paths) if "heldout" not in path.name]
