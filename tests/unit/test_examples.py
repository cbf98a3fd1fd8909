"""Messages that were not understood become training examples."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.examples import ExampleError, add_example, add_to_folder, tidy
from bot.readings import choices, titles
from bot.settings import ROOT

FILE = """version: "3.1"
nlu:
# Opening hours.
- intent: faq/hours
  examples: |
    - when do you open
    - open on saturday?

- intent: faq/contact
  examples: |
    - where are you
"""


def _examples(content: str, intent: str) -> list[str]:
    found = {item["intent"]: item["examples"] for item in yaml.safe_load(content)["nlu"]}
    return [line[2:] for line in found[intent].splitlines()]


@pytest.mark.parametrize("intent", ["faq/hours", "faq/contact"])
def test_an_example_is_added_at_the_end_of_its_intent(intent: str) -> None:
    changed = add_example(FILE, intent, "  u open\nlate? ")
    assert changed is not None
    assert _examples(changed, intent)[-1] == "u open late?"
    assert "# Opening hours." in changed
    other = {"faq/hours": "faq/contact", "faq/contact": "faq/hours"}[intent]
    assert _examples(changed, other) == _examples(FILE, other)


def test_an_example_is_not_added_twice() -> None:
    with pytest.raises(ExampleError, match="already"):
        add_example(FILE, "faq/hours", "When do you OPEN")


def test_an_empty_example_is_refused() -> None:
    with pytest.raises(ExampleError, match="empty"):
        add_example(FILE, "faq/hours", " \n")


def test_brackets_never_become_entities() -> None:
    assert tidy("the [ball](exercise) {now}") == "the (ball)(exercise) (now)"


def test_an_unknown_intent_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "clinic.yml").write_text(FILE)
    with pytest.raises(ExampleError, match="bot unanswered"):
        add_to_folder(tmp_path, "faq/weather", "will it rain")
    assert (tmp_path / "clinic.yml").read_text() == FILE


def test_every_offered_reading_is_an_intent_with_examples() -> None:
    known = {
        item["intent"]
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for item in yaml.safe_load(path.read_text())["nlu"]
        if "intent" in item
    }
    assert set(titles()) <= known
    assert all(len(title) <= 30 for title in titles().values()), "it must fit a button"


def test_readings_are_offered_from_two_on_and_at_most_three() -> None:
    def ranked(*pairs: tuple[str, float]) -> list[dict[str, object]]:
        return [{"name": name, "confidence": confidence} for name, confidence in pairs]

    assert choices(ranked(("faq/hours", 0.1), ("greet", 0.1))) == []
    assert choices(ranked(("faq/hours", 0.1), ("faq/contact", 0.001))) == []
    near = choices(ranked(*((name, 0.1) for name in titles())))
    assert len(near) == 3
    assert near[0]["payload"] == f"/{next(iter(titles()))}"
